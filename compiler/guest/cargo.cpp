#include "compiler/guest/cargo.h"

#include "compiler/guest/tool.h"
#include "support/files.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>
#include <utility>

namespace ecc {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr const char* library_crate = "ecc-guest";
constexpr const char* install_rust =
    "install Rust (https://rustup.rs), then: rustup target add wasm32-wasip1";

/// The newer name first; before Rust 1.78 there was only the other.
constexpr std::array wasm_targets = {"wasm32-wasip1", "wasm32-wasi"};

/// What makes a small module, as [profile.release] would say it.
constexpr std::array size_settings = {
    std::pair{"CARGO_PROFILE_RELEASE_OPT_LEVEL", "s"},
    std::pair{"CARGO_PROFILE_RELEASE_LTO", "true"},
    std::pair{"CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "1"},
    std::pair{"CARGO_PROFILE_RELEASE_STRIP", "true"},
};

/// What `cargo metadata --no-deps` tells, as far as we need it. Strange answers give empty values.
struct Metadata {
    fs::path workspace;
    json package;
};

std::string variable_or(const char* name, const char* otherwise) {
    const char* value = std::getenv(name);
    return value != nullptr && *value != '\0' ? value : otherwise;
}

bool has_standard_library(const fs::path& libraries) {
    std::error_code error;
    for (const fs::directory_entry& file : fs::directory_iterator(libraries, error))
        if (file.path().filename().string().starts_with("libstd-"))
            return true;
    return false;
}

/// The target whose standard library the compiler of that folder has.
Result<std::string> find_target(const fs::path& folder) {
    for (const char* target : wasm_targets) {
        const ToolRun question{
            {variable_or("RUSTC", "rustc"), "--print", "target-libdir", "--target", target},
            folder,
            {},
            true};
        ECC_TRY(const ToolAnswer answer, run_tool(question, install_rust));
        const std::string libraries = answer.output.substr(0, answer.output.find('\n'));
        if (answer.ok && has_standard_library(libraries))
            return target;
    }
    return environment_error("rustc", "the WebAssembly target wasm32-wasip1 is not installed", install_rust);
}

json parse_object(std::string_view text) {
    json value = json::parse(text, nullptr, false);
    return value.is_object() ? value : json::object();
}

Result<Metadata> read_metadata(const fs::path& folder) {
    const std::string where = (folder / "Cargo.toml").string();
    const ToolRun question{
        {"cargo", "metadata", "--no-deps", "--offline", "--format-version", "1"}, folder, {}};
    ECC_TRY(const ToolAnswer answer, run_tool(question, install_rust));
    if (!answer.ok)
        return input_error(where, "cargo cannot read it; its messages are above");
    const json all = parse_object(answer.output);
    std::error_code ignored;
    for (const json& package : all.value("packages", json::array()))
        if (fs::equivalent(package.value("manifest_path", ""), where, ignored))
            return Metadata{all.value("workspace_root", ""), package};
    return input_error(where, "there is no package in it",
                       "give --guest the folder of the workspace's member");
}

json dependencies_of(const json& package) {
    return package.value("dependencies", json::array());
}

bool is_library(const json& dependency) {
    return dependency.value("name", "") == library_crate;
}

bool is_from_registry(const json& dependency) {
    return dependency.contains("source") && dependency["source"].is_string();
}

bool is_library_from_registry(const json& dependency) {
    return is_library(dependency) && is_from_registry(dependency);
}

/// The library that comes along takes the place of a registry's; if it is all that is not here, nobody need
/// ask one.
std::vector<std::string> library_arguments(const json& package, const fs::path& library) {
    const json dependencies = dependencies_of(package);
    if (std::ranges::none_of(dependencies, is_library_from_registry))
        return {};
    std::vector<std::string> arguments = {
        "--config", fmt::format("patch.crates-io.{}.path={}", library_crate, json(library.string()).dump())};
    const bool only_ours = std::ranges::all_of(dependencies, [](const json& dependency) {
        return !is_from_registry(dependency) || is_library_from_registry(dependency);
    });
    if (only_ours)
        arguments.emplace_back("--offline");
    return arguments;
}

bool has_release_profile(const fs::path& workspace) {
    const Result<Bytes> manifest = read_file(workspace / "Cargo.toml");
    return manifest && as_text(*manifest).find("[profile.release]") != std::string_view::npos;
}

ToolRun cargo_run(const GuestBuild& build, const Metadata& metadata, const std::string& target) {
    ToolRun run{{"cargo", "build", "--release", "--bins", "--target", target,
                 "--message-format=json-render-diagnostics"},
                build.folder.path,
                {}};
    if (!build.verbose)
        run.arguments.emplace_back("--quiet");
    std::ranges::copy(library_arguments(metadata.package, build.library), std::back_inserter(run.arguments));
    if (!has_release_profile(metadata.workspace))
        for (const auto& [name, value] : size_settings)
            run.environment.emplace_back(name, variable_or(name, value));
    return run;
}

struct Program {
    std::string name;
    fs::path path;
};

/// The programs of the package among cargo's messages, one JSON object a line.
std::vector<Program> programs_in(std::string_view messages, const json& package) {
    std::vector<Program> programs;
    while (!messages.empty()) {
        const std::size_t end = std::min(messages.find('\n'), messages.size());
        const json message = parse_object(messages.substr(0, end));
        messages.remove_prefix(std::min(end + 1, messages.size()));
        if (message.value("reason", "") != "compiler-artifact" ||
            message.value("package_id", "") != package.value("id", "") || !message.contains("executable") ||
            !message["executable"].is_string())
            continue;
        programs.push_back({message.value("target", json::object()).value("name", ""),
                            message["executable"].get<std::string>()});
    }
    return programs;
}

Result<fs::path> choose_program(const std::vector<Program>& programs, const GuestBuild& build) {
    if (programs.size() == 1)
        return programs.front().path;
    const auto named = std::ranges::find(programs, build.name, &Program::name);
    if (named != programs.end())
        return named->path;
    if (programs.empty())
        return input_error(build.folder.path.string(), "the package has no program",
                           "write a src/main.rs; a library is no user part");
    std::vector<std::string> names;
    std::ranges::transform(programs, std::back_inserter(names), &Program::name);
    std::ranges::sort(names); // cargo tells them as they are ready
    return input_error(build.folder.path.string(),
                       fmt::format("there are several programs: {}", fmt::join(names, ", ")),
                       fmt::format("name the one to package {}, like the BPF source", build.name));
}

/// The paths behind "PROGRAM: " in the rule that cargo writes beside a program; a blank in a name follows a
/// backslash.
std::vector<fs::path> prerequisites_in(std::string_view rule) {
    rule = rule.substr(0, rule.find('\n'));
    const std::size_t colon = rule.find(": ");
    std::vector<fs::path> paths;
    std::string path;
    for (std::size_t i = colon == rule.npos ? rule.size() : colon + 2; i < rule.size(); i++) {
        if (rule[i] == '\\' && i + 1 < rule.size()) {
            path += rule[++i];
        } else if (rule[i] != ' ') {
            path += rule[i];
        } else if (!path.empty()) {
            paths.emplace_back(std::exchange(path, {}));
        }
    }
    if (!path.empty())
        paths.emplace_back(path);
    return paths;
}

Result<Dependencies> files_read(const GuestBuild& build, const Metadata& metadata, fs::path program) {
    ECC_TRY(const Bytes rule, read_file(program.replace_extension(".d")));
    std::vector<fs::path> paths = prerequisites_in(as_text(rule));
    for (const fs::path& folder : {build.folder.path, metadata.workspace})
        for (const char* name : {"Cargo.toml", "Cargo.lock"})
            if (fs::exists(folder / name))
                paths.push_back(folder / name);
    return guest_dependencies(build, paths);
}

} // namespace

Result<UserModule> build_with_cargo(const GuestBuild& build) {
    ECC_TRY(const Metadata metadata, read_metadata(build.folder.path));
    ECC_TRY(const std::string target, find_target(build.folder.path));
    ECC_CHECK(write_bindings(build));
    ECC_TRY(const ToolAnswer answer, run_tool(cargo_run(build, metadata, target), install_rust));
    if (!answer.ok)
        return input_error(
            build.folder.path.string(), "cargo build failed; its messages are above",
            std::ranges::any_of(dependencies_of(metadata.package), is_library)
                ? ""
                : fmt::format("the bindings need {} = \"0.1\" in [dependencies]", library_crate));
    ECC_TRY(const fs::path program, choose_program(programs_in(answer.output, metadata.package), build));
    UserModule module;
    ECC_TRY(module.wasm, read_file(program));
    if (build.dependencies) {
        ECC_TRY(module.dependencies, files_read(build, metadata, program));
    }
    return module;
}

} // namespace ecc
