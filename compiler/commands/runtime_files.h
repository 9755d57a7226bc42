// What an image needs to start ecc-run: the program, the libraries that it is linked with, and the loader.
#pragma once

#include "packager/oci/format.h"

namespace ecc {

/// From this machine, beside the running executable and where the loader finds libraries; the architecture is
/// the one that the program's ELF header names. An environment error if that is none that packages are for, or
/// if a library cannot be found, as of a program for another machine that is not linked statically.
Result<Runtime> find_runtime();

} // namespace ecc
