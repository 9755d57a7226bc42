#include "runtime-min/policy.h"

#include "runtime-min/hook_pattern.h"

#include <algorithm>
#include <fmt/ranges.h>

namespace ecc {

namespace {

bool contains(const std::vector<std::string>& list, std::string_view text) {
    return std::ranges::find(list, text) != list.end();
}

std::unexpected<Error> refused(const Policy& policy, const std::string& where, const std::string& what,
                               std::string hint = {}) {
    if (hint.empty())
        hint = fmt::format("a change to {}, by whoever keeps it", policy.path);
    return environment_error(where, fmt::format("{}, which {} does not permit", what, policy.path),
                             std::move(hint));
}

struct Grant {
    const Permissions* allow;
    std::string_view signer; ///< for whose sake; empty: for nobody's
};

/// Everything in the policy that gives this package something.
std::vector<Grant> grants_to(const Policy& policy, const Identity& identity) {
    std::vector<Grant> grants{{&policy.allow, ""}};
    for (const auto& rule : policy.packages) {
        if (rule.digest == identity.digest)
            grants.push_back({&rule.allow, ""});
    }
    for (const auto& signer : policy.signers) {
        if (contains(identity.signers, signer.name))
            grants.push_back({&signer.allow, signer.name});
    }
    return grants;
}

bool is_signed_by_one_of(const Identity& identity, const std::vector<std::string>& names) {
    return std::ranges::any_of(identity.signers, [&](const auto& name) { return contains(names, name); });
}

} // namespace

Permissions granted(const Policy& policy, const Identity& identity) {
    Permissions permissions;
    for (const auto& grant : grants_to(policy, identity))
        permissions.add(*grant.allow);
    return permissions;
}

std::string grantor(const Policy& policy, const Identity& identity, Permission permission) {
    for (const auto& grant : grants_to(policy, identity)) {
        if (grant.allow->has(permission))
            return grant.signer.empty() ? policy.path
                                        : fmt::format("{} for the signer \"{}\"", policy.path, grant.signer);
    }
    return "";
}

Result<> check_package(const Policy& policy, const Identity& identity, const Permissions& permissions,
                       const std::string& where) {
    if (policy.only.digests && !contains(*policy.only.digests, identity.digest))
        return refused(policy, where, "this is the package " + identity.digest);
    if (policy.only.signers && !is_signed_by_one_of(identity, *policy.only.signers))
        return refused(
            policy, where,
            fmt::format("it is not known to be signed by {}", fmt::join(*policy.only.signers, " or ")),
            "`ecc run --signatures REF` and ecc-run --bundle FILE show who signed a package");
    for (const auto permission : permissions.all()) {
        const std::string name(permission_name(permission));
        if (policy.only.permissions && !contains(*policy.only.permissions, name))
            return refused(policy, where, fmt::format("it would run with --allow {}", name));
    }
    return {};
}

Result<> check_hook(const Policy& policy, const std::string& program, std::string_view hook,
                    const std::string& where) {
    const auto fits = [&](const std::string& pattern) { return fits_hook_pattern(hook, pattern); };
    if (policy.only.hooks && std::ranges::none_of(*policy.only.hooks, fits))
        return refused(policy, where,
                       fmt::format("program '{}' would attach to the hook \"{}\"", program, hook));
    return {};
}

Result<> check_object(const Policy& policy, const ObjectFacts& object, const std::string& where) {
    for (const auto& program : object.programs) {
        if (policy.only.program_types && !contains(*policy.only.program_types, program.type_name))
            return refused(policy, where,
                           fmt::format("program '{}' is of type {}", program.name, program.type_name));
        ECC_CHECK(check_hook(policy, program.name, program.section, where));
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
