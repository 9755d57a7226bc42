// Names and texts from BTF or ELF (hostile) as C and C++ source can carry them.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

namespace ecc {

/// `name` with every character that no identifier has replaced by '_'; a trailing '_' keeps it apart from
/// keywords of C and C++ and from macros that are always there ("class" -> "class_", "linux" -> "linux_").
std::string c_identifier(std::string_view name);

/// A string literal with its quotes; what is not printable ASCII becomes an octal escape.
std::string c_string(std::string_view text);

/// `text` made harmless between the delimiters of a comment; control characters become spaces.
std::string c_comment(std::string_view text);

/// The names of one C scope, so that two members or types never meet.
class CScope {
public:
    /// Keeps names for what they were given to first: made-up ones (padding, second uses) avoid these.
    void expect(std::string_view name) { expected_.insert(c_identifier(name)); }
    /// `name` as an identifier, with ___2, ___3 ... if it is taken, as libbpf does it.
    std::string claim(std::string_view name);
    /// Takes exactly that identifier; false if it is taken.
    bool claim_exactly(const std::string& identifier) { return taken_.insert(identifier).second; }
    /// "__pad0", "__pad1", ... as far as free.
    std::string claim_padding();

private:
    bool is_free(const std::string& identifier) const;

    std::unordered_set<std::string> expected_;
    std::unordered_set<std::string> taken_;
    std::unordered_map<std::string, unsigned> uses_; // of an identifier that was claimed more than once
    unsigned paddings_ = 0;
};

} // namespace ecc
