// The names of one scope in generated text, so that two members or types never meet. In: names from BTF
// (hostile). Out: identifiers of one language, each given once.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

namespace ecc {

class NameScope {
public:
    using Spelling = std::string (*)(std::string_view name);

    /// `spell` makes an identifier of any text; `separator` stands between a name that is taken and its
    /// number.
    NameScope(Spelling spell, std::string_view separator) : spell_(spell), separator_(separator) {}

    /// Keeps names for what they were given to first: made-up ones (padding, second uses) avoid these.
    void expect(std::string_view name) { expected_.insert(spell_(name)); }
    /// `name` as an identifier, with 2, 3 ... after the separator if it is taken.
    std::string claim(std::string_view name);
    /// Takes exactly that identifier; false if it is taken.
    bool claim_exactly(const std::string& identifier) { return taken_.insert(identifier).second; }
    /// PREFIX0, PREFIX1, ... as far as free.
    std::string claim_numbered(std::string_view prefix);

private:
    bool is_free(const std::string& identifier) const;

    Spelling spell_;
    std::string_view separator_;
    std::unordered_set<std::string> expected_;
    std::unordered_set<std::string> taken_;
    std::unordered_map<std::string, unsigned> uses_;    // of an identifier that was claimed more than once
    std::unordered_map<std::string, unsigned> numbers_; // by prefix: the next one
};

/// The Spelling that leaves a name as it is.
inline std::string verbatim(std::string_view name) {
    return std::string(name);
}

} // namespace ecc
