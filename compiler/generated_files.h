// The file system that clang sees: the real one, with files made in memory in front of it.
#pragma once

#include "compiler/clang_job.h"

#include <llvm/Support/VirtualFileSystem.h>

namespace ecc {

/// Null if the current folder no longer exists. `files` must outlive the file system.
llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem> with_generated_files(const std::vector<GeneratedFile>& files);

} // namespace ecc
