#include "compiler/commands/node_image.h"

#include "packager/oci/image_index.h"
#include "packager/oci/index_entry.h"

#include <fmt/format.h>

namespace ecc {
namespace {

constexpr std::size_t max_images = 32; // each is fetched

/// What a reference names, or what the index that it names lists.
Result<std::vector<Descriptor>> entries_of(Store& store, const Reference& reference) {
    ECC_TRY(const auto manifest, fetch_manifest(store, reference));
    if (!is_index(manifest.media_type)) {
        ECC_TRY(auto entry, index_entry(store, reference));
        return std::vector{std::move(entry)};
    }
    ECC_TRY(auto index, image_index_from_json(manifest.text, manifest.media_type, reference.text()));
    if (index.manifests.size() > max_images)
        return input_error(reference.text(), fmt::format("lists {} images; at most {} are looked at",
                                                         index.manifests.size(), max_images));
    return std::move(index.manifests);
}

Result<void> check_package(Store& store, const Reference& image, const std::string& package_digest) {
    ECC_TRY(const auto found, find_artifact(store, image));
    ECC_TRY(const auto digest, module_digest(store, image, found));
    if (digest != package_digest)
        return input_error(image.text(),
                           fmt::format("holds another package: {}, not {}", digest, package_digest));
    return {};
}

} // namespace

Result<NodeImage> find_node_image(const Reference& reference, const StoreOptions& options,
                                  const std::optional<PublicKey>& key, const std::string& package_digest) {
    ECC_TRY(const auto artifact, open_artifact(reference, options, key));
    const Reference pinned = reference.at(artifact.found.named.digest);
    NodeImage image{.reference = pinned.text(), .architectures = {}};
    ECC_TRY(const auto entries, entries_of(*artifact.store, pinned));
    for (const Descriptor& entry : entries) {
        if (!entry.platform || entry.platform->os != "linux")
            continue;
        ECC_CHECK(check_package(*artifact.store, reference.at(entry.digest), package_digest));
        image.architectures.push_back(entry.platform->architecture);
    }
    if (image.architectures.empty())
        return input_error(reference.text(), "is no image that a node could run",
                           "push one with --format container");
    return image;
}

} // namespace ecc
