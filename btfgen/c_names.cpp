#include "btfgen/c_names.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace ecc {

namespace {

// clang-format off
/// Sorted. C23, C++23, GNU's keywords, alternative tokens, and macros of compilers and of headers that a
/// skeleton includes.
constexpr std::array<std::string_view, 132> reserved = {
    "EOF", "NULL", "_Alignas", "_Alignof", "_Atomic", "_BitInt", "_Bool", "_Complex", "_Decimal128",
    "_Decimal32", "_Decimal64", "_Float16", "_Generic", "_Imaginary", "_Noreturn", "_Static_assert",
    "_Thread_local", "__alignof__", "__asm__", "__attribute__", "__const", "__extension__", "__inline",
    "__inline__", "__int128", "__restrict", "__signed__", "__thread", "__typeof__", "__volatile__",
    "alignas", "alignof", "and", "and_eq", "asm", "auto", "bitand", "bitor", "bool", "break", "case",
    "catch", "char", "char16_t", "char32_t", "char8_t", "class", "co_await", "co_return", "co_yield",
    "compl", "concept", "const", "const_cast", "consteval", "constexpr", "constinit", "continue",
    "decltype", "default", "delete", "do", "double", "dynamic_cast", "else", "enum", "errno", "explicit",
    "export", "extern", "false", "float", "for", "friend", "goto", "i386", "if", "inline", "int", "linux",
    "long", "mutable", "namespace", "new", "noexcept", "not", "not_eq", "nullptr", "operator", "or",
    "or_eq", "private", "protected", "public", "register", "reinterpret_cast", "requires", "restrict",
    "return", "short", "signed", "sizeof", "static", "static_assert", "static_cast", "stderr", "stdin",
    "stdout", "struct", "switch", "template", "this", "thread_local", "throw", "true", "try", "typedef",
    "typeid", "typename", "typeof", "typeof_unqual", "union", "unix", "unsigned", "using", "virtual",
    "void", "volatile", "wchar_t", "while", "xor", "xor_eq",
};
// clang-format on

bool is_identifier_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

} // namespace

std::string c_identifier(std::string_view name) {
    static_assert(std::ranges::is_sorted(reserved));
    std::string identifier(name);
    for (char& c : identifier)
        if (!is_identifier_character(c))
            c = '_';
    if (identifier.empty() || (identifier[0] >= '0' && identifier[0] <= '9'))
        identifier.insert(identifier.begin(), '_');
    if (std::ranges::binary_search(reserved, std::string_view(identifier)))
        identifier += '_';
    return identifier;
}

std::string c_string(std::string_view text) {
    std::string literal = "\"";
    for (char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\')
            literal += {'\\', c};
        else if (c == '\n')
            literal += "\\n";
        else if (byte < 0x20 || byte >= 0x7f || c == '?') // '?': no trigraphs
            literal += fmt::format("\\{:03o}", byte);
        else
            literal += c;
    }
    return literal + '"';
}

std::string c_comment(std::string_view text) {
    std::string comment;
    for (char c : text) {
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
            c = ' ';
        const char previous = comment.empty() ? '\0' : comment.back();
        if ((previous == '*' && c == '/') || (previous == '/' && c == '*'))
            comment += ' ';
        comment += c;
    }
    if (comment.ends_with('\\')) // would continue the line in a line comment
        comment += ' ';
    return comment;
}

} // namespace ecc
