// What the end-to-end tests share: a kernel that can run them, packages built by `ecc` from the repository's
// sources, and the question whether a program left anything behind in the kernel.
//
// A machine that cannot run them (no root, no BTF) fails them with the reason: passing means that it worked.
#pragma once

#include "tests/kernel/process.h"

#include <cstdint>
#include <filesystem>
#include <gtest/gtest.h>

namespace ecc::test {

namespace fs = std::filesystem;

/// Ids of BPF programs, maps and links.
struct KernelObjects {
    std::vector<std::uint32_t> programs, maps, links;
};

class KernelTest : public testing::Test {
protected:
    /// Checks the machine and mounts tracefs, for this test's processes alone, where it is missing.
    void SetUp() override;
    void TearDown() override;

    static fs::path ecc() { return fs::path(ECC_BINARY_DIR) / "bin/ecc"; }
    static fs::path ecc_run() { return fs::path(ECC_BINARY_DIR) / "bin/ecc-run"; }
    static fs::path source(const std::string& path) { return fs::path(ECC_SOURCE_DIR) / path; }

    /// A folder of this test, removed afterwards.
    const fs::path& folder() const { return folder_; }
    /// A name that no other test and no other program uses, at most 15 characters: a process can have it.
    std::string unique_name(const std::string& purpose);

    /// Builds a package from sources of the repository and returns its path; a failure ends the test.
    fs::path build(const std::vector<std::string>& sources);

    /// Starts a package: ecc-run OPTIONS PACKAGE -- ARGUMENTS.
    static Process start(const fs::path& package, const Command& arguments = {}, const Command& options = {});

    /// What this process holds in the kernel, as /proc shows it.
    static KernelObjects objects_of(pid_t pid);
    /// Waits until none of them is left: the kernel frees some of them a moment after the process ended.
    static void expect_gone(const KernelObjects& objects);

private:
    fs::path folder_;
    int names_ = 0;
};

/// Does what open(2) does with its path; no descriptor stays. Returns the descriptor's number or -errno.
int open_and_close(const fs::path& path, int flags);

/// Ends a process that the test forked: its exit status.
int wait_for_exit(pid_t pid);

} // namespace ecc::test
