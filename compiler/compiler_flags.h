// The compiler options that users pass on to clang, for both parts of a program.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ecc {

enum class SourceLanguage : std::uint8_t { c, cxx };

struct CompilerFlags {
    std::vector<std::string> include_folders; ///< -I
    std::vector<std::string> quote_folders;   ///< -iquote
    std::vector<std::string> system_folders;  ///< -isystem
    std::vector<std::string> last_folders;    ///< -idirafter
    std::vector<std::string> definitions;     ///< -D
    std::vector<std::string> undefinitions;   ///< -U
    std::vector<std::string> forced_includes; ///< -include
    std::vector<std::string> warnings;        ///< -W, without the letter: "all", "no-unused"
    std::vector<std::string> features;        ///< -f, without the letter: "no-builtin"
    std::vector<std::string> standards; ///< -std; one of C++ ("c++20", "gnu++17") goes to C++ files alone
};

/// Appends `flags` as `clang -cc1` takes them.
void add_flags(std::vector<std::string>& arguments, const CompilerFlags& flags, SourceLanguage language);

/// Whether the compiler takes the value of this -fNAME=VALUE as an argument of its own, where clang's driver
/// joins them; `add_flags` takes them apart.
bool is_passed_on_apart(std::string_view option);

/// All folders that are searched for headers, in the order of the search.
std::vector<std::string> folders_of(const CompilerFlags& flags);

/// `text` without the spaces between its words.
std::vector<std::string> words(std::string_view text);

} // namespace ecc
