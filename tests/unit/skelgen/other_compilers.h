// What generated text means to the compilers of Rust and Go, as separate programs.
#pragma once

#include <string>

namespace ecc::testing {

struct CompilerResult {
    int status = -1;
    std::string messages;
};

/// `source` as a module of a library without the standard library, every warning an error.
CompilerResult check_rust(const std::string& source);

/// `source` as a module of a program that depends on guest/rust: clippy, every warning an error.
CompilerResult check_rust_skeleton(const std::string& source);

/// `source` as a package that may import guest/go: go vet for GOOS/GOARCH ("wasip1/wasm"), and gofmt, which
/// must not want to change it.
CompilerResult check_go(const std::string& source, const std::string& target);

} // namespace ecc::testing
