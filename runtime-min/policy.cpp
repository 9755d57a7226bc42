#include "runtime-min/policy.h"

#include <algorithm>
#include <fmt/format.h>

namespace ecc {

namespace {

bool contains(const std::vector<std::string>& list, std::string_view text) {
    return std::ranges::find(list, text) != list.end();
}

/// '*' stands for any text, also none.
bool matches(std::string_view text, std::string_view pattern) {
    const auto star = pattern.find('*');
    if (star == pattern.npos)
        return text == pattern;
    if (!text.starts_with(pattern.substr(0, star)))
        return false;
    text.remove_prefix(star);
    pattern.remove_prefix(star + 1);
    const auto next = std::min(pattern.find('*'), pattern.size());
    if (next == pattern.size())
        return text.ends_with(pattern);
    // The first place that fits leaves most for the rest.
    const auto at = text.find(pattern.substr(0, next));
    return at != text.npos && matches(text.substr(at), pattern);
}

std::unexpected<Error> refused(const Policy& policy, const std::string& where, const std::string& what) {
    return environment_error(where, fmt::format("{}, which {} does not permit", what, policy.path),
                             fmt::format("a change to {}, by whoever keeps it", policy.path));
}

} // namespace

Permissions granted(const Policy& policy, const std::string& digest) {
    Permissions permissions = policy.allow;
    for (const auto& rule : policy.packages) {
        if (rule.digest == digest)
            permissions.add(rule.allow);
    }
    return permissions;
}

Result<> check_package(const Policy& policy, const std::string& digest, const Permissions& permissions,
                       const std::string& where) {
    if (policy.only.digests && !contains(*policy.only.digests, digest))
        return refused(policy, where, "this is the package " + digest);
    for (const auto permission : permissions.all()) {
        const std::string name(permission_name(permission));
        if (policy.only.permissions && !contains(*policy.only.permissions, name))
            return refused(policy, where, fmt::format("it would run with --allow {}", name));
    }
    return {};
}

Result<> check_object(const Policy& policy, const ObjectFacts& object, const std::string& where) {
    for (const auto& program : object.programs) {
        const auto fits = [&](const std::string& pattern) { return matches(program.section, pattern); };
        if (policy.only.program_types && !contains(*policy.only.program_types, program.type_name))
            return refused(policy, where,
                           fmt::format("program '{}' is of type {}", program.name, program.type_name));
        if (policy.only.hooks && std::ranges::none_of(*policy.only.hooks, fits))
            return refused(policy, where,
                           fmt::format("program '{}' has the section \"{}\"", program.name, program.section));
    }
    return {};
}

Result<Limits> choose_limits(const Policy& policy, std::span<const std::string> asked) {
    Limits limits;
    for (const auto& [kind, value] : policy.limits)
        limits.*kind->value = value;
    for (const auto& words : asked)
        ECC_CHECK(set_limit(limits, words));
    for (const auto& [kind, value] : policy.limits) {
        if (limits.*kind->value > value)
            return usage_error(fmt::format("--limit {}={}: {} permits at most {}", kind->name,
                                           limit_text(*kind, limits.*kind->value), policy.path,
                                           limit_text(*kind, value)));
    }
    return limits;
}

} // namespace ecc
