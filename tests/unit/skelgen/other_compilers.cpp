#include "tests/unit/skelgen/other_compilers.h"

#include "support/files.h"
#include "tests/unit/btfgen/clang.h"

#include <fmt/format.h>

namespace ecc::testing {

CompilerResult check_rust(const std::string& source) {
    CompilerResult result;
    const auto folder = TempDir::make();
    const auto root = folder->path() / "lib.rs";
    if (!write_file(folder->path() / "types.rs", as_bytes(source)) ||
        !write_file(root,
                    as_bytes("#![no_std]\n#![deny(warnings)]\nmod bindings { include!(\"types.rs\"); }\n")))
        return result;
    result.status =
        run_command(fmt::format("rustc --edition 2021 --crate-type lib --emit=metadata --out-dir {} {}",
                                folder->path().string(), root.string()),
                    result.messages);
    return result;
}

CompilerResult check_go(const std::string& source, const std::string& target) {
    CompilerResult result;
    const auto folder = TempDir::make();
    if (!write_file(folder->path() / "go.mod", as_bytes("module test\ngo 1.24\n")) ||
        !write_file(folder->path() / "types.go", as_bytes(source)))
        return result;
    const auto slash = target.find('/');
    result.status =
        run_command(fmt::format("cd {} && GOOS={} GOARCH={} GOFLAGS=-mod=mod GOTOOLCHAIN=local go vet . && "
                                "gofmt -d types.go && test -z \"$(gofmt -l types.go)\"",
                                folder->path().string(), target.substr(0, slash), target.substr(slash + 1)),
                    result.messages);
    return result;
}

} // namespace ecc::testing
