// SPDX-License-Identifier: GPL-2.0 OR BSD-3-Clause
// Counts what a network interface receives, by IP protocol, and lets everything pass.
#include "vmlinux.h"
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "xdp-count.h"

#define ETH_P_IP 0x0800
#define ETH_P_IPV6 0x86dd

char LICENSE[] SEC("license") = "Dual BSD/GPL";

// One counter per CPU: no two CPUs write to the same one.
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, PROTOCOL_COUNT);
	__type(key, __u32);
	__type(value, struct traffic);
} protocols SEC(".maps");

// The protocol number of an IPv4 or IPv6 packet, -1 for others.
static __always_inline int protocol_of(void *data, void *end)
{
	struct ethhdr *ethernet = data;
	struct iphdr *ip = (void *)(ethernet + 1);
	struct ipv6hdr *ipv6 = (void *)(ethernet + 1);

	if ((void *)(ethernet + 1) > end)
		return -1;
	if (ethernet->h_proto == bpf_htons(ETH_P_IP) && (void *)(ip + 1) <= end)
		return ip->protocol;
	if (ethernet->h_proto == bpf_htons(ETH_P_IPV6) && (void *)(ipv6 + 1) <= end)
		return ipv6->nexthdr;
	return -1;
}

SEC("xdp")
int count_packet(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data;
	void *end = (void *)(long)ctx->data_end;
	int protocol = protocol_of(data, end);

	if (protocol < 0)
		return XDP_PASS;

	__u32 key = protocol;
	struct traffic *traffic = bpf_map_lookup_elem(&protocols, &key);

	if (traffic) {
		traffic->packets++;
		traffic->bytes += end - data;
	}
	return XDP_PASS;
}
