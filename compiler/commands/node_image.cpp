#include "compiler/commands/node_image.h"

#include "packager/oci/container_image.h"
#include "packager/oci/image_index.h"
#include "packager/oci/index_entry.h"

#include <fmt/format.h>
#include <strings.h>

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

/// As containerd does by the index alone: any case, and whatever names no platform or no system.
bool may_be_chosen(const Descriptor& entry) {
    return !entry.platform || entry.platform->os.empty() ||
           ::strcasecmp(entry.platform->os.c_str(), "linux") == 0;
}

Result<void> check_package(Store& store, const Reference& image, const std::string& package_digest) {
    ECC_TRY(const auto digest, container_package_digest(store, image));
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
        if (!may_be_chosen(entry))
            continue;
        ECC_CHECK(check_package(*artifact.store, reference.at(entry.digest), package_digest));
        if (entry.platform)
            image.architectures.push_back(entry.platform->architecture);
    }
    if (image.architectures.empty())
        return input_error(reference.text(), "is no image that a node could run",
                           "push one with --format container");
    return image;
}

} // namespace ecc
