// containerd, which most clusters run images with, as a process of its own with everything that it keeps in
// one folder.
#pragma once

#include "tests/kernel/process.h"

#include <filesystem>
#include <memory>

namespace ecc::test {

class Containerd {
public:
    /// A failure of the running test if it cannot be started.
    explicit Containerd(const std::filesystem::path& folder);

    /// ctr WORDS...
    Command command(const Command& words) const;
    /// Reads an image with the tag 1 from an OCI archive; its name.
    std::string load(const std::filesystem::path& archive) const;

private:
    std::filesystem::path folder_;
    std::unique_ptr<Process> server_;
};

} // namespace ecc::test
