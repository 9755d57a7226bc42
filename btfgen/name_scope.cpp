#include "btfgen/name_scope.h"

#include <fmt/format.h>

namespace ecc {

bool NameScope::is_free(const std::string& identifier) const {
    return !taken_.contains(identifier) && !expected_.contains(identifier);
}

std::string NameScope::claim(std::string_view name) {
    std::string identifier = spell_(name);
    if (taken_.insert(identifier).second)
        return identifier;
    unsigned& uses = uses_.try_emplace(identifier, 1).first->second;
    for (;;) {
        std::string numbered = fmt::format("{}{}{}", identifier, separator_, ++uses);
        if (!is_free(numbered))
            continue;
        taken_.insert(numbered);
        return numbered;
    }
}

std::string NameScope::claim_numbered(std::string_view prefix) {
    unsigned& number = numbers_.try_emplace(std::string(prefix), 0).first->second;
    for (;;) {
        std::string name = fmt::format("{}{}", prefix, number++);
        if (!is_free(name))
            continue;
        taken_.insert(name);
        return name;
    }
}

} // namespace ecc
