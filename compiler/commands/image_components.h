// What the files of a container image are: in, their paths and digests; out, components with names, versions
// and package URLs (purl-spec).
#pragma once

#include "compiler/record/build_record.h"
#include "packager/oci/artifact_module.h"

namespace ecc {

/// A file is known by this machine's file of the same path and content: ecc-run with the parts that it names
/// itself, and what dpkg installed. The others are in a component "files of the image", by their digests;
/// those of an index in one for each platform, "files of the image for linux/arm64".
std::vector<RecordedComponent> image_components(const std::vector<LayerFile>& files);

} // namespace ecc
