#include "compiler/resources.h"

#include <array>
#include <cstdlib>
#include <fmt/format.h>

namespace ecc {
namespace {

namespace fs = std::filesystem;

constexpr const char* wasm_target = "wasm32-wasip1";

bool is_there(const fs::path& path) {
    std::error_code ignored;
    return fs::exists(path, ignored);
}

/// lib/clang/VERSION/lib/TARGET/libclang_rt.builtins[-wasm32].a, whose two names changed between releases.
fs::path find_builtins(const fs::path& sdk) {
    constexpr std::array names = {
        "wasm32-unknown-wasip1/libclang_rt.builtins.a", "wasm32-unknown-wasi/libclang_rt.builtins.a",
        "wasip1/libclang_rt.builtins-wasm32.a", "wasi/libclang_rt.builtins-wasm32.a"};
    std::error_code error;
    for (const fs::directory_entry& version : fs::directory_iterator(sdk / "lib" / "clang", error))
        for (const char* name : names)
            if (fs::path path = version.path() / "lib" / name; is_there(path))
                return path;
    return {};
}

} // namespace

Sysroot bundled_sysroot(const fs::path& root) {
    const fs::path headers = root / "sysroot" / "include" / wasm_target;
    const fs::path libraries = root / "sysroot" / "lib" / wasm_target;
    return {headers, headers / "c++" / "v1", libraries, libraries / "libclang_rt.builtins.a"};
}

Result<Sysroot> wasi_sdk_sysroot(const fs::path& sdk) {
    const auto missing = [](const fs::path& path) {
        return environment_error(
            "WASI_SDK_PATH", fmt::format("{} does not exist", path.string()),
            "set it to the folder of an unpacked wasi-sdk release, or unset it to use the "
            "libraries that come with ecc");
    };
    if (!is_there(sdk))
        return missing(sdk);
    const fs::path root = sdk / "share" / "wasi-sysroot";
    const fs::path headers = root / "include" / wasm_target;
    const fs::path libraries = root / "lib" / wasm_target;
    for (const fs::path& needed : {headers / "stdio.h", libraries / "crt1-command.o", libraries / "libc.a"})
        if (!is_there(needed))
            return missing(needed);
    const fs::path builtins = find_builtins(sdk);
    if (builtins.empty())
        return missing(sdk / "lib" / "clang" / "*" / "lib" / "wasm32-unknown-wasip1" /
                       "libclang_rt.builtins.a");
    return Sysroot{headers, headers / "c++" / "v1", libraries, builtins};
}

Result<Resources> find_resources() {
    std::error_code error;
    const fs::path program = fs::read_symlink("/proc/self/exe", error);
    if (error)
        return environment_error("/proc/self/exe", error.message(), "ecc needs /proc to be mounted");
    const fs::path root = program.parent_path().parent_path() / "share" / "ecc";
    if (!is_there(root / "clang" / "include"))
        return environment_error(root.string(), "the headers and libraries that belong to ecc are not there",
                                 "install ecc with `cmake --install`, or build the target `resources`");
    Resources resources{root, bundled_sysroot(root), root / "guest" / "lib" / "default_program.o"};
    if (const char* sdk = std::getenv("WASI_SDK_PATH"); sdk && *sdk) {
        ECC_TRY(resources.sysroot, wasi_sdk_sysroot(sdk));
        resources.default_program.clear();
    }
    return resources;
}

} // namespace ecc
