#include "tests/kernel/guest_folders.h"

#include <cstdlib>

namespace ecc::test {
namespace {

namespace fs = std::filesystem;

constexpr auto build_deadline = std::chrono::minutes(4);

} // namespace

void use_cached_toolchains() {
    const fs::path cache = ECC_CACHE_DIR;
    std::string path = std::getenv("PATH");
    for (const char* folder : {"go-toolchain/bin", "rust-wasm/bin"})
        if (fs::exists(cache / folder))
            path = (cache / folder).string() + ":" + path;
    ::setenv("PATH", path.c_str(), 1);
}

Output build_guest_folder(const fs::path& kernel_source, const fs::path& sources, const fs::path& package) {
    const fs::path builds = fs::path(ECC_BINARY_DIR) / "guest-folders";
    const fs::path copy = builds / (kernel_source.stem().stem().string() + "-" + sources.filename().string());
    fs::create_directories(builds);
    fs::copy(sources, copy, fs::copy_options::recursive | fs::copy_options::update_existing);
    const fs::path ecc = fs::path(ECC_BINARY_DIR) / "bin/ecc";
    const std::string target = "CARGO_TARGET_DIR=" + (builds / "crates").string();
    return run({"env", target, ecc.string(), kernel_source.string(), "--guest", copy.string(), "-o",
                package.string()},
               build_deadline);
}

} // namespace ecc::test
