#include "compiler/commands/image_components.h"

#include "compiler/commands/runner.h"
#include "compiler/guest/tool.h"
#include "packager/oci/blob_source.h"
#include "packager/oci/url.h"
#include "support/files.h"

#include <algorithm>
#include <fmt/format.h>
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

/// "debian" (os-release(5)); empty if nothing says it.
std::string distribution() {
    const auto text = read_file("/etc/os-release", 64u << 10);
    std::istringstream lines{text ? std::string(as_text(*text)) : std::string()};
    for (std::string line; std::getline(lines, line);)
        if (line.starts_with("ID=")) {
            std::erase(line, '"');
            return percent_encoded(line.substr(3));
        }
    return {};
}

/// The package that has the file, under one of the names that merged folders give it: "libc6:amd64".
std::string installed_package(const fs::path& file) {
    std::error_code ignored;
    for (const std::string& path :
         {file.string(), "/usr" + file.string(), fs::canonical(file, ignored).string()}) {
        const std::string found = answer_of({"dpkg-query", "--search", path});
        if (const auto end = found.find(": /"); end != found.npos && found.find(',') == found.npos)
            return found.substr(0, end);
    }
    return {};
}

/// Nothing if no package has it.
RecordedComponent installed_component(const std::string& package) {
    std::istringstream words(
        answer_of({"dpkg-query", "--show", "--showformat=${Package} ${Version} ${Architecture}", package}));
    RecordedComponent component;
    std::string architecture;
    words >> component.name >> component.version >> architecture;
    if (!architecture.empty())
        component.purl =
            fmt::format("pkg:deb/{}/{}@{}?arch={}", distribution(), percent_encoded(component.name),
                        percent_encoded(component.version), architecture);
    return component;
}

/// By the name of the package that has them.
void add_installed(std::map<std::string, RecordedComponent>& packages, RecordedComponent& others,
                   const LayerFile& file) {
    const fs::path here = "/" + file.path;
    const std::string package = is_of_this_machine(file, here) ? installed_package(here) : std::string();
    const auto [known, first] = packages.try_emplace(package);
    if (first && !package.empty())
        known->second = installed_component(package);
    const bool named = !known->second.purl.empty();
    (named ? known->second : others).files.push_back({file.path, file.digest});
}

} // namespace

std::vector<RecordedComponent> image_components(const std::vector<LayerFile>& files) {
    std::vector<RecordedComponent> components;
    std::map<std::string, RecordedComponent> packages;
    RecordedComponent others{.name = "files of the image"};
    const auto runner = find_runner();
    for (const LayerFile& file : files) {
        if (file.path == runner_path && runner && is_of_this_machine(file, *runner))
            components = parts_of_runner(file, *runner);
        else
            add_installed(packages, others, file);
    }
    for (auto& [name, component] : packages)
        if (!component.files.empty())
            components.push_back(std::move(component));
    if (!others.files.empty())
        components.push_back(std::move(others));
    return components;
}

} // namespace ecc
