#include "packager/package/object_facts.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace ecc {

namespace {

/// Types whose programs look on. Any other type, including those that a newer libbpf brings, acts.
constexpr std::array<ProgramType, 7> observing_types{
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

} // namespace

bool acts(const ProgramFacts& program) {
    return program.modifies || std::ranges::find(observing_types, program.type) == observing_types.end();
}

std::vector<std::string> acting_reasons(const ObjectFacts& object) {
    std::vector<std::string> reasons;
    for (const auto& helper : acting_helpers) {
        if (object.helpers.contains(helper.number))
            reasons.push_back("it calls " + std::string(helper.name));
    }
    if (object.calls_kernel_by_id)
        reasons.emplace_back("it calls a kernel function by number");
    for (const auto& program : object.programs) {
        if (acts(program))
            reasons.push_back("program '" + program.name + "' is of type " +
                              (program.modifies ? "fmod_ret" : program.type_name));
    }
    for (const auto& map : object.maps) {
        if (map.type == BPF_MAP_TYPE_STRUCT_OPS)
            reasons.push_back("map '" + map.name + "' is of type struct_ops");
    }
    for (const auto& function : object.kernel_functions) {
        if (!only_observes(function))
            reasons.push_back("it calls the kernel function " + function);
    }
    return reasons;
}

} // namespace ecc
