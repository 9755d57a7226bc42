// What a package was made from, as a rule for make and ninja (`-MD`). In: the files that a build read. Out:
// text such as "out.wasm: prog.bpf.c prog.h", one file a line, in clang's spelling, which make and ninja both
// read.
#pragma once

#include "support/result.h"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace ecc {

struct Dependency {
    std::string path;    ///< as it was found, relative to the current folder if the search path was
    bool system = false; ///< a header that comes with ecc

    bool operator==(const Dependency&) const = default;
};

using Dependencies = std::vector<Dependency>;

/// Appends what is not there yet.
void add_dependencies(Dependencies& all, const Dependencies& more);

struct DependencyOptions {
    bool system_headers = true;                ///< -MD; -MMD leaves them out
    std::optional<std::filesystem::path> file; ///< -MF; else the output with the suffix .d
    std::vector<std::string> targets;          ///< -MT and -MQ as the rule shall say them; else the output
    bool phony_headers = false;                ///< -MP: a rule for each header, so that it may vanish
};

/// A usage error if there is neither an output nor -MF, -MT to take the names from, or if the rule would
/// replace a file that it names or the output.
Result<std::filesystem::path> dependency_file(const DependencyOptions& options,
                                              const std::filesystem::path& output,
                                              const std::vector<std::filesystem::path>& sources);

/// `name` with the characters escaped that mean something to make.
std::string quoted_for_make(const std::string& name);

/// `sources` need no phony rule. An input error for a name with a line break, which no rule can say.
Result<std::string> dependency_rule(const DependencyOptions& options, const std::filesystem::path& output,
                                    const Dependencies& dependencies,
                                    const std::vector<std::filesystem::path>& sources);

} // namespace ecc
