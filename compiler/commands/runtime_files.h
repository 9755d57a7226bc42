// What an image needs to start ecc-run: the program, the libraries that it is linked with, and the loader.
#pragma once

#include "packager/oci/format.h"

namespace ecc {

/// Of each program, or of the one beside the running executable if none is named. Libraries are this
/// machine's, where the loader finds them; the architecture is the one that the program's ELF header names.
/// An error, of the input if it was named, if that is none that packages are for, or if a library cannot be
/// found, as of a program for another machine that is not linked statically.
Result<std::vector<Runtime>> load_runtimes(const std::vector<std::string>& programs);

} // namespace ecc
