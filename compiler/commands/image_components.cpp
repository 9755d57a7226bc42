#include "compiler/commands/image_components.h"

#include "compiler/commands/installed_packages.h"
#include "compiler/commands/runner.h"
#include "compiler/guest/tool.h"
#include "packager/oci/blob_source.h"
#include "packager/oci/url.h"

#include <algorithm>
#include <map>
#include <sstream>

namespace ecc {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view runner_path = "usr/bin/ecc-run";

/// What a program of this machine prints; empty if there is none, or it fails.
std::string answer_of(const std::vector<std::string>& command) {
    auto answer = run_tool(
        {.arguments = command, .folder = "/", .environment = {{"LC_ALL", "C"}}, .hides_messages = true}, {});
    return answer ? std::move(answer->output) : std::string();
}

bool is_of_this_machine(const LayerFile& file, const fs::path& here) {
    const auto content = FileSource::open(here);
    const auto found = content ? describe({}, **content) : std::unexpected(content.error());
    return found && found->digest == file.digest;
}

struct RuntimePart {
    std::string_view name, purl, license;
};

constexpr RuntimePart runtime_parts[] = {
    {"ecc-run", "pkg:generic/ecc-run@", "Apache-2.0"},
    {"libbpf", "pkg:github/libbpf/libbpf@v", "LGPL-2.1-only OR BSD-2-Clause"},
    {"wasmtime", "pkg:cargo/wasmtime@", "Apache-2.0 WITH LLVM-exception"},
};

/// Of what `ecc-run --version` says, a line "NAME VERSION" for each part.
std::vector<RecordedComponent> parts_of_runner(const LayerFile& file, const fs::path& runner) {
    std::vector<RecordedComponent> parts;
    std::istringstream lines(answer_of({runner.string(), "--version"}));
    for (std::string name, version; lines >> name >> version;) {
        const auto* part = std::ranges::find(runtime_parts, name, &RuntimePart::name);
        if (part == std::end(runtime_parts))
            continue;
        parts.push_back({.name = name,
                         .version = version,
                         .license = std::string(part->license),
                         .files = {},
                         .purl = std::string(part->purl) + percent_encoded(version),
                         .program = parts.empty()});
    }
    if (!parts.empty())
        parts.front().files.push_back({file.path, file.digest});
    return parts;
}

/// Of those that are here just so.
std::vector<std::string> paths_of_this_machine(const std::vector<LayerFile>& files) {
    std::vector<std::string> paths;
    for (const LayerFile& file : files)
        if (const std::string here = "/" + file.path; is_of_this_machine(file, here))
            paths.push_back(here);
    return paths;
}

} // namespace

std::vector<RecordedComponent> image_components(const std::vector<LayerFile>& files) {
    std::vector<RecordedComponent> components;
    std::map<std::string, RecordedComponent> packages;
    std::map<std::string, RecordedComponent> others;
    const auto runner = find_runner();
    const auto installed = installed_packages(paths_of_this_machine(files));
    for (const LayerFile& file : files) {
        const auto package = installed.find("/" + file.path);
        if (file.path == runner_path && runner && is_of_this_machine(file, *runner))
            components = parts_of_runner(file, *runner);
        else if (package == installed.end())
            others[file.platform].files.push_back({file.path, file.digest});
        else
            packages.try_emplace(package->second.purl, package->second)
                .first->second.files.push_back({file.path, file.digest});
    }
    for (auto& [purl, component] : packages)
        components.push_back(std::move(component));
    for (auto& [platform, component] : others) {
        component.name = "files of the image" + (platform.empty() ? "" : " for " + platform);
        components.push_back(std::move(component));
    }
    return components;
}

} // namespace ecc
