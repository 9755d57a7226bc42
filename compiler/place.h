// The place of a build, kept out of what is built: the same inputs give the same bytes in every folder, with
// relative and with absolute names.
#pragma once

#include "compiler/compiler_flags.h"
#include "compiler/resources.h"
#include "compiler/source_file.h"

namespace ecc {

/// The folder of a source, "." if its name has none.
std::filesystem::path folder_of(const std::filesystem::path& file);

/// clang compiles nowhere else, even what has absolute names: an environment error if somebody removed it.
Result<void> check_current_folder();

/// Appends arguments of `clang -cc1` after which line information and __FILE__ name files relative to the
/// folder of their source, headers of an include folder by that folder's own name, and ecc's as "ecc/...".
void add_place_arguments(std::vector<std::string>& arguments, const std::vector<SourceFile>& sources,
                         const CompilerFlags& flags, const Resources& resources);

} // namespace ecc
