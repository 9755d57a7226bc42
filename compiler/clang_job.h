// One compilation by clang inside this process. In: arguments of `clang -cc1`, files that exist only in
// memory, and what to do with the syntax tree. Out: an object file in memory, and clang's diagnostics as
// text.
//
// Nothing is printed and nothing is written. __DATE__ and __TIME__ are those of $SOURCE_DATE_EPOCH, or of
// 1970. One compilation runs after another; each has its own compiler instance.
#pragma once

#include "compiler/dependencies.h"
#include "skelgen/type_reference.h"
#include "support/bytes.h"

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace clang {
class ASTContext;
}

namespace ecc {

/// The folder, in no real file system, of headers that are made in memory.
inline constexpr const char* generated_folder = "/ecc-generated";

/// A file that wins over one of the same path on disk.
struct GeneratedFile {
    std::filesystem::path path;
    /// Called when clang first looks for the file. Nothing: the file does not exist.
    std::function<std::optional<std::string>()> text;
};

struct ClangJob {
    std::string input;                  ///< as diagnostics name it
    std::vector<std::string> arguments; ///< without the input
    std::vector<GeneratedFile> files;
    bool color = false;
    /// Runs on the whole syntax tree before code is generated; errors that it reports stop the compilation.
    std::function<void(clang::ASTContext&)> inspect;
    /// `inspect` also sees a tree with errors, which it may explain; it must expect invalid declarations
    /// there.
    bool inspects_failures = false;
    /// Types that must be in the object's BTF even if only `sizeof` names them; read after `inspect`.
    std::shared_ptr<const std::vector<TypeReference>> described_types;
};

struct ClangOutcome {
    bool ok = false;
    Bytes object;
    std::string diagnostics;   ///< as clang prints them, the closing "1 error generated." included
    Dependencies dependencies; ///< the input and the headers on disk that it includes
};

ClangOutcome run_clang(const ClangJob& job);

/// "22.1.8"
std::string clang_version();

} // namespace ecc
