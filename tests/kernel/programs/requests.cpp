// SPDX-License-Identifier: GPL-2.0 OR BSD-3-Clause
// Sends orders and notes by their types; requests-rust and requests-go print the same lines.
#include <bpf/bpf.h>

#include "requests.skel.hpp"

#include <cstdio>

namespace {

using requests::skeleton;

unsigned drain(const ecc::program& program) {
    char packet[14] = "";
    LIBBPF_OPTS(bpf_test_run_opts, run, .data_in = packet, .data_size_in = sizeof packet);
    return bpf_prog_test_run_opts(program.fd(), &run) == 0 ? run.retval : ~0u;
}

void say_if_lost(ecc::status sent) {
    if (!sent)
        std::printf("lost: %s\n", sent.error().message());
}

void fill(ecc::user_ring_writer<requests::order>& orders) {
    int sent = 0;
    while (orders.send(requests::order{}).has_value())
        ++sent;
    std::printf("sent %d\n", sent);
    std::printf("full %d\n", orders.send(requests::order{}).error().code == ENOSPC);
    std::printf("full for a while %d\n", orders.send(requests::order{}, 10).error().code == ENOSPC);
}

int run(skeleton& skel) {
    auto orders = skel.maps.orders.write();
    auto mixed = skel.maps.mixed.write();
    if (!orders || !mixed)
        return 2;
    say_if_lost(orders->send(requests::order{.price = 10, .count = 3, .item = "pear"}));
    std::printf("drained %u\n", drain(skel.progs.drain));
    std::printf("total %llu\n", static_cast<unsigned long long>(skel.bss().total));
    fill(*orders);
    say_if_lost(mixed->send(requests::order{.price = 100, .count = 2, .item = ""}));
    say_if_lost(mixed->send(requests::note{.value = 7}));
    std::printf("drained %u\n", drain(skel.progs.drain_mixed));
    std::printf("total %llu notes %llu\n", static_cast<unsigned long long>(skel.bss().total),
                static_cast<unsigned long long>(skel.bss().notes));
    const auto other = ecc::user_ring_writer<>::open(ecc::map(skel.maps.answers.get()));
    std::printf("another map %d\n", other.error().code == EINVAL);
    return 0;
}

} // namespace

int main() {
    auto skel = skeleton::open_and_load();
    return skel ? run(*skel) : 1;
}
