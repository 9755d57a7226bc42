// A manifest with everything that it points at, from one store to another: the manifests of an index,
// configs, layers, and on request what refers to them. Bytes and so digests stay the same.
#pragma once

#include "packager/oci/parallel.h"
#include "packager/oci/store.h"

namespace ecc {

struct CopyOptions {
    bool referrers = false; ///< signatures and the like, too
    unsigned concurrency = default_concurrency;
    Progress progress;
    Notice notice; ///< told which referrers are listed and not there
};

/// Blobs first, then manifests, each after those that it lists, so that the target never has a manifest
/// without its content. Returns the root's descriptor. A target with a digest must have the source's.
Result<Descriptor> copy(Store& from, const Reference& source, Store& to, const Reference& target,
                        const CopyOptions& options);

} // namespace ecc
