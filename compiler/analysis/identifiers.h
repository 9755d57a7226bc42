// The names that a BPF source mentions, to cut vmlinux.h to them. In: a source and where its headers are.
// Out: its identifiers, those of the headers that it includes, and those of the macros that are used.
//
// Nothing is preprocessed: both sides of every #if count, and so does a name in unused code. What only
// pasting (##) brings forth is missed, which is why a compilation that fails with a cut header is repeated
// with the whole one.
#pragma once

#include "support/result.h"

#include <llvm/Support/VirtualFileSystem.h>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace ecc {

struct SourceIdentifiers {
    std::unordered_set<std::string> names;
    /// The source or one of its headers includes "vmlinux.h".
    bool includes_vmlinux = false;
    /// The user's own vmlinux.h that an #include found; empty if there is none. Its names are not among
    /// `names`.
    std::string own_vmlinux;
};

struct IncludeFolders {
    std::vector<std::string> user;   ///< of -I, in order
    std::vector<std::string> system; ///< searched after them; <bpf/bpf_helpers.h> is below one of these
};

/// `text` is the content of `path`, whose folder is searched first for #include "...". A header that is not
/// found is skipped: that is for clang to report. An input error if a source is too large or includes too
/// many headers.
Result<SourceIdentifiers> collect_identifiers(const std::string& path, std::string_view text,
                                              const IncludeFolders& folders, llvm::vfs::FileSystem& files);

} // namespace ecc
