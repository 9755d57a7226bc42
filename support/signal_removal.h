// Folders that are not left behind when a signal ends the program.
#pragma once

#include <filesystem>
#include <string>

namespace ecc {

/// While it lives, SIGINT, SIGTERM and SIGHUP remove the folder with everything in it before they end the
/// program, unless they are ignored or handled already. One of the first 16; more are left behind.
class SignalRemoval {
public:
    explicit SignalRemoval(const std::filesystem::path& folder);
    SignalRemoval(const SignalRemoval&) = delete;
    SignalRemoval& operator=(const SignalRemoval&) = delete;
    ~SignalRemoval();

private:
    std::string folder_;
};

} // namespace ecc
