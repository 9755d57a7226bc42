#include "runtime-min/explain.h"

#include "runtime-min/map_memory.h"
#include "runtime-min/privileges.h"
#include "support/diagnostics.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

namespace ecc {

namespace {

using Json = nlohmann::ordered_json;

struct CapabilityName {
    int number;
    std::string_view name;
};
constexpr CapabilityName capability_names[] = {
    {CAP_BPF, "CAP_BPF"},
    {CAP_PERFMON, "CAP_PERFMON"},
    {CAP_NET_ADMIN, "CAP_NET_ADMIN"},
    {CAP_SYS_ADMIN, "CAP_SYS_ADMIN"},
    {CAP_SYSLOG, "CAP_SYSLOG"},
    {CAP_SYS_PTRACE, "CAP_SYS_PTRACE"},
    {CAP_DAC_OVERRIDE, "CAP_DAC_OVERRIDE"},
    {CAP_DAC_READ_SEARCH, "CAP_DAC_READ_SEARCH"},
};

std::vector<std::string_view> kept_capabilities(const Assessment& assessment) {
    const auto kept =
        needed_capabilities(assessment.module, objects_with_settings(assessment), assessment.permissions);
    std::vector<std::string_view> names;
    for (const auto& capability : capability_names) {
        if ((kept & capability_bit(capability.number)) != 0)
            names.push_back(capability.name);
    }
    return names;
}

std::string interface_of(const GuestModule& module) {
    if (module.imports_wasm_bpf)
        return "wasm_bpf";
    return module.package ? module.package->manifest.abi : "wasi";
}

class Text {
public:
    void line(std::string_view label, std::string_view value) {
        text_ += fmt::format("{:<13} {}\n", label, printable_line(value));
    }
    std::string take() { return std::move(text_); }

private:
    std::string text_;
};

void put_object(Text& text, const ObjectFacts& object) {
    text.line("object", object.name);
    for (const auto& program : object.programs)
        text.line("  program", fmt::format("{:<24} {:<14} {}{}", program.name, program.type_name,
                                           program.section, acts(program) ? "  (acts)" : ""));
    const auto& bytes = limit_kind(&Limits::maps);
    for (const auto& map : object.maps)
        text.line("  map",
                  fmt::format("{:<24} {:<14} {}{}", map.name, map.type_name,
                              limit_text(bytes, map_memory(map)), map.pinned_by_name ? "  (pinned)" : ""));
    if (!object.kernel_functions.empty())
        text.line("  calls", fmt::format("{}", fmt::join(object.kernel_functions, ", ")));
    if (!object.kernel_symbols.empty())
        text.line("  reads", fmt::format("{}", fmt::join(object.kernel_symbols, ", ")));
}

void put_decisions(Text& text, const Assessment& assessment) {
    if (!assessment.objects.empty())
        text.line("observe", "allowed");
    for (const auto& decision : decisions_of(assessment)) {
        const auto permission = decision.request.permission;
        const auto answer = decision.allowed
                                ? "allowed by " + decision.by
                                : fmt::format("refused; {} would allow it", permission_flag(permission));
        text.line(permission_name(permission), fmt::format("{}: {}", decision.request.reason, answer));
    }
}

Json json_of(const ObjectFacts& object) {
    Json programs = Json::array(), maps = Json::array();
    for (const auto& program : object.programs)
        programs.push_back({{"name", program.name},
                            {"type", program.type_name},
                            {"section", program.section},
                            {"acts", acts(program)}});
    for (const auto& map : object.maps)
        maps.push_back({{"name", map.name},
                        {"type", map.type_name},
                        {"bytes", map_memory(map)},
                        {"pinned", map.pinned_by_name}});
    return {{"name", object.name},
            {"programs", programs},
            {"maps", maps},
            {"kernel_functions", object.kernel_functions},
            {"kernel_symbols", object.kernel_symbols}};
}

Json json_of(const Decision& decision) {
    return {{"permission", permission_name(decision.request.permission)},
            {"reason", decision.request.reason},
            {"allowed", decision.allowed},
            {"by", decision.by},
            {"flag", permission_flag(decision.request.permission)}};
}

/// Times in milliseconds, sizes in bytes; null: no limit.
Json json_of(const Limits& limits) {
    Json object = Json::object();
    for (const auto& kind : limit_kinds()) {
        const auto value = limits.*kind.value;
        object[std::string(kind.name)] = value == no_limit ? Json(nullptr) : Json(value);
    }
    return object;
}

} // namespace

std::string explain_text(const Assessment& assessment) {
    Text text;
    if (const auto& package = assessment.module.package)
        text.line("package", fmt::format("{} {}", package->manifest.name, package->manifest.version));
    text.line("file", assessment.where);
    text.line("digest", assessment.identity.digest);
    for (const auto& signer : assessment.identity.signers)
        text.line("signed by", signer);
    text.line("interface", interface_of(assessment.module));
    for (const auto& object : assessment.objects)
        put_object(text, object);
    put_decisions(text, assessment);
    for (const auto& kind : limit_kinds())
        text.line("limit",
                  fmt::format("{:<9} {}", kind.name, limit_text(kind, assessment.limits.*kind.value)));
    text.line("capabilities", fmt::format("{}", fmt::join(kept_capabilities(assessment), ", ")));
    text.line("policy", assessment.policy.path.empty() ? "none" : assessment.policy.path);
    const auto why = obstacle(assessment);
    text.line("result", why.empty() ? "would run" : "would be refused: " + why);
    return text.take();
}

std::string explain_json(const Assessment& assessment) {
    const auto& package = assessment.module.package;
    const auto why = obstacle(assessment);
    Json objects = Json::array(), requests = Json::array();
    for (const auto& object : assessment.objects)
        objects.push_back(json_of(object));
    for (const auto& decision : decisions_of(assessment))
        requests.push_back(json_of(decision));
    const Json json = {{"name", package ? package->manifest.name : ""},
                       {"version", package ? package->manifest.version : ""},
                       {"file", assessment.where},
                       {"digest", assessment.identity.digest},
                       {"signers", assessment.identity.signers},
                       {"interface", interface_of(assessment.module)},
                       {"objects", objects},
                       {"requests", requests},
                       {"limits", json_of(assessment.limits)},
                       {"capabilities", kept_capabilities(assessment)},
                       {"policy", assessment.policy.path},
                       {"allowed", why.empty()},
                       {"obstacle", why}};
    // What is no UTF-8 in a hostile name must not end in an exception.
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

} // namespace ecc
