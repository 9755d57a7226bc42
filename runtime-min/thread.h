// A thread, or a message that says which limit keeps it from being started.
#pragma once

#include "runtime-min/resource_hint.h"
#include "support/files.h"
#include "support/result.h"

#include <functional>
#include <string>
#include <system_error>
#include <thread>

namespace ecc {

/// `purpose` is for the message: "watch for signals".
inline Result<std::thread> start_thread(const std::string& purpose, std::function<void()> work) {
    try {
        return std::thread(std::move(work));
    } catch (const std::system_error& error) {
        const int number = error.code().value();
        return environment_error("", "cannot " + purpose + ": " + errno_text(number), resource_hint(number));
    }
}

} // namespace ecc
