#include "compiler/commands/installed_packages.h"

#include "compiler/guest/tool.h"
#include "packager/oci/url.h"
#include "support/files.h"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <sstream>

namespace ecc {
namespace {

namespace fs = std::filesystem;

constexpr std::ptrdiff_t max_paths_at_once = 100; // three names of PATH_MAX each fit in a command line
constexpr std::string_view merged = "/usr";

/// What dpkg-query prints, also if it does not know some of the arguments.
std::istringstream ask_dpkg(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "dpkg-query");
    auto answer = run_tool(
        {.arguments = arguments, .folder = "/", .environment = {{"LC_ALL", "C"}}, .hides_messages = true},
        {});
    return std::istringstream(answer ? std::move(answer->output) : std::string());
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

/// The names under which dpkg may know a file, since distributions merged /lib into /usr/lib.
std::vector<std::string> names_of(const std::string& path) {
    std::error_code ignored;
    const bool is_merged = path.starts_with(merged);
    return {path, is_merged ? path.substr(merged.size()) : std::string(merged) + path,
            fs::canonical(path, ignored).string()};
}

/// Package by path, from lines "libc6:amd64: /lib/x86_64-linux-gnu/libc.so.6"; those about diversions and
/// folders of several packages have a space before the colon.
std::map<std::string, std::string> owners(const std::vector<std::string>& paths) {
    std::vector<std::string> query = {"--search", "--"};
    for (const std::string& path : paths)
        std::ranges::move(names_of(path), std::back_inserter(query));
    std::map<std::string, std::string> found;
    auto lines = ask_dpkg(std::move(query));
    for (std::string line; std::getline(lines, line);) {
        const auto end = line.find(": /");
        if (end != line.npos && line.find(' ') > end)
            found.try_emplace(line.substr(end + 2), line.substr(0, end));
    }
    return found;
}

/// By the name that owners() has for them.
std::map<std::string, RecordedComponent> describe_packages(const std::map<std::string, std::string>& owned) {
    std::vector<std::string> query = {
        "--show", "--showformat=${binary:Package} ${Package} ${Version} ${Architecture}\n", "--"};
    for (const auto& [path, package] : owned)
        query.push_back(package);
    std::map<std::string, RecordedComponent> described;
    auto words = ask_dpkg(std::move(query));
    const std::string vendor = distribution();
    for (std::string key, name, version, architecture; words >> key >> name >> version >> architecture;)
        described[key] = {.name = name,
                          .version = version,
                          .license = {},
                          .files = {},
                          .purl = fmt::format("pkg:deb/{}/{}@{}?arch={}", vendor, percent_encoded(name),
                                              percent_encoded(version), architecture)};
    return described;
}

void add_installed(std::map<std::string, RecordedComponent>& components,
                   const std::vector<std::string>& paths) {
    const auto owned = owners(paths);
    if (owned.empty())
        return;
    const auto packages = describe_packages(owned);
    for (const std::string& path : paths)
        for (const std::string& name : names_of(path))
            if (const auto owner = owned.find(name); owner != owned.end())
                if (const auto package = packages.find(owner->second); package != packages.end())
                    components.try_emplace(path, package->second);
}

} // namespace

std::map<std::string, RecordedComponent> installed_packages(const std::vector<std::string>& paths) {
    std::map<std::string, RecordedComponent> components;
    for (auto from = paths.begin(); from != paths.end();) {
        const auto to = from + std::min(max_paths_at_once, paths.end() - from);
        add_installed(components, {from, to});
        from = to;
    }
    return components;
}

} // namespace ecc
