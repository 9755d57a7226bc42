#include "runtime-min/attach_target.h"

#include "guest/c/include/ecc/host.h"
#include "runtime-min/attach_section.h"
#include "runtime-min/attachment.h"
#include "runtime-min/numbers.h"

#include <algorithm>
#include <array>
#include <fmt/ranges.h>
#include <limits>
#include <linux/perf_event.h>

namespace ecc {

namespace {

template <class T> bool read_number(std::string_view text, T& value) {
    const auto number = parse_number<T>(text);
    value = number.value_or(value);
    return number.has_value();
}

bool read_hook(std::string_view text, std::uint32_t& hook) {
    if (text == "ingress" || text == "egress") {
        hook = text == "ingress" ? ECC_TC_INGRESS : ECC_TC_EGRESS;
        return true;
    }
    return read_number(text, hook);
}

/// A set of enum ecc_attach_kind.
template <class... T> constexpr std::uint32_t kinds(T... kind) {
    return ((1U << kind) | ...);
}

constexpr std::uint32_t all_files = kinds(ECC_ATTACH_UPROBE, ECC_ATTACH_UPROBE_MULTI, ECC_ATTACH_USDT);
constexpr std::uint32_t all_targets =
    all_files | kinds(ECC_ATTACH_INTERFACE, ECC_ATTACH_CGROUP, ECC_ATTACH_TC, ECC_ATTACH_TRACEPOINT,
                      ECC_ATTACH_RAW_TRACEPOINT, ECC_ATTACH_KPROBE, ECC_ATTACH_KPROBE_MULTI,
                      ECC_ATTACH_NETWORK_NAMESPACE, ECC_ATTACH_ITERATOR);
constexpr std::uint32_t all_cookies =
    kinds(ECC_ATTACH_TRACEPOINT, ECC_ATTACH_RAW_TRACEPOINT, ECC_ATTACH_KPROBE, ECC_ATTACH_UPROBE,
          ECC_ATTACH_USDT, ECC_ATTACH_PERF_EVENT);
constexpr std::uint32_t all_flags =
    kinds(ECC_ATTACH_INTERFACE, ECC_ATTACH_KPROBE, ECC_ATTACH_KPROBE_MULTI, ECC_ATTACH_UPROBE,
          ECC_ATTACH_UPROBE_MULTI, ECC_ATTACH_PERF_EVENT, ECC_ATTACH_NETFILTER, ECC_ATTACH_ITERATOR);

struct Key {
    std::string_view name;
    std::uint32_t used_by; ///< attachment.cpp, by kind
    std::string_view takes;
    std::string_view example;
    /// False: not a value that it takes.
    bool (*set)(AttachRequest&, std::string_view);
};

constexpr std::array keys{
    Key{"target", all_targets, "an interface, cgroup, file, function or tracepoint", "eth0",
        [](AttachRequest& request, std::string_view text) {
            request.target = text;
            request.ifindex = 0;
            return !text.empty();
        }},
    Key{"symbol", all_files, "a function of the file, or PROVIDER:NAME of a USDT probe", "readline",
        [](AttachRequest& request, std::string_view text) {
            request.function = text;
            return !text.empty();
        }},
    Key{"offset", kinds(ECC_ATTACH_KPROBE, ECC_ATTACH_UPROBE), "a number of bytes", "16",
        [](AttachRequest& request, std::string_view text) { return read_number(text, request.offset); }},
    Key{"pid", all_files | kinds(ECC_ATTACH_PERF_EVENT, ECC_ATTACH_ITERATOR), "a process, or -1 for all",
        "42", [](AttachRequest& request, std::string_view text) { return read_number(text, request.pid); }},
    Key{"cookie", all_cookies, "a number from 0 to 2^64-1", "1",
        [](AttachRequest& request, std::string_view text) { return read_number(text, request.cookie); }},
    Key{"priority", kinds(ECC_ATTACH_TC, ECC_ATTACH_NETFILTER), "a number", "1",
        [](AttachRequest& request, std::string_view text) { return read_number(text, request.priority); }},
    Key{"family", kinds(ECC_ATTACH_NETFILTER), "a number (NFPROTO_*)", "2",
        [](AttachRequest& request, std::string_view text) { return read_number(text, request.family); }},
    Key{"flags", all_flags, "a number", "1",
        [](AttachRequest& request, std::string_view text) { return read_number(text, request.flags); }},
    Key{"frequency", kinds(ECC_ATTACH_PERF_EVENT), "a number of samples per second, from 1", "49",
        [](AttachRequest& request, std::string_view text) {
            request.flags = ECC_ATTACH_FREQUENCY;
            request.perf_type = PERF_TYPE_SOFTWARE;
            request.perf_config = PERF_COUNT_SW_CPU_CLOCK;
            return read_number(text, request.perf_period) && request.perf_period > 0;
        }},
    Key{"hook", kinds(ECC_ATTACH_TC, ECC_ATTACH_NETFILTER), "ingress, egress or a number", "ingress",
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

/// An iterator takes what it can be narrowed by, as it reads the kernel's union bpf_iter_link_info.
bool iterator_takes(const ProgramFacts& program, const Key& key) {
    const auto over = std::string_view(program.section).substr(program.section.find('/') + 1);
    if (over == "cgroup")
        return key.name == "target" || key.name == "flags";
    return over.starts_with("task") && key.name == "pid";
}

bool takes(const ProgramFacts& program, std::uint32_t kind, const Key& key) {
    if (is_fitted_to_kernel(program))
        return key.name == "target";
    if (kind == ECC_ATTACH_ITERATOR)
        return iterator_takes(program, key);
    return kind < std::numeric_limits<std::uint32_t>::digits && (key.used_by & (1U << kind)) != 0;
}

bool is_for_files_only(const TargetSetting& setting) {
    const auto used_by = find_key(setting.key)->used_by;
    const bool is_a_path = setting.key == "target" && setting.value.find('/') != std::string::npos;
    return is_a_path || ((used_by & all_files) != 0 && (used_by & kinds(ECC_ATTACH_KPROBE)) == 0);
}

/// To the kernel a uprobe is no other program than a kprobe: one whose section names no function becomes what
/// has a use for the settings.
std::uint32_t kind_of(const std::vector<TargetSetting>& settings, const ProgramFacts& program,
                      std::uint32_t asked_kind) {
    if (asked_kind != ECC_ATTACH_SECTION)
        return asked_kind;
    const auto kind = kind_with_target(program);
    const auto is_for_a_uprobe = [&](const TargetSetting& setting) {
        return setting.program == program.name && is_for_files_only(setting);
    };
    const bool names_nothing = program.section.find('/') == std::string::npos;
    return kind == ECC_ATTACH_KPROBE && names_nothing && std::ranges::any_of(settings, is_for_a_uprobe)
               ? static_cast<std::uint32_t>(ECC_ATTACH_UPROBE)
               : kind;
}

std::string what_it_takes(const ProgramFacts& program, std::uint32_t kind) {
    std::vector<std::string_view> names;
    for (const auto& key : keys) {
        if (takes(program, kind, key))
            names.push_back(key.name);
    }
    if (!names.empty())
        return fmt::format("{}, which it takes", fmt::join(names, ", "));
    return program.type == BPF_PROG_TYPE_EXT
               ? "leaving it out: it replaces a function of another program, which the package chooses"
               : "leaving it out: nothing can be set for such a program";
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
                               const std::vector<ObjectFacts>& objects) {
    std::vector<std::string_view> names;
    for (const auto& object : objects) {
        for (const auto& program : object.programs) {
            ECC_CHECK(check_target_settings(settings, program, ECC_ATTACH_SECTION));
            names.push_back(program.name);
        }
    }
    for (const auto& setting : settings) {
        if (std::ranges::find(names, setting.program) == names.end())
            return usage_error(fmt::format("--set: there is no program '{}'", setting.program),
                               fmt::format("{}", fmt::join(names, ", ")));
    }
    return {};
}

Result<> check_target_settings(const std::vector<TargetSetting>& settings, const ProgramFacts& program,
                               std::uint32_t asked_kind) {
    const auto kind = kind_of(settings, program, asked_kind);
    const auto is_useless = [&](const TargetSetting& setting) {
        return setting.program == program.name && !takes(program, kind, *find_key(setting.key));
    };
    const auto found = std::ranges::find_if(settings, is_useless);
    if (found == settings.end())
        return {};
    return usage_error(fmt::format("--set {}.{}: a program with the section \"{}\" has no use for '{}'",
                                   found->program, found->key, program.section, found->key),
                       what_it_takes(program, kind));
}

bool is_undeclared(const std::vector<TargetSetting>& settings, const ProgramFacts& program,
                   const AttachRequest& asked) {
    // A sampling event has no place that could be named, a parameter of an iterator only narrows what it
    // shows, and unknown kinds are refused as such.
    if (asked.kind == ECC_ATTACH_SECTION || asked.kind == ECC_ATTACH_PERF_EVENT ||
        asked.kind >= ECC_ATTACH_ITERATOR)
        return false;
    const auto declared = from_section(program);
    const bool is_elsewhere = asked.target != declared.target || asked.function != declared.function ||
                              asked.offset != declared.offset ||
                              ((asked.flags ^ declared.flags) & ECC_ATTACH_RETURN) != 0;
    return is_elsewhere && !chosen_target(settings, program);
}

std::optional<std::string> chosen_target(const std::vector<TargetSetting>& settings,
                                         const ProgramFacts& program) {
    std::optional<std::string> target;
    for (const auto& setting : settings) {
        if (setting.program == program.name && setting.key == "target")
            target = setting.value;
    }
    return target;
}

AttachRequest apply_targets(const std::vector<TargetSetting>& settings, const ProgramFacts& program,
                            const AttachRequest& asked) {
    auto request = asked;
    for (const auto& setting : settings) {
        if (setting.program != program.name)
            continue;
        if (request.kind == ECC_ATTACH_SECTION) {
            request = from_section(program);
            request.kind = kind_of(settings, program, ECC_ATTACH_SECTION);
        }
        find_key(setting.key)->set(request, setting.value);
    }
    return request;
}

std::string chosen_hook(const std::vector<TargetSetting>& settings, const ProgramFacts& program,
                        const AttachRequest& asked) {
    if (!is_fitted_to_kernel(program))
        return hook_of(program, apply_targets(settings, program, asked));
    const auto function = chosen_target(settings, program);
    return function ? hook_of_function(program, *function) : program.section;
}

ObjectFacts with_chosen_hooks(const std::vector<TargetSetting>& settings, ObjectFacts object) {
    for (auto& program : object.programs)
        program.section = chosen_hook(settings, program, {});
    return object;
}

} // namespace ecc
