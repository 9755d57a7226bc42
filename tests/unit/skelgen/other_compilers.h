// What generated text means to the compilers of Rust and Go, as separate programs.
#pragma once

#include "support/bytes.h"

#include <string>

namespace ecc::testing {

struct CompilerResult {
    int status = -1;
    std::string messages;
};

/// `source` as a module of a library without the standard library, every warning an error.
/// `target` is a triple whose libraries are installed, or empty for the host.
CompilerResult check_rust(const std::string& source, const std::string& target = {});

/// `source` as a module of a program that depends on guest/rust: clippy, every warning an error.
CompilerResult check_rust_skeleton(const std::string& source);

/// `source` as a package that may import guest/go: go vet for GOOS/GOARCH ("wasip1/wasm"), and gofmt, which
/// must not want to change it.
CompilerResult check_go(const std::string& source, const std::string& target);

/// Compiles and runs a program for this machine, with `types` in types.rs and bytes in the file data.
CompilerResult run_rust(const std::string& program, const std::string& types, const Bytes& data);

/// The same with `types` in the program's own package.
CompilerResult run_go(const std::string& program, const std::string& types, const Bytes& data);

} // namespace ecc::testing
