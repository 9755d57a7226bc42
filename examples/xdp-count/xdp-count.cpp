// SPDX-License-Identifier: GPL-2.0 OR BSD-3-Clause
// Prints every second, and at the end, what an interface received, by IP protocol.
#include <net/if.h>
#include <signal.h>
#include <unistd.h>

#include <cerrno>
#include <cinttypes>
#include <cstdio>
#include <optional>
#include <string>
#include <vector>

#include "xdp-count.skel.hpp"

namespace {

using xdp_count::skeleton;
using xdp_count::traffic;

volatile sig_atomic_t exiting = 0;

using Totals = std::vector<traffic>; // by protocol

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
std::optional<Totals> read_totals(const skeleton& skel) {
    Totals totals(skel.maps.protocols.max_entries());
    for (const std::uint32_t protocol : skel.maps.protocols.keys()) {
        const auto per_cpu = skel.maps.protocols.lookup(protocol);
        if (!per_cpu)
            return std::nullopt;
        for (const traffic& part : *per_cpu) {
            totals[protocol].packets += part.packets;
            totals[protocol].bytes += part.bytes;
        }
    }
    return totals;
}

void print_totals(const Totals& totals) {
    std::printf("%-8s %12s %14s\n", "PROTOCOL", "PACKETS", "BYTES");
    for (std::size_t protocol = 0; protocol < totals.size(); ++protocol)
        if (const auto& [packets, bytes] = totals[protocol]; packets != 0)
            std::printf("%-8s %12" PRIu64 " %14" PRIu64 "\n", protocol_name(protocol).c_str(), packets, bytes);
    std::printf("\n");
    std::fflush(stdout);
}

int fail(const char* what, ecc::error error) {
    std::fprintf(stderr, "xdp-count: %s: %s\n", what, error.message());
    return 1;
}

/// Prints once a second until a signal, and then once more: sleep() ends early.
int count(const skeleton& skel) {
    do {
        sleep(1);
        const std::optional<Totals> totals = read_totals(skel);
        if (!totals)
            return fail("reading the counters", {errno});
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
        return fail(argv[1], {errno});
    signal(SIGINT, [](int) { exiting = 1; });
    signal(SIGTERM, [](int) { exiting = 1; });

    const auto skel = skeleton::open_and_load();
    if (!skel)
        return fail("loading the BPF object", skel.error());
    const auto link = skel->progs.count_packet.attach_xdp(static_cast<int>(interface));
    if (!link)
        return fail("attaching to the interface", link.error());
    std::fprintf(stderr, "xdp-count: counting on %s\n", argv[1]);
    return count(*skel);
}
