#include "compiler/analysis/identifiers.h"

#include <clang/Basic/LangOptions.h>
#include <clang/Lex/Lexer.h>
#include <fmt/format.h>
#include <llvm/Support/MemoryBuffer.h>
#include <llvm/Support/Path.h>
#include <map>
#include <memory>

namespace ecc {
namespace {

constexpr std::size_t file_size_limit = 16u << 20;
constexpr std::size_t file_count_limit = 2000;

// Declares every helper with parameter names such as `dev`, `file` and `map`, which would each pull in what a
// member of that name points to. The typedefs that it needs are in every cut header.
constexpr std::string_view helper_declarations = "bpf_helper_defs.h";

using Names = std::vector<std::string>;

class Collector {
public:
    Collector(const IncludeFolders& folders, llvm::vfs::FileSystem& files)
        : folders_(folders), files_(files) {
        language_.LineComment = true;
        language_.C99 = true;
        language_.Digraphs = false;
    }

    Result<SourceIdentifiers> collect(const std::string& path, std::string_view text) {
        ECC_CHECK(lex(path, text));
        // `pending_` grows while headers are read; by index, because it moves.
        for (std::size_t i = 0; i < pending_.size(); i++) {
            if (pending_.size() > file_count_limit)
                return input_error(path, fmt::format("includes more than {} headers", file_count_limit));
            ECC_CHECK(lex_header(std::string(pending_[i])));
        }
        expand_macros();
        return std::move(result_);
    }

private:
    struct Include {
        std::string name;
        bool angled = false;
    };

    Result<void> lex_header(const std::string& path) {
        auto buffer = files_.getBufferForFile(path);
        if (!buffer)
            return {};
        return lex(path, {(*buffer)->getBufferStart(), (*buffer)->getBufferSize()});
    }

    Result<void> lex(const std::string& path, std::string_view text) {
        if (text.size() > file_size_limit)
            return input_error(path, fmt::format("is larger than {} MiB", file_size_limit >> 20));
        const std::string terminated(text); // the lexer reads up to a NUL
        clang::Lexer lexer(clang::SourceLocation(), language_, terminated.data(), terminated.data(),
                           terminated.data() + terminated.size());
        clang::Token token;
        lexer.LexFromRawLexer(token);
        while (!token.is(clang::tok::eof)) {
            if (token.is(clang::tok::hash) && token.isAtStartOfLine()) {
                lex_directive(lexer, token, path);
                continue;
            }
            if (token.is(clang::tok::raw_identifier))
                result_.names.insert(token.getRawIdentifier().str());
            lexer.LexFromRawLexer(token);
        }
        return {};
    }

    // Leaves the first token of the next line in `token`.
    void lex_directive(clang::Lexer& lexer, clang::Token& token, const std::string& path) {
        lexer.LexFromRawLexer(token);
        if (token.isAtStartOfLine() || !token.is(clang::tok::raw_identifier))
            return skip_line(lexer, token);
        const llvm::StringRef directive = token.getRawIdentifier();
        if (directive == "include" || directive == "include_next" || directive == "import")
            include(read_include(lexer.getBufferLocation()), path);
        else if (directive == "define")
            return lex_macro(lexer, token);
        skip_line(lexer, token);
    }

    static void skip_line(clang::Lexer& lexer, clang::Token& token) {
        while (!token.is(clang::tok::eof) && !token.isAtStartOfLine())
            lexer.LexFromRawLexer(token);
    }

    void lex_macro(clang::Lexer& lexer, clang::Token& token) {
        lexer.LexFromRawLexer(token);
        if (token.isAtStartOfLine() || !token.is(clang::tok::raw_identifier))
            return skip_line(lexer, token);
        Names& body = macros_[token.getRawIdentifier().str()];
        for (lexer.LexFromRawLexer(token); !token.is(clang::tok::eof) && !token.isAtStartOfLine();
             lexer.LexFromRawLexer(token))
            if (token.is(clang::tok::raw_identifier))
                body.push_back(token.getRawIdentifier().str());
    }

    // The rest of the line after `#include`; a macro in that place gives nothing.
    static Include read_include(const char* text) {
        while (*text == ' ' || *text == '\t')
            text++;
        const char close = *text == '"' ? '"' : *text == '<' ? '>' : '\0';
        if (!close)
            return {};
        Include include{{}, close == '>'};
        for (text++; *text && *text != close && *text != '\n'; text++)
            include.name += *text;
        return *text == close ? include : Include{};
    }

    void include(const Include& include, const std::string& from) {
        if (include.name.empty())
            return;
        const llvm::StringRef base = llvm::sys::path::filename(include.name);
        if (base == llvm::StringRef(helper_declarations))
            return;
        const std::string path = find(include, from);
        if (base == "vmlinux.h") {
            result_.includes_vmlinux = true;
            if (result_.own_vmlinux.empty())
                result_.own_vmlinux = path;
        } else if (!path.empty() && seen_.insert(path).second) {
            pending_.push_back(path);
        }
    }

    std::string find(const Include& include, const std::string& from) const {
        if (llvm::sys::path::is_absolute(include.name))
            return exists(include.name) ? include.name : std::string();
        if (!include.angled)
            if (std::string path = join(llvm::sys::path::parent_path(from), include.name); exists(path))
                return path;
        for (const auto* folders : {&folders_.user, &folders_.system})
            for (const std::string& folder : *folders)
                if (std::string path = join(folder, include.name); exists(path))
                    return path;
        return {};
    }

    bool exists(const std::string& path) const {
        auto status = files_.status(path);
        return status && status->isRegularFile();
    }

    static std::string join(llvm::StringRef folder, llvm::StringRef name) {
        llvm::SmallString<256> path(folder);
        llvm::sys::path::append(path, name);
        llvm::sys::path::remove_dots(path, true);
        return path.str().str();
    }

    // A macro's names count once the macro itself is named, so that a header full of macros costs nothing.
    void expand_macros() {
        std::vector<std::string> named(result_.names.begin(), result_.names.end());
        while (!named.empty()) {
            const std::string name = std::move(named.back());
            named.pop_back();
            // Also NAME1, NAME2 ...: BPF_KPROBE and its like paste the number of their arguments to a name.
            for (auto macro = macros_.lower_bound(name);
                 macro != macros_.end() && macro->first.starts_with(name);) {
                if (macro->first.find_first_not_of("0123456789", name.size()) != std::string::npos) {
                    ++macro;
                    continue;
                }
                for (std::string& used : macro->second)
                    if (result_.names.insert(used).second)
                        named.push_back(used);
                macro = macros_.erase(macro);
            }
        }
    }

    const IncludeFolders& folders_;
    llvm::vfs::FileSystem& files_;
    clang::LangOptions language_;
    SourceIdentifiers result_;
    std::map<std::string, Names> macros_;
    std::unordered_set<std::string> seen_;
    std::vector<std::string> pending_;
};

} // namespace

Result<SourceIdentifiers> collect_identifiers(const std::string& path, std::string_view text,
                                              const IncludeFolders& folders, llvm::vfs::FileSystem& files) {
    return Collector(folders, files).collect(path, text);
}

} // namespace ecc
