// SPDX-License-Identifier: GPL-2.0 OR BSD-3-Clause
// Prints every second, and at the end, what an interface received, by IP protocol.
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <net/if.h>
#include <signal.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "xdp-count.h"
#include "xdp-count.skel.h"

namespace {

volatile sig_atomic_t exiting = 0;

using Totals = std::array<traffic, PROTOCOL_COUNT>;

struct Destroy {
    void operator()(xdp_count_bpf* skeleton) const { xdp_count_bpf__destroy(skeleton); }
};
using Skeleton = std::unique_ptr<xdp_count_bpf, Destroy>;

std::string protocol_name(std::size_t number) {
    switch (number) {
    case 1: return "ICMP";
    case 6: return "TCP";
    case 17: return "UDP";
    case 58: return "ICMPv6";
    default: return std::to_string(number);
    }
}

/// The sum over all CPUs for every protocol.
std::optional<Totals> read_totals(int map, int cpus) {
    Totals totals{};
    std::vector<traffic> per_cpu(cpus);
    for (__u32 protocol = 0; protocol < PROTOCOL_COUNT; ++protocol) {
        if (bpf_map_lookup_elem(map, &protocol, per_cpu.data()) != 0)
            return std::nullopt;
        for (const traffic& part : per_cpu) {
            totals[protocol].packets += part.packets;
            totals[protocol].bytes += part.bytes;
        }
    }
    return totals;
}

void print_totals(const Totals& totals) {
    std::printf("%-8s %12s %14s\n", "PROTOCOL", "PACKETS", "BYTES");
    for (std::size_t protocol = 0; protocol < totals.size(); ++protocol)
        if (totals[protocol].packets != 0)
            std::printf("%-8s %12llu %14llu\n", protocol_name(protocol).c_str(),
                        static_cast<unsigned long long>(totals[protocol].packets),
                        static_cast<unsigned long long>(totals[protocol].bytes));
    std::printf("\n");
    std::fflush(stdout);
}

int fail(const char* what) {
    std::fprintf(stderr, "xdp-count: %s: %s\n", what, std::strerror(errno));
    return 1;
}

/// Prints once a second until a signal, and then once more: sleep() ends early.
int count(int map) {
    const int cpus = libbpf_num_possible_cpus();
    if (cpus < 0)
        return fail("the number of CPUs");
    do {
        sleep(1);
        const std::optional<Totals> totals = read_totals(map, cpus);
        if (!totals)
            return fail("reading the counters");
        print_totals(*totals);
    } while (!exiting);
    return 0;
}

} // namespace

int main(int argc, char** argv) {
    if (argc != 2) {
        std::fprintf(stderr, "Usage: xdp-count INTERFACE\n");
        return 2;
    }
    const unsigned int interface = if_nametoindex(argv[1]);
    if (interface == 0)
        return fail(argv[1]);
    signal(SIGINT, [](int) { exiting = 1; });
    signal(SIGTERM, [](int) { exiting = 1; });

    const Skeleton skeleton(xdp_count_bpf__open_and_load());
    if (!skeleton)
        return fail("loading the BPF object");
    skeleton->links.count_packet =
        bpf_program__attach_xdp(skeleton->progs.count_packet, static_cast<int>(interface));
    if (!skeleton->links.count_packet)
        return fail("attaching to the interface");
    std::fprintf(stderr, "xdp-count: counting on %s\n", argv[1]);
    return count(bpf_map__fd(skeleton->maps.protocols));
}
