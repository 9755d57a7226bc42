// A user part that is the folder of another language's build tool. In: the folder with Cargo.toml or go.mod,
// and the generated bindings. Out: what the tool made of it, a WASI command module without our custom
// sections, and of which files.
#pragma once

#include "compiler/user_part.h"
#include "support/bytes.h"
#include "support/result.h"

#include <filesystem>

namespace ecc {

struct GuestFolder {
    std::filesystem::path path;
    Language language; ///< rust or go
};

/// A usage error unless the folder has a Cargo.toml or a go.mod, and not both.
Result<GuestFolder> find_guest_folder(const std::filesystem::path& path);

struct GuestBuild {
    GuestFolder folder;
    std::string name; ///< of the program, if the folder has several
    std::vector<RenderedFile> bindings;
    std::filesystem::path library; ///< the guest library's sources that come with ecc
    bool verbose = false;          ///< show the tool's progress, not only its messages
    bool dependencies = false;     ///< ask the tool which files it read
};

/// Writes each file unless it is there with that text, so that the tool builds nothing anew in vain: into src
/// of a folder of cargo's, for Go into a folder for each package of theirs.
Result<void> write_bindings(const GuestBuild& build);

/// The files as -MD lists them: without the bindings, which a build writes itself; those in the folder start
/// with its path as the user wrote it, and the library's come with ecc.
Dependencies guest_dependencies(const GuestBuild& build, const std::vector<std::filesystem::path>& files);

/// Writes the bindings and lets the tool build the program. `library` is found in `libraries`, a folder with
/// one for each language. An input error if the tool fails, which has said why on standard error; an
/// environment error says what to install, and nothing was written.
Result<UserModule> build_guest_folder(GuestBuild build, const std::filesystem::path& libraries);

} // namespace ecc
