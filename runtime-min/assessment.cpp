#include "runtime-min/assessment.h"

#include "runtime-min/identity.h"
#include "runtime-min/object_usage.h"
#include "runtime-min/session.h"

#include <algorithm>
#include <fmt/format.h>

namespace ecc {

namespace {

std::vector<PermissionRequest> all_requests(const Assessment& assessment) {
    std::vector<PermissionRequest> requests;
    if (assessment.module.imports_wasm_bpf)
        requests.push_back({Permission::bytes, "it uses the older wasm_bpf interface"});
    else if (assessment.module.opens_objects && !assessment.module.package)
        requests.push_back({Permission::bytes, "it opens BPF objects and is no package"});
    for (const auto& object : assessment.objects) {
        auto more = requests_of(object);
        requests.insert(requests.end(), more.begin(), more.end());
    }
    return requests;
}

std::size_t file_size(const Package& package, const std::string& object) {
    const auto found = std::ranges::find_if(package.objects, [&](const EmbeddedObject& one) {
        return one.name == object && one.architecture == machine_architecture();
    });
    return found == package.objects.end() ? 0 : found->elf.size();
}

/// Why an object cannot be loaded under the limits, whatever the user part does.
std::string excess_of(const ObjectFacts& object, const Assessment& assessment) {
    const auto& module = assessment.module;
    const auto& limits = assessment.limits;
    const auto usage = expected_usage(object, file_size(*module.package, object.name));
    if (usage.programs > limits.programs && !module.chooses_programs)
        return fmt::format(
            "the object '{}' has more programs to load ({}) than the limit \"programs\" permits ({})",
            object.name, usage.programs, limits.programs);
    const auto& kind = limit_kind(&Limits::maps);
    if (usage.bytes > limits.maps && !module.resizes_maps)
        return fmt::format(
            "the object '{}' and its maps, when full, take more memory ({}) than the limit \"maps\" "
            "permits ({})",
            object.name, limit_text(kind, usage.bytes), limit_text(kind, limits.maps));
    return "";
}

} // namespace

Result<Assessment> assess(const Options& options, ByteView wasm, const std::string& where) {
    Assessment assessment{.where = where, .asked = options.permissions, .targets = options.targets};
    ECC_TRY(assessment.policy, choose_policy(options.policy));
    ECC_TRY(assessment.limits, choose_limits(assessment.policy, options.limits));
    ECC_TRY(assessment.identity, identify(options, assessment.policy, wasm, where));
    assessment.permissions = granted(assessment.policy, assessment.identity);
    assessment.permissions.add(options.permissions);
    ECC_TRY(assessment.module, inspect_module(wasm, where));
    ECC_TRY(assessment.objects, examine_objects(assessment.module, where));
    return assessment;
}

Result<> check(const Assessment& assessment) {
    ECC_CHECK(
        check_package(assessment.policy, assessment.identity, assessment.permissions, assessment.where));
    ECC_CHECK(check_code_size(assessment.module.code, assessment.limits, assessment.where));
    ECC_CHECK(check_module(assessment.module, assessment.permissions, assessment.where));
    if (!assessment.objects.empty())
        ECC_CHECK(check_target_settings(assessment.targets, assessment.objects));
    for (const auto& object : objects_with_settings(assessment))
        ECC_CHECK(check_object(assessment.policy, object, assessment.where));
    return {};
}

std::vector<ObjectFacts> objects_with_settings(const Assessment& assessment) {
    auto objects = assessment.objects;
    for (auto& object : objects)
        object = with_chosen_hooks(assessment.targets, std::move(object));
    return objects;
}

std::vector<Decision> decisions_of(const Assessment& assessment) {
    std::vector<Decision> decisions;
    for (auto& request : all_requests(assessment)) {
        const auto permission = request.permission;
        const bool allowed = assessment.permissions.has(permission);
        const auto by = assessment.asked.has(permission)
                            ? "--allow"
                            : grantor(assessment.policy, assessment.identity, permission);
        decisions.push_back({std::move(request), allowed, by});
    }
    return decisions;
}

std::string obstacle(const Assessment& assessment) {
    if (const auto checked = check(assessment); !checked)
        return checked.error().what;
    for (const auto& decision : decisions_of(assessment)) {
        if (!decision.allowed)
            return "it needs " + permission_flag(decision.request.permission);
    }
    for (const auto& object : assessment.objects) {
        if (auto excess = excess_of(object, assessment); !excess.empty())
            return excess;
    }
    return "";
}

} // namespace ecc
