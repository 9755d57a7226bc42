// What the tests of images share: a package that prints what files are opened, as an image in an OCI archive.
#pragma once

#include "tests/kernel/kernel_test.h"
#include "tests/workflow/podman.h"

#include <memory>

namespace ecc::test {

class ContainerTest : public KernelTest {
protected:
    void SetUp() override;
    void TearDown() override;

    const fs::path& package() const { return package_; }
    fs::path archive() const { return folder() / "image.tar"; }
    const Podman& podman() const { return *podman_; }

    /// Whether the container prints in JSON that this process opens a file; the open is repeated until it
    /// does.
    bool prints_live_events(Process& container);

    /// The name of a file that is not there.
    std::string missing_file() { return "/nowhere/" + unique_name("file"); }

private:
    fs::path package_;
    std::unique_ptr<Podman> podman_;
};

} // namespace ecc::test
