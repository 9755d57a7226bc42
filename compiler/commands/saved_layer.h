// Where fetched content goes: a file that appears whole or not at all, or standard output.
#pragma once

#include "packager/oci/blob_source.h"

namespace ecc {

/// Standard output, devices and FIFOs cannot be renamed onto: they get the bytes once those are known to be
/// right.
Result<void> save(const std::filesystem::path& path, const Producer& produce);

} // namespace ecc
