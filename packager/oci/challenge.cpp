#include "packager/oci/challenge.h"

#include <algorithm>
#include <iterator>
#include <set>

namespace ecc {
namespace {

constexpr std::size_t max_challenges = 16;

bool is_token_character(char c) {
    return c > 0x20 && c < 0x7f && std::string_view("\"(),/:;<=>?@[\\]{}").find(c) == std::string_view::npos;
}

std::string lower_case(std::string text) {
    for (char& c : text)
        if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c + 32);
    return text;
}

class ChallengeParser {
public:
    explicit ChallengeParser(std::string_view text) : text_(text) {}

    std::vector<Challenge> parse() {
        std::vector<Challenge> challenges;
        while (skip(" \t,"), !text_.empty() && challenges.size() <= max_challenges) {
            std::string word = lower_case(token());
            if (word.empty())
                break;
            skip(" \t");
            if (!text_.starts_with('='))
                challenges.push_back({word, {}});
            else if (!challenges.empty())
                challenges.back().parameters.emplace(word, value());
            else
                break;
        }
        return challenges;
    }

private:
    void skip(std::string_view characters) {
        text_.remove_prefix(std::min(text_.find_first_not_of(characters), text_.size()));
    }

    std::string token() {
        auto end = std::ranges::find_if_not(text_, is_token_character);
        std::string taken(text_.begin(), end);
        text_.remove_prefix(taken.size());
        return taken;
    }

    std::string value() {
        text_.remove_prefix(1);
        skip(" \t");
        return text_.starts_with('"') ? quoted() : token();
    }

    std::string quoted() {
        std::string content;
        std::size_t i = 1;
        for (; i < text_.size() && text_[i] != '"'; i++) {
            if (text_[i] == '\\' && i + 1 < text_.size())
                i++;
            content += text_[i];
        }
        text_.remove_prefix(std::min(i + 1, text_.size()));
        return content;
    }

    std::string_view text_;
};

} // namespace

std::vector<Challenge> parse_challenges(std::string_view header) {
    return ChallengeParser(header).parse();
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
