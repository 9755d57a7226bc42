// What an image needs to start ecc-run: the program, the libraries that it is linked with, and the loader.
#pragma once

#include "packager/oci/format.h"

namespace ecc {

/// From this machine, beside the running executable and where the loader finds libraries.
Result<std::vector<RuntimeFile>> runtime_files();

} // namespace ecc
