// What the tests of bad input share: a folder, the programs, and the three things that every refusal must be:
// named, with the right status, and without a trace in the folder.
#pragma once

#include "packager/package/package.h"
#include "support/files.h"
#include "tests/kernel/process.h"

#include <filesystem>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <set>

namespace ecc::test {

namespace fs = std::filesystem;

class BadInput : public testing::Test {
protected:
    static std::string ecc() { return (fs::path(ECC_BINARY_DIR) / "bin/ecc").string(); }
    static std::string ecc_run() { return (fs::path(ECC_BINARY_DIR) / "bin/ecc-run").string(); }

    fs::path path(const std::string& name) const { return folder_.path() / name; }
    fs::path write(const std::string& name, std::string_view text) const;
    fs::path write(const std::string& name, ByteView bytes) const { return write(name, as_text(bytes)); }

    /// The package of a small program that observes, built once for all tests.
    static const Bytes& package();
    /// That package's module, as the linker wrote it.
    static ByteView module();
    /// That package with other contents.
    static Bytes with_contents(const Package& contents);

    /// Runs `command` in the folder and checks that it ends with `status`, that standard error holds every
    /// one of `words`, and that the folder has no file that it had not before.
    void expect_refused(const Command& command, int status, const std::vector<std::string>& words) const;

private:
    std::set<std::string> files() const;
    TempDir folder_ = *TempDir::make();
};

/// A BPF program that observes and sends no records.
extern const char* const good_source;

} // namespace ecc::test
