// Folders that are not left behind when a signal ends the program.
#pragma once

#include "support/signal_cleanup.h"

#include <filesystem>
#include <string>

namespace ecc {

/// While it lives, a signal removes the folder with everything in it, as SignalCleanup says.
class SignalRemoval {
public:
    explicit SignalRemoval(const std::filesystem::path& folder);
    SignalRemoval(const SignalRemoval&) = delete;
    SignalRemoval& operator=(const SignalRemoval&) = delete;

private:
    const std::string folder_;
    const SignalCleanup cleanup_;
};

} // namespace ecc
