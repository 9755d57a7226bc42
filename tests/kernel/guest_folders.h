// User parts in Rust and Go for the tests: copies of folders of the repository, built by `ecc --guest`.
#pragma once

#include "tests/kernel/process.h"

#include <filesystem>

namespace ecc::test {

/// Puts what scripts/test installed for guests, if it did, first on this process's PATH: a rustc with a
/// WebAssembly target, and Go.
void use_cached_toolchains();

/// Builds a package with `ecc`, from a copy of `sources`, so that no build writes into the repository. The
/// copy and what the tools made of it stay for the next time. The caller looks at the status.
Output build_guest_folder(const std::filesystem::path& kernel_source, const std::filesystem::path& sources,
                          const std::filesystem::path& package);

} // namespace ecc::test
