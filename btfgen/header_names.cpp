#include "btfgen/header_names.h"

#include <algorithm>
#include <array>

namespace ecc {

namespace {

// clang-format off
/// Sorted. What both vmlinux.h and such headers have.
constexpr std::array<std::string_view, 96> header_types = {
    "ar_hdr", "bandinfo", "bpf_dynptr", "bpf_fib_lookup", "bpf_list_head", "bpf_list_node",
    "bpf_lpm_trie_key", "bpf_lpm_trie_key_hdr", "bpf_lpm_trie_key_u8", "bpf_map_info",
    "bpf_perf_event_value", "bpf_pidns_info", "bpf_prog_info", "bpf_rb_node", "bpf_rb_root",
    "bpf_redir_neigh", "bpf_refcount", "bpf_sock", "bpf_sock_tuple", "bpf_spin_lock", "bpf_sysctl",
    "bpf_tcp_sock", "bpf_timer", "bpf_tunnel_key", "bpf_wq", "btf_ptr", "cmsghdr", "cpu_set_t",
    "dirent", "fd_set", "file_handle", "flock", "group_req", "group_source_req", "icmp6_filter",
    "icmp6_hdr", "icmphdr", "in6_addr", "in6_pktinfo", "in_addr", "in_pktinfo", "iovec", "ip_mreq",
    "ip_mreq_source", "ip_mreqn", "ip_msfilter", "iphdr", "ipv6_mreq", "itimerspec", "itimerval",
    "linger", "mmsghdr", "mq_attr", "msghdr", "option", "packet_mreq", "pollfd", "rlimit", "rusage",
    "sched_param", "sigaction", "sigevent", "siginfo_t", "sigset_t", "sigval", "sockaddr",
    "sockaddr_in", "sockaddr_in6", "sockaddr_ll", "sockaddr_storage", "sockaddr_un", "stack_t", "stat",
    "statfs", "statx", "strbuf", "sysinfo", "tcp_info", "tcp_md5sig", "tcp_repair_window",
    "tcp_zerocopy_receive", "tcphdr", "timeb", "timespec", "timestamp", "timeval", "timex", "timezone",
    "tm", "tms", "ucred", "udphdr", "utimbuf", "utsname", "winsize", "xdp_md",
};
// clang-format on

} // namespace

bool is_header_type(std::string_view name) {
    static_assert(std::ranges::is_sorted(header_types));
    return std::ranges::binary_search(header_types, name);
}

} // namespace ecc
