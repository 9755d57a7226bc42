#include "tests/unit/skelgen/other_compilers.h"

#include "support/files.h"
#include "tests/unit/btfgen/clang.h"

#include <fmt/format.h>

namespace ecc::testing {

CompilerResult check_rust(const std::string& source, const std::string& target) {
    CompilerResult result;
    const auto folder = TempDir::make();
    const auto root = folder->path() / "lib.rs";
    const std::string library = "#![no_std]\n#![deny(warnings)]\nmod bindings { include!(\"types.rs\"); }\n";
    if (!write_file(folder->path() / "types.rs", as_bytes(source)) || !write_file(root, as_bytes(library)))
        return result;
    // Where rustup has no libraries for WebAssembly, scripts/test makes some.
    const std::string prepare =
        target.empty() ? ""
                       : "PATH=" ECC_CACHE_DIR "/rust-wasm/bin:$PATH; TARGET='--target " + target + "'; ";
    result.status =
        run_command(fmt::format("{} rustc $TARGET --edition 2021 --crate-type lib --emit=metadata "
                                "--out-dir {} {}",
                                prepare, folder->path().string(), root.string()),
                    result.messages);
    return result;
}

CompilerResult check_rust_skeleton(const std::string& source) {
    CompilerResult result;
    const auto folder = TempDir::make();
    const std::string manifest = "[package]\nname = \"skeleton\"\nversion = \"0.1.0\"\nedition = \"2021\"\n"
                                 "[dependencies]\necc-guest = { path = \"" ECC_SOURCE_DIR "/guest/rust\" }\n";
    const std::string program = "#![deny(warnings)]\nmod skel;\nfn main() {}\n";
    std::filesystem::create_directory(folder->path() / "src");
    if (!write_file(folder->path() / "Cargo.toml", as_bytes(manifest)) ||
        !write_file(folder->path() / "src/main.rs", as_bytes(program)) ||
        !write_file(folder->path() / "src/skel.rs", as_bytes(source)))
        return result;
    result.status =
        run_command(fmt::format("cd {} && cargo clippy --quiet --offline --target-dir {}/skeleton-crates",
                                folder->path().string(), ECC_BINARY_DIR),
                    result.messages);
    return result;
}

CompilerResult check_go(const std::string& source, const std::string& target) {
    CompilerResult result;
    const auto folder = TempDir::make();
    if (!write_file(
            folder->path() / "go.mod",
            as_bytes("module test\ngo 1.24\nrequire ecc/guest v0.1.0\nreplace ecc/guest => " ECC_SOURCE_DIR
                     "/guest/go\n")) ||
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

CompilerResult run_rust(const std::string& program, const std::string& types, const Bytes& data) {
    CompilerResult result;
    const auto folder = TempDir::make();
    if (!write_file(folder->path() / "main.rs", as_bytes(program)) ||
        !write_file(folder->path() / "types.rs", as_bytes(types)) ||
        !write_file(folder->path() / "data", data))
        return result;
    result.status = run_command(fmt::format("cd {} && rustc --edition 2021 -C debuginfo=0 main.rs && ./main",
                                            folder->path().string()),
                                result.messages);
    return result;
}

CompilerResult run_go(const std::string& program, const std::string& types, const Bytes& data) {
    CompilerResult result;
    const auto folder = TempDir::make();
    const auto types_folder = folder->path() / "values";
    std::filesystem::create_directory(types_folder);
    if (!write_file(folder->path() / "go.mod", as_bytes("module test\ngo 1.24\n")) ||
        !write_file(folder->path() / "main.go", as_bytes(program)) ||
        !write_file(types_folder / "types.go", as_bytes(types)) || !write_file(folder->path() / "data", data))
        return result;
    result.status = run_command(
        fmt::format("cd {} && go run . && GOOS=wasip1 GOARCH=wasm go vet ./values", folder->path().string()),
        result.messages);
    return result;
}

} // namespace ecc::testing
