// What a 401 reply asks for: challenges of RFC 9110 (11.6.1), and the scopes of registry tokens.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace ecc {

struct Challenge {
    std::string scheme;                            ///< in lower case
    std::map<std::string, std::string> parameters; ///< names in lower case
    bool operator==(const Challenge&) const = default;
};

/// All challenges of one WWW-Authenticate header; what is malformed is left out.
std::vector<Challenge> parse_challenges(std::string_view header);

/// Actions of several scopes on the same repository become one, sorted: "repository:a:pull" and
/// "repository:a:push" are "repository:a:pull,push".
std::string merge_scopes(std::string_view a, std::string_view b);

/// The parts between separators; none for an empty text.
std::vector<std::string> split(std::string_view text, char separator);

} // namespace ecc
