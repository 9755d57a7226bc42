// Podman with everything that it keeps in one folder, so that a user's images and containers are not touched.
// It works as root with or without systemd, inside containers, virtual machines and chroots.
#pragma once

#include "tests/kernel/process.h"

#include <filesystem>

namespace ecc::test {

class Podman {
public:
    explicit Podman(const std::filesystem::path& folder);
    ~Podman(); ///< ends and removes its containers

    /// podman WORDS...
    Command command(const Command& words) const;
    /// Reads an image from an OCI archive; its id.
    std::string load(const std::filesystem::path& archive) const;

private:
    std::filesystem::path folder_;
};

} // namespace ecc::test
