#include "runtime-min/pinning.h"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>

namespace ecc {

namespace {

bool is_in(const std::filesystem::path& folder, const std::filesystem::path& permitted) {
    return std::ranges::mismatch(permitted, folder).in1 == permitted.end();
}

} // namespace

OrErrno<std::string> permitted_pin(const BpfPolicy& policy, const std::string& path) {
    const std::filesystem::path wanted(path);
    const auto name = wanted.filename();
    if (!wanted.is_absolute() || name.empty() || name == "." || name == "..")
        return errno_error(EINVAL);
    // What the name of the folder stands for, with nothing symbolic in it.
    std::error_code error;
    const auto folder = std::filesystem::canonical(wanted.parent_path(), error);
    if (error)
        return errno_error(ENOENT);
    const auto& pins = policy.permissions.pins;
    if (std::ranges::any_of(pins, [&](const std::string& permitted) { return is_in(folder, permitted); }))
        return (folder / name).string();
    policy.diagnostics->error({Fault::environment, "",
                               fmt::format("the program would pin to '{}', which is not allowed", path),
                               fmt::format("--allow pin={}", folder.string())});
    return errno_error(EPERM);
}

} // namespace ecc
