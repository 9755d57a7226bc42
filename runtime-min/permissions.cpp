#include "runtime-min/permissions.h"

#include <algorithm>
#include <array>
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <fmt/format.h>

namespace ecc {

namespace {

/// Types whose programs look on. Any other type, including those that a newer libbpf brings, acts.
constexpr std::array observing_types{
    BPF_PROG_TYPE_UNSPEC, // libbpf does not know the section and will not load it
    BPF_PROG_TYPE_SOCKET_FILTER, BPF_PROG_TYPE_KPROBE,         BPF_PROG_TYPE_TRACEPOINT,
    BPF_PROG_TYPE_PERF_EVENT,    BPF_PROG_TYPE_RAW_TRACEPOINT, BPF_PROG_TYPE_TRACING,
};

struct Helper {
    std::int32_t number;
    std::string_view name;
};

constexpr std::array acting_helpers{
    Helper{BPF_FUNC_probe_write_user, "bpf_probe_write_user"},
    Helper{BPF_FUNC_override_return, "bpf_override_return"},
    Helper{BPF_FUNC_send_signal, "bpf_send_signal"},
    Helper{BPF_FUNC_send_signal_thread, "bpf_send_signal_thread"},
    Helper{BPF_FUNC_sys_bpf, "bpf_sys_bpf"},
};

/// Kernel functions that only look, or change only what belongs to the program. A name ending in '*' is a
/// prefix.
constexpr std::string_view observing_functions[] = {
    "bpf_iter_*",
    "bpf_rdonly_cast",
    "bpf_cast_to_kern_ctx",
    "bpf_rcu_read_*",
    "bpf_preempt_*",
    "bpf_local_irq_*",
    "bpf_task_from_*",
    "bpf_task_acquire",
    "bpf_task_release",
    "bpf_task_get_cgroup1",
    "bpf_task_under_cgroup",
    "bpf_cgroup_acquire",
    "bpf_cgroup_release",
    "bpf_cgroup_ancestor",
    "bpf_cgroup_from_id",
    "bpf_cpumask_*",
    "bpf_obj_new_impl",
    "bpf_obj_drop_impl",
    "bpf_percpu_obj_*",
    "bpf_refcount_acquire_impl",
    "bpf_list_*",
    "bpf_rbtree_*",
    "bpf_dynptr_*",
    "bpf_copy_from_user*",
    "bpf_probe_read_*",
    "bpf_get_task_exe_file",
    "bpf_put_file",
    "bpf_path_d_path",
    "bpf_get_fsverity_digest",
    "bpf_get_file_xattr",
    "bpf_get_dentry_xattr",
    "bpf_get_kmem_cache",
    "bpf_session_*",
    "bpf_str*",
    "bpf_map_sum_elem_count",
    "bpf_wq_*",
    "bpf_arena_*",
    "bpf_throw",
    "bpf_get_cpu_time_counter",
    "bpf_cpu_time_counter_to_ns",
    "bpf_res_spin_*",
    "bpf_stream_vprintk*",
};

bool matches(std::string_view name, std::string_view pattern) {
    if (pattern.ends_with('*'))
        return name.starts_with(pattern.substr(0, pattern.size() - 1));
    return name == pattern;
}

bool only_observes(std::string_view function) {
    // A kernel function may be named in several variants, NAME___variant.
    const auto plain = function.substr(0, function.find("___"));
    return std::ranges::any_of(observing_functions, [&](auto pattern) { return matches(plain, pattern); });
}

using Reasons = std::vector<std::string>;

void add_acting_programs(const bpf_object* object, Reasons& reasons) {
    bpf_program* program = nullptr;
    bpf_object__for_each_program(program, object) {
        const auto type = bpf_program__type(program);
        const bool modifies = bpf_program__expected_attach_type(program) == BPF_MODIFY_RETURN;
        if (std::ranges::find(observing_types, type) != observing_types.end() && !modifies)
            continue;
        const char* type_name = libbpf_bpf_prog_type_str(type);
        reasons.push_back(fmt::format("program '{}' is of type {}", bpf_program__name(program),
                                      modifies               ? "fmod_ret"
                                      : type_name != nullptr ? type_name
                                                             : "unknown"));
    }
}

void add_acting_maps(const bpf_object* object, Reasons& reasons) {
    bpf_map* map = nullptr;
    bpf_object__for_each_map(map, object) {
        if (bpf_map__type(map) == BPF_MAP_TYPE_STRUCT_OPS)
            reasons.push_back(fmt::format("map '{}' is of type struct_ops", bpf_map__name(map)));
    }
}

/// libbpf resolves kernel functions through the entries of this section of the object's BTF, and no others.
void add_acting_functions(const bpf_object* object, Reasons& reasons) {
    const btf* types = bpf_object__btf(object);
    const int section = types != nullptr ? btf__find_by_name_kind(types, ".ksyms", BTF_KIND_DATASEC) : -1;
    if (section < 0)
        return;
    const btf_type* entries = btf__type_by_id(types, static_cast<__u32>(section));
    const btf_var_secinfo* entry = btf_var_secinfos(entries);
    for (int i = 0; i < btf_vlen(entries); ++i) {
        const btf_type* type = btf__type_by_id(types, entry[i].type);
        if (type == nullptr || !btf_is_func(type))
            continue;
        const char* name = btf__name_by_offset(types, type->name_off);
        if (name == nullptr || !only_observes(name))
            reasons.push_back(fmt::format("it calls the kernel function {}", name != nullptr ? name : "?"));
    }
}

} // namespace

std::vector<std::string> acting_reasons(const bpf_object* object, const ElfScan& scan) {
    Reasons reasons;
    for (const auto& helper : acting_helpers) {
        if (scan.helpers.contains(helper.number))
            reasons.push_back(fmt::format("it calls {}", helper.name));
    }
    if (scan.calls_kernel_by_id)
        reasons.emplace_back("it calls a kernel function by number");
    add_acting_programs(object, reasons);
    add_acting_maps(object, reasons);
    add_acting_functions(object, reasons);
    return reasons;
}

} // namespace ecc
