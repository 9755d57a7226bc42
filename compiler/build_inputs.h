// What the command line of a build names, sorted and read. In: paths. Out: sources of the kernel and the user
// part, and where the results go.
#pragma once

#include "compiler/build.h"
#include "compiler/guest/guest_folder.h"
#include "compiler/source_file.h"

namespace ecc {

struct BuildInputs {
    std::vector<SourceFile> kernel; ///< never empty
    std::vector<SourceFile> user;
    std::optional<GuestFolder> guest; ///< the user part instead of `user`
    std::string stem; ///< NAME of NAME.skel.h: the first .bpf.c without its suffix, or the output's
    std::filesystem::path output;
    std::optional<std::filesystem::path> dependency_file;
};

/// A usage error if there is no .bpf.c, if a file is given twice, if a name says nothing about the language,
/// if the output would replace a source, if there are two user parts, or for `dependency_file`.
Result<BuildInputs> read_inputs(const BuildOptions& options);

} // namespace ecc
