// SPDX-License-Identifier: GPL-2.0 OR BSD-3-Clause
#include "values.skel.hpp"

#include <bpf/bpf.h>
#include <cerrno>
#include <cinttypes>
#include <cstdio>
#include <cstring>
#include <tuple>

namespace {

using values::every;
using values::skeleton;

void print_bytes(const char* name, std::span<const std::uint8_t> bytes) {
    std::printf("%s", name);
    for (const std::uint8_t byte : bytes)
        std::printf(" %u", byte);
    std::printf("\n");
}

void print_scalars(const every& e) {
    std::printf("first %u\nnumber %" PRId64 "\naddress %" PRIx64 "\n", e.first, e.number, e.address);
    std::printf("pointers %" PRIx64 " %" PRIx64 " %" PRIx64 "\n", e.pointer, e.task, e.text_of_user);
    std::printf("colour %d\nsize %" PRIx64 "\ntiny %u\nyes %d\n", e.colour, std::uint64_t{e.size},
                unsigned{e.tiny}, e.yes);
    std::printf("text %s\n", e.text);
    print_bytes("bytes", e.bytes);
    std::printf("keywords %u %u %u %u %u %u\n", e.class_, e.new_, e.private_, e.type, e.func, e.match);
}

void print_parts(const every& e, std::span<const values::item> items) {
    std::printf("bits %x %x %x %d %d\n", e.low, e.middle, e.high, e.negative, e.flag);
    std::printf("wide bits %" PRIx64 " %" PRId64 " %d\n", std::uint64_t{e.wide_bits},
                std::int64_t{e.long_bits}, e.colour_bits);
    std::printf("odd %u %u %u %u %u %u\n", e.odd[0].bytes[0], e.odd[0].bytes[1], e.odd[0].bytes[2],
                e.odd[1].bytes[0], e.odd[1].bytes[1], e.odd[1].bytes[2]);
    std::printf("packed %u %" PRIx32 " %" PRIx64 "\n", e.packed.kind, e.packed.number, e.packed.wide);
    std::printf("half %x %x %x\n", e.half.first, e.half.second, e.half.third);
    std::printf("code %x %x %x\n", e.code, e.minor, e.major);
    std::printf("inner %" PRIx64 " %u %d\n", e.inner.either, e.inner.parts[7], e.inner.last);
    std::printf("ratio %d\n", static_cast<int>(e.ratio * 100));
    std::printf("matrix %u %u %u %u\n", e.matrix[0][0], e.matrix[0][2], e.matrix[1][0], e.matrix[1][2]);
    std::printf("items");
    for (const values::item& item : items)
        std::printf(" %u:%u", item.key, item.value);
    std::printf("\n");
}

void print_maps(const skeleton& skel) {
    const auto wide = skel.maps.wides.lookup({{1, 2, 3}}).value();
    std::printf("wide %u %016" PRIx64 "%016" PRIx64 " %" PRId64 " %x\n", wide.first,
                static_cast<std::uint64_t>(wide.positive >> 64), static_cast<std::uint64_t>(wide.positive),
                static_cast<std::int64_t>(wide.negative), wide.last);
    const auto counts = skel.maps.counts.lookup(0).value();
    unsigned sum = 0;
    for (const values::odd& count : counts)
        sum += count.bytes[1];
    std::printf("counts %u\n", sum);
    const auto& [queue, stack] = std::tie(skel.maps.queue, skel.maps.stack);
    const unsigned peeked = queue.peek()->value, first = queue.pop()->value, second = queue.pop()->value;
    const auto full = stack.push({});
    std::printf("queue %u %u %u %d, stack %u, full %d\n", peeked, first, second, queue.pop().has_value(),
                static_cast<unsigned>(stack.pop()->value), !full && full.error().code == E2BIG);
}

void print_globals(const skeleton& skel) {
    const values::packed& last = skel.bss().last_packed;
    const auto& sums = skel.data_sums().sums;
    std::printf("globals %u %" PRIu32 " %" PRIu64 " %" PRId64 " %" PRId64 "\n", last.kind, last.number,
                last.wide, sums[0], sums[1]);
    const auto tries = skel.maps.data_tries.lookup(0);
    std::printf("statics %" PRIu32 " %" PRIu32 " %" PRId64 " %" PRIu32 "\n", skel.bss().calls, skel.data().change_globals_own,
                tries->tries, tries->more_tries);
    const values::kconfig_variables& kernel = skel.kconfig();
    std::printf("kernel %" PRIx32 " %" PRIu64 " %d %d\n", kernel.LINUX_KERNEL_VERSION, kernel.CONFIG_HZ,
                kernel.CONFIG_BPF_SYSCALL, kernel.CONFIG_NO_SUCH_OPTION);
}

bool is_known() {
    char names[256] = "";
    std::FILE* list = std::fopen("/proc/sys/net/ipv4/tcp_available_congestion_control", "r");
    const bool known = list && std::fgets(names, sizeof names, list) && std::strstr(names, "ecc_values");
    if (list)
        std::fclose(list);
    return known;
}

int run(const skeleton& skel) {
    auto ring = skel.maps.records.read();
    LIBBPF_OPTS(bpf_test_run_opts, options);
    if (!ring || bpf_prog_test_run_opts(skel.progs.fill.fd(), &options) != 0 || options.retval != 0)
        return 1;
    std::printf("attached %d %d\n", static_cast<bool>(skel.links.congestion), is_known());
    if (!ring->wait(0).value_or(false))
        return 1;
    for (const auto& e : *ring) {
        std::printf("length %zu\n", e.bytes().size());
        print_scalars(*e);
        print_parts(*e, e.tail());
    }
    print_maps(skel);
    print_globals(skel);
    return 0;
}

} // namespace

int main() {
    auto skel = skeleton::open();
    if (!skel)
        return 1;
    skel->rodata().addend = 41;
    skel->data_tries().tries = 170;
    skel->data_tries().more_tries = 90;
    skel->data_sums().sums[1] = -100;
    auto* congestion = skel->maps.congestion.initial();
    if (congestion == nullptr)
        return 1;
    congestion->undo_cwnd = skel->progs.undo_cwnd.handle();
    std::strcpy(congestion->name, "ecc_values");
    if (!skel->load() || !skel->attach())
        return 1;
    return run(*skel);
}
