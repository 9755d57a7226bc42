// Who may include whom: docs/architecture.md, "Folders".

#include "support/files.h"

#include <algorithm>
#include <filesystem>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <map>
#include <regex>
#include <set>

namespace ecc {
namespace {

namespace fs = std::filesystem;

/// A folder and the folders whose headers it may include, besides its own.
const std::map<std::string, std::set<std::string>> allowed = {
    {"support", {}},
    {"btfgen", {"support"}},
    {"skelgen", {"support", "btfgen"}},
    {"packager/package", {"support"}},
    {"packager/oci", {"support", "packager/package"}},
    {"compiler", {"support", "btfgen", "skelgen", "packager/package", "packager/oci"}},
    {"runtime-min", {"support", "packager/package", "guest/c"}},
};

/// LLVM is the compiler's alone, the network the registry client's, the engine the runtime's.
struct LibraryRule {
    std::string prefix;
    std::set<std::string> users;
};
const std::vector<LibraryRule> libraries = {
    {"llvm/", {"compiler"}},       {"clang/", {"compiler"}},  {"lld/", {"compiler"}},
    {"curl/", {"packager/oci"}},   {"wasmtime", {"runtime-min"}},
    {"bpf/", {"btfgen", "skelgen", "packager/package", "compiler", "runtime-min"}},
    {"CLI/", {"support", "compiler", "runtime-min"}},
    {"toml++/", {"runtime-min"}},
};

/// The entry of `allowed` that a path belongs to; empty for other folders and other people's headers.
std::string folder_of(const std::string& path) {
    for (const auto& [folder, uses] : allowed)
        if (path.starts_with(folder + "/"))
            return folder;
    return path.starts_with("guest/c/") ? "guest/c" : "";
}

std::vector<std::string> violations_in(const std::string& name, std::string_view text) {
    static const std::regex include(R"re(^\s*#\s*include\s*[<"]([^>"]+)[>"])re");
    const std::string folder = folder_of(name);
    std::vector<std::string> violations;
    std::string line;
    std::istringstream lines{std::string(text)};
    while (std::getline(lines, line)) {
        std::smatch match;
        if (!std::regex_search(line, match, include))
            continue;
        const std::string header = match[1];
        const std::string target = folder_of(header);
        if (!target.empty() && target != folder && !allowed.at(folder).contains(target))
            violations.push_back(name + " includes " + header);
        for (const LibraryRule& rule : libraries)
            if (header.starts_with(rule.prefix) && !rule.users.contains(folder))
                violations.push_back(name + " includes " + header);
    }
    return violations;
}

bool is_source(const fs::path& path) {
    return path.extension() == ".h" || path.extension() == ".cpp";
}

TEST(Includes, FollowTheArrowsOfTheArchitecture) {
    const fs::path root = ECC_SOURCE_DIR;
    std::vector<std::string> violations;
    std::size_t files = 0;
    for (const auto& [folder, uses] : allowed) {
        for (const auto& entry : fs::recursive_directory_iterator(root / folder)) {
            if (!is_source(entry.path()))
                continue;
            ++files;
            auto found = violations_in(entry.path().lexically_relative(root), as_text(*read_file(entry.path())));
            violations.insert(violations.end(), found.begin(), found.end());
        }
    }
    EXPECT_GT(files, 30u) << "the sources were not found under " << root;
    EXPECT_THAT(violations, testing::IsEmpty());
}

TEST(Includes, AgainstAnArrowAreFound) {
    EXPECT_THAT(violations_in("btfgen/a.cpp", "#include \"skelgen/render.h\"\n"),
                testing::ElementsAre("btfgen/a.cpp includes skelgen/render.h"));
    EXPECT_THAT(violations_in("packager/package/a.h", "  #  include <clang/AST/Decl.h>\n"),
                testing::ElementsAre("packager/package/a.h includes clang/AST/Decl.h"));
    EXPECT_THAT(violations_in("runtime-min/a.cpp", "#include \"packager/oci/registry.h\""), testing::SizeIs(1));
    EXPECT_THAT(violations_in("skelgen/a.cpp", "#include \"btfgen/layout.h\"\n#include <vector>\n"),
                testing::IsEmpty());
}

} // namespace
} // namespace ecc
