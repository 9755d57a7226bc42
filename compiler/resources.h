// What `ecc` brings along: headers, libraries and templates in share/ecc beside its bin folder
// (cmake/Resources.cmake assembles the same shape in a build folder), and the Wasm sysroot, which a wasi-sdk
// can replace.
#pragma once

#include "support/result.h"

#include <filesystem>

namespace ecc {

/// Headers and libraries of the C and C++ library for wasm32-wasip1, every path explicit.
struct Sysroot {
    std::filesystem::path c_headers;
    std::filesystem::path cxx_headers;
    std::filesystem::path libraries; ///< crt1-command.o, libc.a, libc++.a
    std::filesystem::path builtins;  ///< the archive of compiler-rt
};

struct Resources {
    std::filesystem::path root;
    Sysroot sysroot;
    /// The generated program's library and what it needs of the bundled libc in one object that needs nothing
    /// else; empty if a wasi-sdk replaces that libc.
    std::filesystem::path default_program;

    std::filesystem::path clang_headers() const { return root / "clang" / "include"; }
    std::filesystem::path bpf_headers() const { return root / "bpf" / "include"; }
    std::filesystem::path kernel_headers() const { return root / "uapi"; }
    std::filesystem::path guest_headers() const { return root / "guest" / "include"; }
    std::filesystem::path guest_libraries() const { return root / "guest" / "lib"; }
    /// With a folder for each language whose guest library is source text: rust, go.
    std::filesystem::path guest_sources() const { return root / "guest"; }
    std::filesystem::path templates() const { return root / "templates"; }
};

/// Looks for ../share/ecc from the running executable and, if $WASI_SDK_PATH is set, takes the sysroot from
/// there. An environment error names the file that is missing.
Result<Resources> find_resources();

/// The sysroot of share/ecc.
Sysroot bundled_sysroot(const std::filesystem::path& root);

/// The sysroot of an unpacked wasi-sdk release (github.com/WebAssembly/wasi-sdk).
Result<Sysroot> wasi_sdk_sysroot(const std::filesystem::path& sdk);

} // namespace ecc
