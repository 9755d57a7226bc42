#include "compiler/commands/node_image.h"

#include "packager/oci/container_image.h"
#include "packager/oci/index_entry.h"

#include <strings.h>

namespace ecc {
namespace {

/// As containerd does by the index alone: any case, and whatever names no platform or no system.
bool may_be_chosen(const Descriptor& entry) {
    return !entry.platform || entry.platform->os.empty() ||
           ::strcasecmp(entry.platform->os.c_str(), "linux") == 0;
}

} // namespace

Result<NodeImage> find_node_image(const Reference& reference, const StoreOptions& options,
                                  const std::optional<PublicKey>& key, const std::string& package_digest) {
    ECC_TRY(const auto artifact, open_artifact(reference, options, key));
    const Reference pinned = reference.at(artifact.found.named.digest);
    NodeImage image{.reference = pinned.text(), .architectures = {}};
    ECC_TRY(const auto entries, index_entries(*artifact.store, pinned));
    for (const Descriptor& entry : entries) {
        if (!may_be_chosen(entry))
            continue;
        const Reference place = reference.at(entry.digest);
        ECC_TRY(const auto digest, container_package_digest(*artifact.store, place));
        ECC_CHECK(check_package(place, digest, package_digest));
        if (entry.platform)
            image.architectures.push_back(entry.platform->architecture);
    }
    if (image.architectures.empty())
        return input_error(reference.text(), "is no image that a node could run",
                           "push one with --format container");
    return image;
}

} // namespace ecc
