#include "compiler/guest/guest_folder.h"

#include "compiler/guest/cargo.h"
#include "compiler/guest/go.h"
#include "support/files.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace ecc {
namespace {

namespace fs = std::filesystem;

struct GuestTool {
    Language language;
    std::string_view marker;   ///< the file that says that a folder is the tool's
    std::string_view bindings; ///< folder in the folder
    std::string_view library;  ///< folder of the guest library
    Result<UserModule> (*build)(const GuestBuild&);
};

constexpr std::array tools = {
    GuestTool{Language::rust, "Cargo.toml", "src", "rust", build_with_cargo},
    GuestTool{Language::go, "go.mod", "", "go", build_with_go},
};

const GuestTool& tool_of(const GuestFolder& folder) {
    return *std::ranges::find(tools, folder.language, &GuestTool::language);
}

bool is_there_with(const fs::path& path, std::string_view text) {
    const Result<Bytes> old = read_file(path);
    return old && as_text(*old) == text;
}

} // namespace

Result<GuestFolder> find_guest_folder(const fs::path& path) {
    const GuestTool* found = nullptr;
    for (const GuestTool& tool : tools) {
        std::error_code ignored;
        if (!fs::is_regular_file(path / tool.marker, ignored))
            continue;
        if (found != nullptr)
            return usage_error(
                fmt::format("{} has both {} and {}", path.string(), found->marker, tool.marker),
                "give each its own folder");
        found = &tool;
    }
    if (found == nullptr)
        return usage_error(
            fmt::format("{} is no folder with a Cargo.toml or go.mod", path.string()),
            "--guest takes the folder of a program in Rust or Go; name .c and .cpp files without it");
    return GuestFolder{path, found->language};
}

Result<void> write_bindings(const GuestBuild& build) {
    const fs::path folder = build.folder.path / tool_of(build.folder).bindings;
    for (const RenderedFile& file : build.bindings) {
        const fs::path path = folder / file.package / file.name;
        if (is_there_with(path, file.text))
            continue;
        std::error_code ignored; // writing says what is wrong
        fs::create_directory(path.parent_path(), ignored);
        ECC_CHECK(write_file(path, as_bytes(file.text)));
    }
    return {};
}

Dependencies guest_dependencies(const GuestBuild& build, const std::vector<fs::path>& files) {
    std::error_code ignored;
    const fs::path folder = fs::canonical(build.folder.path, ignored);
    const fs::path library = fs::canonical(build.library, ignored);
    const fs::path bindings = folder / tool_of(build.folder).bindings;
    const auto is_binding = [&](const fs::path& path) {
        return std::ranges::any_of(build.bindings, [&](const RenderedFile& file) {
            return path == (bindings / file.package / file.name).lexically_normal();
        });
    };
    Dependencies dependencies;
    for (const fs::path& file : files) {
        const fs::path path = fs::weakly_canonical(file, ignored);
        if (is_binding(path))
            continue;
        const fs::path inside = path.lexically_relative(folder);
        const bool is_inside = !inside.empty() && *inside.begin() != "..";
        const bool is_library = path.string().starts_with(library.string() + "/");
        add_dependencies(dependencies,
                         {{is_inside ? (build.folder.path / inside).lexically_normal() : path, is_library}});
    }
    return dependencies;
}

Result<UserModule> build_guest_folder(GuestBuild build, const fs::path& libraries) {
    const GuestTool& tool = tool_of(build.folder);
    build.library = libraries / tool.library;
    ECC_TRY(UserModule module, tool.build(build));
    constexpr std::string_view wasm_magic{"\0asm", 4};
    if (!as_text(module.wasm).starts_with(wasm_magic))
        return input_error(build.folder.path.string(), "what was built is no WebAssembly program",
                           "a Go program is package main, a Rust one has src/main.rs");
    return module;
}

} // namespace ecc
