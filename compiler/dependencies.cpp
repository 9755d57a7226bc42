#include "compiler/dependencies.h"

#include <algorithm>
#include <clang/Basic/MakeSupport.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <llvm/ADT/SmallString.h>

namespace ecc {
namespace {

namespace fs = std::filesystem;

bool is_same(const fs::path& one, const fs::path& other) {
    std::error_code ignored;
    return one == other || fs::equivalent(one, other, ignored);
}

Result<std::string> prerequisite(const std::string& path) {
    if (path.find('\n') != path.npos)
        return input_error(path, "a name with a line break cannot stand in a rule of make",
                           "rename the file");
    return quoted_for_make(path);
}

} // namespace

void add_dependencies(Dependencies& all, const Dependencies& more) {
    for (const Dependency& dependency : more)
        if (std::ranges::find(all, dependency.path, &Dependency::path) == all.end())
            all.push_back(dependency);
}

Result<fs::path> dependency_file(const DependencyOptions& options, const fs::path& output,
                                 const std::vector<fs::path>& sources) {
    if (output == "-" && (!options.file || options.targets.empty()))
        return usage_error("-MD takes its names from the output, which is standard output",
                           "give -o FILE, or -MF FILE and -MT TARGET");
    const fs::path file = options.file.value_or(fs::path(output).replace_extension(".d"));
    const auto collides = [&](const fs::path& path) { return is_same(path, file); };
    if (collides(output) || std::ranges::any_of(sources, collides))
        return usage_error(fmt::format("the dependencies in {} would replace {}", file.string(),
                                       collides(output) ? "the output" : "a source"),
                           "give another name with -MF");
    return file;
}

std::string quoted_for_make(const std::string& name) {
    llvm::SmallString<256> quoted;
    clang::quoteMakeTarget(name, quoted);
    return quoted.str().str();
}

Result<std::string> dependency_rule(const DependencyOptions& options, const fs::path& output,
                                    const Dependencies& dependencies, const std::vector<fs::path>& sources) {
    std::vector<std::string> targets = options.targets;
    if (targets.empty())
        targets.push_back(quoted_for_make(output.string()));
    std::string rule = fmt::format("{}:", fmt::join(targets, " "));
    std::string phony;
    for (const Dependency& dependency : dependencies) {
        if (dependency.system && !options.system_headers)
            continue;
        ECC_TRY(const std::string name, prerequisite(dependency.path));
        rule += fmt::format(" \\\n  {}", name);
        if (options.phony_headers && std::ranges::find(sources, fs::path(dependency.path)) == sources.end())
            phony += fmt::format("{}:\n", name);
    }
    return rule + "\n" + phony;
}

} // namespace ecc
