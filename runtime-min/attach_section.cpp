#include "runtime-min/attach_section.h"

#include "guest/c/include/ecc/host.h"
#include "runtime-min/attachment.h"
#include "runtime-min/numbers.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <span>

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

/// Sections of which the rest says what the program gets to see, and not where it attaches.
constexpr std::array other_forms{
    SectionForm{"iter", ECC_ATTACH_ITERATOR},
    SectionForm{"iter.s", ECC_ATTACH_ITERATOR},
    SectionForm{"lsm_cgroup", ECC_ATTACH_CGROUP},
};

/// The rest of their sections names what the kernel finds in its BTF.
constexpr std::array<std::string_view, 11> fitted_prefixes{"fentry",   "fentry.s",   "fexit",    "fexit.s",
                                                           "fmod_ret", "fmod_ret.s", "fsession", "fsession.s",
                                                           "lsm",      "lsm.s",      "tp_btf"};

std::string_view prefix_of(std::string_view section) {
    return section.substr(0, section.find('/'));
}

const SectionForm* find_form(std::span<const SectionForm> forms, std::string_view section) {
    const auto found = std::ranges::find(forms, prefix_of(section), &SectionForm::prefix);
    return found == forms.end() ? nullptr : &*found;
}

const SectionForm* form_of(std::string_view section) {
    return find_form(section_forms, section);
}

bool on_return(const AttachRequest& request) {
    return (request.flags & ECC_ATTACH_RETURN) != 0;
}

/// "FUNCTION+OFFSET" or a plain name.
void take_offset(std::string& name, std::uint64_t& offset) {
    const auto plus = name.rfind('+');
    if (plus == std::string::npos)
        return;
    if (const auto number = parse_number<std::uint64_t>(std::string_view(name).substr(plus + 1))) {
        offset = *number;
        name.resize(plus);
    }
}

/// What stands behind the first '/' of a section.
void read_section_target(std::string_view rest, AttachRequest& request) {
    request.target = rest;
    if (request.kind == ECC_ATTACH_TRACEPOINT)
        std::ranges::replace(request.target, '/', ':');
    if (request.kind == ECC_ATTACH_KPROBE)
        take_offset(request.target, request.offset);
    const auto colon = rest.find(':');
    if (!names_a_file(request.kind) || colon == std::string_view::npos)
        return;
    request.target = rest.substr(0, colon);
    request.function = rest.substr(colon + 1);
    if (request.kind == ECC_ATTACH_UPROBE)
        take_offset(request.function, request.offset);
}

bool is_same_place(const AttachRequest& one, const AttachRequest& other) {
    return one.kind == other.kind && one.target == other.target && one.function == other.function &&
           one.offset == other.offset && on_return(one) == on_return(other);
}

/// The program's own, or else the first for that kind; null: no section names such a place.
const SectionForm* form_for(const ProgramFacts& program, const AttachRequest& request) {
    const auto fits = [&](const SectionForm& form) {
        return form.kind == request.kind && ((form.flags & ECC_ATTACH_RETURN) != 0) == on_return(request);
    };
    const auto* own = form_of(program.section);
    if (own != nullptr && fits(*own))
        return own;
    const auto found = std::ranges::find_if(section_forms, fits);
    return found == section_forms.end() ? nullptr : &*found;
}

std::string place_text(const AttachRequest& request) {
    auto target = request.target;
    if (const auto colon = target.find(':'); request.kind == ECC_ATTACH_TRACEPOINT && colon != target.npos)
        target[colon] = '/';
    const auto* separator = names_a_file(request.kind) ? ":" : "";
    const auto offset = request.offset == 0 ? std::string() : fmt::format("+{}", request.offset);
    return target + separator + request.function + offset;
}

/// Only sections that name a direction change.
std::string with_direction(std::string section, std::uint32_t hook) {
    const auto slash = section.rfind('/');
    const auto direction = slash == section.npos ? std::string() : section.substr(slash + 1);
    if (direction == "ingress" || direction == "egress")
        section.replace(slash + 1, section.npos, hook == ECC_TC_EGRESS ? "egress" : "ingress");
    return section;
}

} // namespace

bool names_a_file(std::uint32_t kind) {
    return kind == ECC_ATTACH_UPROBE || kind == ECC_ATTACH_UPROBE_MULTI || kind == ECC_ATTACH_USDT;
}

std::uint32_t kind_with_target(const ProgramFacts& program) {
    for (const auto forms : {std::span<const SectionForm>(section_forms), {other_forms}}) {
        if (const auto* form = find_form(forms, program.section))
            return form->kind;
    }
    const auto known = std::ranges::find(type_kinds, program.type, &TypeKind::type);
    return known == type_kinds.end() ? static_cast<std::uint32_t>(ECC_ATTACH_SECTION) : known->kind;
}

AttachRequest from_section(const ProgramFacts& program) {
    AttachRequest request;
    request.kind = kind_with_target(program);
    if (request.kind == ECC_ATTACH_TC)
        request.hook = program.section.ends_with("egress") ? ECC_TC_EGRESS : ECC_TC_INGRESS;
    const auto* form = form_of(program.section);
    if (form == nullptr)
        return request;
    request.flags = form->flags;
    if (const auto slash = program.section.find('/'); slash != std::string::npos)
        read_section_target(std::string_view(program.section).substr(slash + 1), request);
    return request;
}

std::string hook_of(const ProgramFacts& program, const AttachRequest& request) {
    if (request.kind == ECC_ATTACH_TC)
        return with_direction(program.section, request.hook);
    const auto* form = form_for(program, request);
    if (form == nullptr || is_same_place(request, from_section(program)))
        return program.section;
    return fmt::format("{}/{}", form->prefix, place_text(request));
}

bool is_fitted_to_kernel(const ProgramFacts& program) {
    return std::ranges::find(fitted_prefixes, prefix_of(program.section)) != fitted_prefixes.end();
}

std::string hook_of_function(const ProgramFacts& program, const std::string& function) {
    return fmt::format("{}/{}", prefix_of(program.section), function);
}

} // namespace ecc
