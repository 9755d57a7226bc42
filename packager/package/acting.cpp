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

/// Types of maps whose elements act: what is in them handles other programs' sockets, packets and
/// connections.
constexpr std::array<MapType, 6> acting_map_types{
    BPF_MAP_TYPE_STRUCT_OPS, BPF_MAP_TYPE_SOCKMAP,     BPF_MAP_TYPE_SOCKHASH,
    BPF_MAP_TYPE_DEVMAP,     BPF_MAP_TYPE_DEVMAP_HASH, BPF_MAP_TYPE_XSKMAP,
};

/// Helpers that look on, or change only what belongs to the program (include/uapi/linux/bpf.h). Any other
/// acts, those of newer kernels too: bpf_setsockopt, for one, may be called by an iterator.
constexpr std::int32_t observing_helpers[] = {
    BPF_FUNC_map_lookup_elem,
    BPF_FUNC_map_update_elem,
    BPF_FUNC_map_delete_elem,
    BPF_FUNC_probe_read,
    BPF_FUNC_ktime_get_ns,
    BPF_FUNC_trace_printk,
    BPF_FUNC_get_prandom_u32,
    BPF_FUNC_get_smp_processor_id,
    BPF_FUNC_tail_call,
    BPF_FUNC_get_current_pid_tgid,
    BPF_FUNC_get_current_uid_gid,
    BPF_FUNC_get_current_comm,
    BPF_FUNC_get_cgroup_classid,
    BPF_FUNC_perf_event_read,
    BPF_FUNC_perf_event_output,
    BPF_FUNC_skb_load_bytes,
    BPF_FUNC_get_stackid,
    BPF_FUNC_get_hash_recalc,
    BPF_FUNC_get_current_task,
    BPF_FUNC_current_task_under_cgroup,
    BPF_FUNC_get_numa_node_id,
    BPF_FUNC_probe_read_str,
    BPF_FUNC_get_socket_cookie,
    BPF_FUNC_get_socket_uid,
    BPF_FUNC_perf_event_read_value,
    BPF_FUNC_perf_prog_read_value,
    BPF_FUNC_getsockopt,
    BPF_FUNC_get_stack,
    BPF_FUNC_skb_load_bytes_relative,
    BPF_FUNC_get_current_cgroup_id,
    BPF_FUNC_get_local_storage,
    BPF_FUNC_sk_fullsock,
    BPF_FUNC_tcp_sock,
    BPF_FUNC_get_listener_sock,
    BPF_FUNC_map_push_elem,
    BPF_FUNC_map_pop_elem,
    BPF_FUNC_map_peek_elem,
    BPF_FUNC_spin_lock,
    BPF_FUNC_spin_unlock,
    BPF_FUNC_sk_storage_get,
    BPF_FUNC_sk_storage_delete,
    BPF_FUNC_strtol,
    BPF_FUNC_strtoul,
    BPF_FUNC_skb_output,
    BPF_FUNC_probe_read_user,
    BPF_FUNC_probe_read_kernel,
    BPF_FUNC_probe_read_user_str,
    BPF_FUNC_probe_read_kernel_str,
    BPF_FUNC_jiffies64,
    BPF_FUNC_read_branch_records,
    BPF_FUNC_get_ns_current_pid_tgid,
    BPF_FUNC_xdp_output,
    BPF_FUNC_get_netns_cookie,
    BPF_FUNC_get_current_ancestor_cgroup_id,
    BPF_FUNC_ktime_get_boot_ns,
    BPF_FUNC_seq_printf,
    BPF_FUNC_seq_write,
    BPF_FUNC_ringbuf_output,
    BPF_FUNC_ringbuf_reserve,
    BPF_FUNC_ringbuf_submit,
    BPF_FUNC_ringbuf_discard,
    BPF_FUNC_ringbuf_query,
    BPF_FUNC_skc_to_tcp6_sock,
    BPF_FUNC_skc_to_tcp_sock,
    BPF_FUNC_skc_to_tcp_timewait_sock,
    BPF_FUNC_skc_to_tcp_request_sock,
    BPF_FUNC_skc_to_udp6_sock,
    BPF_FUNC_get_task_stack,
    BPF_FUNC_d_path,
    BPF_FUNC_copy_from_user,
    BPF_FUNC_snprintf_btf,
    BPF_FUNC_seq_printf_btf,
    BPF_FUNC_skb_cgroup_classid,
    BPF_FUNC_per_cpu_ptr,
    BPF_FUNC_this_cpu_ptr,
    BPF_FUNC_task_storage_get,
    BPF_FUNC_task_storage_delete,
    BPF_FUNC_get_current_task_btf,
    BPF_FUNC_ktime_get_coarse_ns,
    BPF_FUNC_sock_from_file,
    BPF_FUNC_for_each_map_elem,
    BPF_FUNC_snprintf,
    BPF_FUNC_timer_init,
    BPF_FUNC_timer_set_callback,
    BPF_FUNC_timer_start,
    BPF_FUNC_timer_cancel,
    BPF_FUNC_get_func_ip,
    BPF_FUNC_get_attach_cookie,
    BPF_FUNC_task_pt_regs,
    BPF_FUNC_get_branch_snapshot,
    BPF_FUNC_trace_vprintk,
    BPF_FUNC_skc_to_unix_sock,
    BPF_FUNC_find_vma,
    BPF_FUNC_loop,
    BPF_FUNC_strncmp,
    BPF_FUNC_get_func_arg,
    BPF_FUNC_get_func_ret,
    BPF_FUNC_get_func_arg_cnt,
    BPF_FUNC_copy_from_user_task,
    BPF_FUNC_kptr_xchg,
    BPF_FUNC_map_lookup_percpu_elem,
    BPF_FUNC_skc_to_mptcp_sock,
    BPF_FUNC_dynptr_from_mem,
    BPF_FUNC_ringbuf_reserve_dynptr,
    BPF_FUNC_ringbuf_submit_dynptr,
    BPF_FUNC_ringbuf_discard_dynptr,
    BPF_FUNC_dynptr_read,
    BPF_FUNC_dynptr_write,
    BPF_FUNC_dynptr_data,
    BPF_FUNC_ktime_get_tai_ns,
    BPF_FUNC_user_ringbuf_drain,
    BPF_FUNC_inode_storage_get,
    BPF_FUNC_inode_storage_delete,
    BPF_FUNC_ima_inode_hash,
    BPF_FUNC_ima_file_hash,
    210,
    211, // bpf_cgrp_storage_get and _delete, since Linux 6.2
};

#define ECC_HELPER_NAME(name) "bpf_" #name
constexpr std::string_view helper_names[] = {__BPF_FUNC_MAPPER(ECC_HELPER_NAME)};
#undef ECC_HELPER_NAME

std::string helper_name(std::int32_t number) {
    const auto index = static_cast<std::size_t>(number);
    return index < std::size(helper_names) ? std::string(helper_names[index])
                                           : "helper " + std::to_string(number);
}

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

bool acts(const MapFacts& map) {
    return std::ranges::find(acting_map_types, map.type) != acting_map_types.end();
}

std::vector<std::string> acting_reasons(const ObjectFacts& object) {
    std::vector<std::string> reasons;
    for (const std::int32_t helper : object.helpers) {
        if (std::ranges::find(observing_helpers, helper) == std::end(observing_helpers))
            reasons.push_back("it calls " + helper_name(helper));
    }
    if (object.calls_kernel_by_id)
        reasons.emplace_back("it calls a kernel function by number");
    for (const auto& program : object.programs) {
        if (acts(program))
            reasons.push_back("program '" + program.name + "' is of type " +
                              (program.modifies ? "fmod_ret" : program.type_name));
    }
    for (const auto& map : object.maps) {
        if (acts(map))
            reasons.push_back("map '" + map.name + "' is of type " + map.type_name);
    }
    for (const auto& function : object.kernel_functions) {
        if (!only_observes(function))
            reasons.push_back("it calls the kernel function " + function);
    }
    return reasons;
}

} // namespace ecc
