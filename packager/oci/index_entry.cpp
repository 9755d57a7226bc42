#include "packager/oci/index_entry.h"

#include "packager/json.h"
#include "packager/oci/image_index.h"
#include "packager/oci/image_manifest.h"
#include "packager/oci/transfer.h"

#include <fmt/format.h>

namespace ecc {
namespace {

constexpr std::size_t max_images = 32; // each is fetched

} // namespace

Result<Descriptor> config_of(const Reference& reference, const StoredManifest& manifest) {
    const std::string where = reference.text();
    if (is_index(manifest.media_type))
        return input_error(where, "is an index, which has no config", "name one of its manifests by digest");
    ECC_TRY(auto image, image_manifest_from_json(manifest.text, manifest.media_type, where));
    return std::move(image.config);
}

Result<Bytes> fetch_config(Store& store, const Reference& reference, const StoredManifest& manifest) {
    ECC_TRY(const Descriptor config, config_of(reference, manifest));
    if (config.size > max_image_manifest_size)
        return input_error(reference.text(), fmt::format("the config has {} bytes; at most {} are read",
                                                         config.size, max_image_manifest_size));
    return fetch_layer(store, reference, config, {});
}

Result<std::optional<Platform>> fetch_platform(Store& store, const Reference& reference,
                                               const StoredManifest& manifest) {
    ECC_TRY(const Bytes config, fetch_config(store, reference, manifest));
    const auto document = parse_json(as_text(config));
    if (!document.is_object())
        return std::nullopt;
    Platform platform = platform_from_json(document);
    if (platform.os.empty() || platform.architecture.empty())
        return std::nullopt;
    return platform;
}

Result<Descriptor> index_entry(Store& store, const Reference& reference) {
    ECC_TRY(const auto manifest, fetch_manifest(store, reference));
    Descriptor entry = manifest.descriptor();
    if (!is_index(manifest.media_type)) {
        ECC_TRY(entry.platform, fetch_platform(store, reference, manifest));
    }
    return entry;
}

Result<std::vector<Descriptor>> index_entries(Store& store, const Reference& reference) {
    const std::string where = reference.text();
    ECC_TRY(const auto manifest, fetch_manifest(store, reference));
    if (!is_index(manifest.media_type)) {
        ECC_TRY(auto entry, index_entry(store, reference));
        return std::vector{std::move(entry)};
    }
    ECC_TRY(auto index, image_index_from_json(manifest.text, manifest.media_type, where));
    if (index.manifests.size() > max_images)
        return input_error(where, fmt::format("lists {} images; at most {} are looked at",
                                              index.manifests.size(), max_images));
    for (const Descriptor& entry : index.manifests)
        if (is_index(entry.media_type))
            return input_error(where, fmt::format("lists {}, an index again", entry.digest),
                               "name that one, or an image by its digest");
    return std::move(index.manifests);
}

} // namespace ecc
