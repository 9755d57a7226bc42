// What the files of a container image are: in, their paths and digests; out, components with names, versions
// and package URLs (purl-spec).
#pragma once

#include "compiler/record/build_record.h"
#include "packager/oci/artifact_module.h"

namespace ecc {

/// A file is known by this machine's file of the same path and content: ecc-run with the parts that it names
/// itself, and what dpkg installed. The others are in one component "files of the image", by their digests.
std::vector<RecordedComponent> image_components(const std::vector<LayerFile>& files);

} // namespace ecc
