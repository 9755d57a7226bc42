// The image of format `container` that the nodes of a cluster run.
#pragma once

#include "compiler/commands/package_source.h"

#include <vector>

namespace ecc {

struct NodeImage {
    std::string reference;                  ///< as nodes pull it: by its digest, if it was looked at
    std::vector<std::string> architectures; ///< of the nodes that can run it, as Go names them
};

/// The image, or the index of images, that the reference names now. With a key, only if it is signed with it.
/// An input error if it is not there, is for no node, or holds anything but the package with this digest:
/// what is said of the package would not be true of it.
Result<NodeImage> find_node_image(const Reference& reference, const StoreOptions& options,
                                  const std::optional<PublicKey>& key, const std::string& package_digest);

} // namespace ecc
