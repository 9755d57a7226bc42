#include "packager/oci/challenge.h"

#include "packager/oci/header_scanner.h"
#include "support/letter_case.h"

#include <algorithm>
#include <iterator>
#include <set>

namespace ecc {
namespace {

constexpr std::size_t max_challenges = 16;

} // namespace

std::vector<Challenge> parse_challenges(std::string_view header) {
    std::vector<Challenge> challenges;
    HeaderScanner scanner(header);
    while (scanner.skip(" \t,"), !scanner.at_end() && challenges.size() <= max_challenges) {
        std::string word = lower_case(scanner.token());
        if (word.empty())
            break;
        scanner.skip(" \t");
        if (!scanner.take('=')) {
            challenges.push_back({word, {}});
            scanner.skip_token68();
            continue;
        }
        if (challenges.empty())
            break;
        scanner.skip(" \t");
        challenges.back().parameters.emplace(word, scanner.value());
    }
    return challenges;
}

std::string merge_scopes(std::string_view a, std::string_view b) {
    std::map<std::string, std::set<std::string>> actions; // by "repository:name"
    for (std::string_view scopes : {a, b})
        for (const std::string& scope : split(scopes, ' '))
            if (auto colon = scope.rfind(':'); colon != scope.npos)
                for (std::string& action : split(std::string_view(scope).substr(colon + 1), ','))
                    actions[scope.substr(0, colon)].insert(std::move(action));
    std::string merged;
    for (const auto& [resource, names] : actions) {
        merged += (merged.empty() ? "" : " ") + resource;
        for (const std::string& name : names)
            merged += (name == *names.begin() ? ":" : ",") + name;
    }
    return merged;
}

std::vector<std::string> split(std::string_view text, char separator) {
    std::vector<std::string> parts;
    while (!text.empty()) {
        auto end = std::min(text.find(separator), text.size());
        parts.emplace_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return parts;
}

} // namespace ecc
