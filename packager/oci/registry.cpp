#include "packager/oci/registry.h"

#include "packager/oci/download.h"
#include "packager/oci/listing.h"
#include "packager/oci/manifest_links.h"
#include "packager/oci/manifest_requests.h"
#include "packager/oci/referrers.h"
#include "packager/oci/removal.h"
#include "packager/oci/tag_revision.h"
#include "packager/oci/upload.h"

#include <fmt/format.h>

namespace ecc {

Result<std::unique_ptr<Store>> Registry::open(const Reference& reference, const StoreOptions& options) {
    ECC_TRY(auto client, RepositoryClient::open(reference.host, reference.repository, options));
    return std::unique_ptr<Store>(new Registry(std::move(client)));
}

Result<bool> Registry::has_blob(const Descriptor& blob) {
    return ecc::has_blob(*client_, blob);
}

Result<std::uint64_t> Registry::blob_size(const std::string& digest) {
    return ecc::blob_size(*client_, digest);
}

Result<void> Registry::put_blob(const Descriptor& blob, const BlobSource& content, const Progress& progress) {
    return upload_blob(*client_, blob, content, progress);
}

Result<void> Registry::get_blob(const Descriptor& blob, const Sink& sink) {
    return download_blob(*client_, blob, sink);
}

Result<bool> Registry::mount_blob(const Descriptor& blob, const Reference& from) {
    return ecc::mount_blob(*client_, blob, from);
}

Result<void> Registry::put_manifest(const Descriptor& manifest, std::string_view text,
                                    const std::string& tag) {
    const std::string& selector = tag.empty() ? manifest.digest : tag;
    ECC_TRY(bool listed, store_manifest(*client_, manifest, text, selector));
    if (listed)
        return {};
    ECC_TRY(auto links, manifest_links({manifest.media_type, std::string(text)}, client_->where()));
    if (!links.subject)
        return {};
    return add_to_fallback(*client_, links.subject->digest, referrer_entry(manifest, links));
}

Result<void> Registry::revise_manifest(const std::string& tag, const Revision& revise) {
    return revise_tag(*client_, tag, revise);
}

Result<std::optional<StoredManifest>> Registry::find_manifest(const std::string& selector) {
    if (selector.empty())
        return std::nullopt;
    return fetch_manifest(*client_, selector);
}

Result<StoredManifest> Registry::get_manifest(const std::string& selector) {
    ECC_TRY(auto found, find_manifest(selector));
    if (!found)
        return std::unexpected(unknown_manifest(selector));
    return std::move(*found);
}

Result<std::vector<std::string>> Registry::tags() {
    return list_tags(*client_);
}

Result<std::vector<Descriptor>> Registry::referrers(const std::string& digest) {
    return list_referrers(*client_, digest);
}

Result<void> Registry::delete_manifest(const StoredManifest& manifest) {
    const std::string digest = manifest.descriptor().digest;
    // In this order: a manifest that nobody lists would be a signature that is lost; an entry for none is
    // passed over.
    ECC_TRY(bool removed, remove_content(*client_, "manifests/" + digest, "delete the manifest"));
    if (auto subject = subject_of(manifest))
        ECC_CHECK(remove_entry(subject->digest, digest));
    if (!removed)
        return std::unexpected(unknown_manifest(digest));
    return {};
}

Result<void> Registry::remove_entry(const std::string& subject, const std::string& digest) {
    auto done = remove_from_fallback(*client_, subject, digest);
    if (!done)
        done.error().what =
            fmt::format("{} is deleted, and the list of referrers behind the tag {} still names it: {}",
                        digest, fallback_tag(subject), done.error().what);
    return done;
}

Result<void> Registry::delete_blob(const std::string& digest) {
    ECC_TRY(const bool removed, remove_content(*client_, "blobs/" + digest, "delete a blob"));
    return removed ? Result<void>() : input_error(client_->where(), "the registry does not have " + digest);
}

Error Registry::unknown_manifest(const std::string& selector) {
    auto known = list_tags(*client_);
    return unknown_selector(client_->where(), selector, known.value_or(std::vector<std::string>{}));
}

} // namespace ecc
