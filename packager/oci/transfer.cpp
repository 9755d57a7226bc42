#include "packager/oci/transfer.h"

#include "packager/json.h"
#include "packager/oci/checked_sink.h"
#include "packager/oci/image_manifest.h"

#include <fmt/format.h>

namespace ecc {
namespace {

Result<void> check(const StoredManifest& stored, const Reference& reference) {
    if (std::string found = stored.descriptor().digest;
        !reference.digest.empty() && found != reference.digest)
        return wrong_digest(reference.text(), "manifest", found, reference.digest);
    ECC_CHECK(unambiguous_document(stored.text, stored.media_type, reference.text()));
    return {};
}

} // namespace

Result<StoredManifest> fetch_manifest(Store& store, const Reference& reference) {
    ECC_TRY(auto stored, store.get_manifest(reference.selector()));
    ECC_CHECK(check(stored, reference));
    return stored;
}

Result<std::optional<StoredManifest>> find_manifest(Store& store, const Reference& reference) {
    ECC_TRY(auto found, store.find_manifest(reference.selector()));
    if (found)
        ECC_CHECK(check(*found, reference));
    return found;
}

Result<void> put_missing_blob(Store& store, const Descriptor& blob, const BlobSource& content,
                              const Progress& progress) {
    ECC_TRY(bool present, store.has_blob(blob));
    if (present)
        return {};
    return store.put_blob(blob, content, progress);
}

Result<void> fetch_layer(Store& store, const Reference& reference, const Descriptor& layer, const Sink& sink,
                         const Progress& progress) {
    const std::string where = reference.text();
    CheckedSink checked(where, layer, sink, progress);
    ECC_CHECK(store.get_blob(layer, [&](ByteView bytes) { return checked.take(bytes); }));
    return checked.finish();
}

Result<Bytes> fetch_layer(Store& store, const Reference& reference, const Descriptor& layer,
                          const Progress& progress) {
    if (layer.size > max_layer_size)
        return input_error(reference.text(),
                           fmt::format("{} has {} MiB; at most {} MiB are read", layer.digest,
                                       layer.size >> 20, max_layer_size >> 20));
    Bytes content;
    ECC_CHECK(fetch_layer(store, reference, layer, append_to(content), progress));
    return content;
}

} // namespace ecc
