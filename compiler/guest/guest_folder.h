// A user part that is the folder of another language's build tool. In: the folder with Cargo.toml or go.mod,
// and the generated bindings. Out: what the tool made of it, a WASI command module without our custom
// sections.
#pragma once

#include "skelgen/render.h"
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
    std::filesystem::path folder;
    std::string name;              ///< of the program, if the folder has several
    std::filesystem::path library; ///< the guest library's sources that come with ecc
    bool verbose = false;          ///< show the tool's progress, not only its messages
};

/// Where the bindings belong: src in a folder of cargo's, for Go the folder itself, in which each package of
/// theirs has its own.
std::filesystem::path bindings_folder(const GuestFolder& folder);

/// Writes each file unless it is there with that text, so that the tool builds nothing anew in vain.
Result<void> write_bindings(const GuestFolder& folder, const std::vector<RenderedFile>& bindings);

/// `libraries` is the folder of guest libraries by language. An input error if the tool fails, which has said
/// why on standard error; an environment error says what to install.
Result<Bytes> build_guest_folder(const GuestFolder& folder, const std::string& name,
                                 const std::filesystem::path& libraries, bool verbose);

} // namespace ecc
