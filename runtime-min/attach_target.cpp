#include "runtime-min/attach_target.h"

#include "guest/c/include/ecc/host.h"
#include "packager/package/object_facts.h"
#include "runtime-min/attachment.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <fmt/ranges.h>
#include <linux/perf_event.h>

namespace ecc {

namespace {

/// How libbpf's section names (libbpf.c, section_defs) read as requests: the part before the first '/', and
/// what the rest names.
struct SectionForm {
    std::string_view prefix;
    std::uint32_t kind;
    std::uint32_t flags = 0;
};

constexpr std::array section_forms{
    SectionForm{"kprobe", ECC_ATTACH_KPROBE},
    SectionForm{"kretprobe", ECC_ATTACH_KPROBE, ECC_ATTACH_RETURN},
    SectionForm{"kprobe.multi", ECC_ATTACH_KPROBE_MULTI},
    SectionForm{"kretprobe.multi", ECC_ATTACH_KPROBE_MULTI, ECC_ATTACH_RETURN},
    SectionForm{"uprobe", ECC_ATTACH_UPROBE},
    SectionForm{"uprobe.s", ECC_ATTACH_UPROBE},
    SectionForm{"uretprobe", ECC_ATTACH_UPROBE, ECC_ATTACH_RETURN},
    SectionForm{"uretprobe.s", ECC_ATTACH_UPROBE, ECC_ATTACH_RETURN},
    SectionForm{"uprobe.multi", ECC_ATTACH_UPROBE_MULTI},
    SectionForm{"uprobe.multi.s", ECC_ATTACH_UPROBE_MULTI},
    SectionForm{"uretprobe.multi", ECC_ATTACH_UPROBE_MULTI, ECC_ATTACH_RETURN},
    SectionForm{"uretprobe.multi.s", ECC_ATTACH_UPROBE_MULTI, ECC_ATTACH_RETURN},
    SectionForm{"usdt", ECC_ATTACH_USDT},
    SectionForm{"usdt.s", ECC_ATTACH_USDT},
    SectionForm{"tracepoint", ECC_ATTACH_TRACEPOINT},
    SectionForm{"tp", ECC_ATTACH_TRACEPOINT},
    SectionForm{"raw_tracepoint", ECC_ATTACH_RAW_TRACEPOINT},
    SectionForm{"raw_tp", ECC_ATTACH_RAW_TRACEPOINT},
    SectionForm{"raw_tracepoint.w", ECC_ATTACH_RAW_TRACEPOINT},
    SectionForm{"raw_tp.w", ECC_ATTACH_RAW_TRACEPOINT},
};

/// enum bpf_prog_type since Linux 6.4; the machine's own header may be older.
constexpr ProgramType bpf_prog_type_netfilter = 32;

struct TypeKind {
    ProgramType type;
    std::uint32_t kind;
};

constexpr std::array type_kinds{
    TypeKind{BPF_PROG_TYPE_XDP, ECC_ATTACH_INTERFACE},
    TypeKind{BPF_PROG_TYPE_SCHED_CLS, ECC_ATTACH_TC},
    TypeKind{BPF_PROG_TYPE_SCHED_ACT, ECC_ATTACH_TC},
    TypeKind{BPF_PROG_TYPE_SOCK_OPS, ECC_ATTACH_CGROUP},
    TypeKind{BPF_PROG_TYPE_CGROUP_SKB, ECC_ATTACH_CGROUP},
    TypeKind{BPF_PROG_TYPE_CGROUP_SOCK, ECC_ATTACH_CGROUP},
    TypeKind{BPF_PROG_TYPE_CGROUP_SOCK_ADDR, ECC_ATTACH_CGROUP},
    TypeKind{BPF_PROG_TYPE_CGROUP_SOCKOPT, ECC_ATTACH_CGROUP},
    TypeKind{BPF_PROG_TYPE_CGROUP_SYSCTL, ECC_ATTACH_CGROUP},
    TypeKind{BPF_PROG_TYPE_CGROUP_DEVICE, ECC_ATTACH_CGROUP},
    TypeKind{BPF_PROG_TYPE_SK_LOOKUP, ECC_ATTACH_NETWORK_NAMESPACE},
    TypeKind{BPF_PROG_TYPE_FLOW_DISSECTOR, ECC_ATTACH_NETWORK_NAMESPACE},
    TypeKind{bpf_prog_type_netfilter, ECC_ATTACH_NETFILTER},
    TypeKind{BPF_PROG_TYPE_PERF_EVENT, ECC_ATTACH_PERF_EVENT},
};

template <class T> bool read_number(std::string_view text, T& value) {
    const int base = text.starts_with("0x") ? 16 : 10;
    if (base == 16)
        text.remove_prefix(2);
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
    return error == std::errc{} && end == text.data() + text.size();
}

bool read_hook(std::string_view text, std::uint32_t& hook) {
    if (text == "ingress" || text == "egress") {
        hook = text == "ingress" ? ECC_TC_INGRESS : ECC_TC_EGRESS;
        return true;
    }
    return read_number(text, hook);
}

struct Key {
    std::string_view name;
    std::string_view takes;
    std::string_view example;
    /// False: not a value that it takes.
    bool (*set)(AttachRequest&, std::string_view);
};

constexpr std::array keys{
    Key{"target", "an interface, cgroup, file, function or tracepoint", "eth0",
        [](AttachRequest& request, std::string_view text) {
            request.target = text;
            request.ifindex = 0;
            return !text.empty();
        }},
    Key{"symbol", "a function of the file, or PROVIDER:NAME of a USDT probe", "readline",
        [](AttachRequest& request, std::string_view text) {
            request.function = text;
            return !text.empty();
        }},
    Key{"offset", "a number of bytes", "16",
        [](AttachRequest& request, std::string_view text) { return read_number(text, request.offset); }},
    Key{"pid", "a process, or -1 for all", "42",
        [](AttachRequest& request, std::string_view text) { return read_number(text, request.pid); }},
    Key{"cookie", "a number from 0 to 2^64-1", "1",
        [](AttachRequest& request, std::string_view text) { return read_number(text, request.cookie); }},
    Key{"priority", "a number", "1",
        [](AttachRequest& request, std::string_view text) { return read_number(text, request.priority); }},
    Key{"family", "a number (NFPROTO_*)", "2",
        [](AttachRequest& request, std::string_view text) { return read_number(text, request.family); }},
    Key{"flags", "a number", "1",
        [](AttachRequest& request, std::string_view text) { return read_number(text, request.flags); }},
    Key{"frequency", "a number of samples per second, from 1", "49",
        [](AttachRequest& request, std::string_view text) {
            request.flags = ECC_ATTACH_FREQUENCY;
            request.perf_type = PERF_TYPE_SOFTWARE;
            request.perf_config = PERF_COUNT_SW_CPU_CLOCK;
            return read_number(text, request.perf_period) && request.perf_period > 0;
        }},
    Key{"hook", "ingress, egress or a number", "ingress",
        [](AttachRequest& request, std::string_view text) { return read_hook(text, request.hook); }},
};

const Key* find_key(std::string_view name) {
    const auto found = std::ranges::find(keys, name, &Key::name);
    return found == keys.end() ? nullptr : &*found;
}

std::string key_names() {
    std::vector<std::string_view> names;
    for (const auto& key : keys)
        names.push_back(key.name);
    return fmt::format("{}", fmt::join(names, ", "));
}

/// "FUNCTION+OFFSET" or a plain name.
void take_offset(std::string& name, std::uint64_t& offset) {
    const auto plus = name.rfind('+');
    if (plus != std::string::npos && read_number(std::string_view(name).substr(plus + 1), offset))
        name.resize(plus);
}

/// What stands behind the first '/' of a section.
void read_section_target(std::string_view rest, AttachRequest& request) {
    request.target = rest;
    if (request.kind == ECC_ATTACH_TRACEPOINT)
        std::ranges::replace(request.target, '/', ':');
    if (request.kind == ECC_ATTACH_KPROBE)
        take_offset(request.target, request.offset);
    const bool of_file = request.kind == ECC_ATTACH_UPROBE || request.kind == ECC_ATTACH_UPROBE_MULTI ||
                         request.kind == ECC_ATTACH_USDT;
    const auto colon = rest.find(':');
    if (!of_file || colon == std::string_view::npos)
        return;
    request.target = rest.substr(0, colon);
    request.function = rest.substr(colon + 1);
    if (request.kind == ECC_ATTACH_UPROBE)
        take_offset(request.function, request.offset);
}

AttachRequest from_section(const bpf_program* program) {
    AttachRequest request;
    request.kind = kind_with_target(program);
    const std::string_view section = bpf_program__section_name(program);
    if (request.kind == ECC_ATTACH_TC)
        request.hook = section.ends_with("egress") ? ECC_TC_EGRESS : ECC_TC_INGRESS;
    const auto slash = section.find('/');
    const auto form = std::ranges::find(section_forms, section.substr(0, slash), &SectionForm::prefix);
    if (form == section_forms.end())
        return request;
    request.flags = form->flags;
    if (slash != std::string_view::npos)
        read_section_target(section.substr(slash + 1), request);
    return request;
}

} // namespace

Result<TargetSetting> parse_target_setting(std::string_view text) {
    const auto equals = text.find('=');
    const auto dot = text.substr(0, equals).rfind('.');
    if (equals == std::string_view::npos || dot == std::string_view::npos || dot == 0)
        return usage_error(fmt::format("--set takes PROGRAM.KEY=VALUE, not '{}'", text),
                           "--set drop.target=eth0; keys: " + key_names());
    TargetSetting setting{std::string(text.substr(0, dot)),
                          std::string(text.substr(dot + 1, equals - dot - 1)),
                          std::string(text.substr(equals + 1))};
    const auto* key = find_key(setting.key);
    if (key == nullptr)
        return usage_error(fmt::format("--set knows no key '{}'", setting.key), key_names());
    AttachRequest tried;
    if (!key->set(tried, setting.value))
        return usage_error(
            fmt::format("--set {}= takes {}, not '{}'", text.substr(0, equals), key->takes, setting.value),
            fmt::format("--set {}={}", text.substr(0, equals), key->example));
    return setting;
}

Result<> check_target_settings(const std::vector<TargetSetting>& settings,
                               const std::vector<std::string>& programs) {
    for (const auto& setting : settings) {
        if (std::ranges::find(programs, setting.program) == programs.end())
            return usage_error(fmt::format("--set: there is no program '{}'", setting.program),
                               programs.empty() ? "" : fmt::format("{}", fmt::join(programs, ", ")));
    }
    return {};
}

bool is_undeclared(const std::vector<TargetSetting>& settings, const bpf_program* program,
                   const AttachRequest& asked) {
    // A sampling event has no place that could be named, a parameter of an iterator only narrows what it
    // shows, and unknown kinds are refused as such.
    if (asked.kind == ECC_ATTACH_SECTION || asked.kind == ECC_ATTACH_PERF_EVENT ||
        asked.kind >= ECC_ATTACH_ITERATOR)
        return false;
    const bool set = std::ranges::any_of(settings, [&](const TargetSetting& setting) {
        return setting.program == bpf_program__name(program) && setting.key == "target";
    });
    const auto declared = from_section(program);
    const bool is_elsewhere = asked.target != declared.target || asked.function != declared.function ||
                              asked.offset != declared.offset ||
                              ((asked.flags ^ declared.flags) & ECC_ATTACH_RETURN) != 0;
    return !set && is_elsewhere;
}

AttachRequest apply_targets(const std::vector<TargetSetting>& settings, const bpf_program* program,
                            const AttachRequest& asked) {
    auto request = asked;
    for (const auto& setting : settings) {
        if (setting.program != bpf_program__name(program))
            continue;
        if (request.kind == ECC_ATTACH_SECTION)
            request = from_section(program);
        find_key(setting.key)->set(request, setting.value);
    }
    return request;
}

std::uint32_t kind_with_target(const bpf_program* program) {
    const std::string_view section = bpf_program__section_name(program);
    const auto form =
        std::ranges::find(section_forms, section.substr(0, section.find('/')), &SectionForm::prefix);
    if (form != section_forms.end())
        return form->kind;
    const auto known =
        std::ranges::find(type_kinds, ProgramType{bpf_program__type(program)}, &TypeKind::type);
    return known == type_kinds.end() ? static_cast<std::uint32_t>(ECC_ATTACH_SECTION) : known->kind;
}

} // namespace ecc
