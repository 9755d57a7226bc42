#include "compiler/guest/go.h"

#include "compiler/guest/tool.h"
#include "support/files.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <sstream>

namespace ecc {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr const char* library_module = "ecc/guest";
constexpr const char* install_go = "install Go 1.24 or newer (https://go.dev/dl)";

Result<std::string> ask_go(const fs::path& folder, std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "go");
    ECC_TRY(ToolAnswer answer, run_tool({std::move(arguments), folder, {}}, install_go));
    if (!answer.ok)
        return input_error((folder / "go.mod").string(), "go cannot use it; its messages are above");
    return std::move(answer.output);
}

bool is_library(const json& replacement) {
    return replacement.value("Old", json::object()).value("Path", "") == library_module;
}

/// Whether the folder says where the library is: by a workspace, a vendor folder or a replacement.
Result<bool> says_where_library_is(const fs::path& folder) {
    ECC_TRY(const std::string workspace, ask_go(folder, {"env", "GOWORK"}));
    if (workspace.starts_with('/') || fs::exists(folder / "vendor"))
        return true;
    ECC_TRY(const std::string text, ask_go(folder, {"mod", "edit", "-json"}));
    const json module = json::parse(text, nullptr, false);
    const json replacements = module.is_object() ? module.value("Replace", json()) : json();
    return std::ranges::any_of(replacements, is_library);
}

/// A copy of go.mod that says where the library is; go looks for go.sum beside it.
Result<fs::path> write_go_mod(const GuestBuild& build, const fs::path& scratch) {
    const fs::path copy = scratch / "go.mod";
    for (const char* name : {"go.mod", "go.sum"}) {
        if (!fs::exists(build.folder.path / name))
            continue;
        ECC_TRY(const Bytes content, read_file(build.folder.path / name));
        ECC_CHECK(write_file(scratch / name, content));
    }
    const std::string module = library_module;
    ECC_CHECK(ask_go(build.folder.path,
                     {"mod", "edit", "-require=" + module + "@v0.0.0",
                      "-replace=" + module + "=" + fs::absolute(build.library).string(), copy.string()}));
    return copy;
}

/// What the program and the modules that it uses consist of, without Go's own packages.
Result<Dependencies> files_read(const GuestBuild& build, const ToolRun& build_run) {
    constexpr const char* files =
        R"({{if not .Standard}}{{$folder := .Dir}}{{range .GoFiles}}{{$folder}}/{{.}}{{"\n"}}{{end}})"
        R"({{range .SFiles}}{{$folder}}/{{.}}{{"\n"}}{{end}}{{range .EmbedFiles}}{{$folder}}/{{.}}{{"\n"}}{{end}}{{end}})";
    ToolRun run{{"go", "list", "-deps", "-f", files}, build_run.folder, build_run.environment};
    for (const std::string& argument : build_run.arguments)
        if (argument.starts_with("-modfile="))
            run.arguments.push_back(argument);
    run.arguments.emplace_back(".");
    ECC_TRY(const ToolAnswer answer, run_tool(run, install_go));
    std::vector<fs::path> paths;
    for (const char* name : {"go.mod", "go.sum"})
        if (fs::exists(build.folder.path / name))
            paths.push_back(build.folder.path / name);
    std::istringstream lines(answer.output);
    for (std::string line; std::getline(lines, line);)
        if (!line.empty())
            paths.emplace_back(line);
    return guest_dependencies(build, paths);
}

} // namespace

Result<UserModule> build_with_go(const GuestBuild& build) {
    ECC_TRY(const TempDir scratch, TempDir::make());
    const fs::path program = scratch.path() / "program.wasm";
    ToolRun run{{"go", "build", "-trimpath", "-buildvcs=false", "-ldflags=-s -w", "-o", program.string()},
                build.folder.path,
                {{"GOOS", "wasip1"}, {"GOARCH", "wasm"}}};
    if (build.verbose)
        run.arguments.emplace_back("-v");
    ECC_TRY(const bool is_said, says_where_library_is(build.folder.path));
    if (!is_said) {
        ECC_TRY(const fs::path go_mod, write_go_mod(build, scratch.path()));
        run.arguments.push_back("-modfile=" + go_mod.string());
    }
    run.arguments.emplace_back(".");
    ECC_CHECK(write_bindings(build));
    ECC_TRY(const ToolAnswer answer, run_tool(run, install_go));
    if (!answer.ok)
        return input_error(build.folder.path.string(), "go build failed; its messages are above");
    UserModule module;
    ECC_TRY(module.wasm, read_file(program));
    if (build.dependencies) {
        ECC_TRY(module.dependencies, files_read(build, run));
    }
    return module;
}

} // namespace ecc
