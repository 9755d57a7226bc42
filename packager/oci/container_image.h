// What a container engine starts of an image of format `container` (format.h), told without an engine.
#pragma once

#include "packager/oci/transfer.h"

namespace ecc {

inline constexpr std::string_view container_runner = "/usr/bin/ecc-run";
inline constexpr std::string_view container_package = "/app.wasm";

/// The digest of the package that the image starts. An input error if it starts anything but ecc-run with
/// that package, with settings besides, or if its layers are no PlainTree with both, so that engines could
/// start something else. Fetches all layers.
Result<std::string> container_package_digest(Store& store, const Reference& image);

} // namespace ecc
