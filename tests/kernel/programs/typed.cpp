// SPDX-License-Identifier: GPL-2.0 OR BSD-3-Clause
// typed MAGIC: prints what the C++ skeleton says of three calls of getpgid(MAGIC).
#include "typed.skel.hpp"

#include <cinttypes>
#include <cstdio>
#include <cstdlib>
#include <utility>

namespace {

using typed::skeleton;

int fail(const char* what, ecc::error error) {
    std::printf("%s: %s\n", what, error.message());
    return 1;
}

void read_records(ecc::ring_reader<typed::events_record>& ring, int count) {
    while (count > 0 && ring.wait(10'000).value_or(false))
        for (const typed::events_record& record : ring) {
            --count;
            if (const typed::number* number = record.as_number())
                std::printf("number %u\n", number->value);
            else if (const typed::sentence* sentence = record.as_sentence())
                std::printf("sentence %" PRIu64 " %s\n", sentence->at, sentence->text);
        }
}

void show_elements(const skeleton& skel) {
    std::uint64_t sum = 0;
    int erased = 0;
    for (const std::uint32_t key : skel.maps.sentences.keys()) {
        if (const auto sentence = skel.maps.sentences.lookup(key))
            sum += sentence->at;
        erased += skel.maps.sentences.erase(key).has_value();
    }
    std::printf("elements %" PRIu64 ", erased %d, left %d\n", sum, erased, skel.maps.sentences.contains(1));
    std::printf("erased again: %s\n", skel.maps.sentences.erase(1).error().message());
    std::printf("update %d, again: %s, take %" PRIu64 "\n",
                skel.maps.sentences.update(7, {.at = 70, .text = "new"}, BPF_NOEXIST).has_value(),
                skel.maps.sentences.update(7, {}, BPF_NOEXIST).error().message(),
                skel.maps.sentences.take(7)->at);
}

void show_cpus(const skeleton& skel) {
    const auto sum = [&] {
        const auto numbers = skel.maps.per_cpu.lookup(0).value();
        std::uint32_t total = 0;
        for (const typed::number& number : numbers)
            total += number.value;
        return total;
    };
    std::printf("on all cpus %u", sum());
    const std::vector<typed::number> twos(libbpf_num_possible_cpus(), typed::number{2});
    const bool updated = skel.maps.per_cpu.update(0, twos).has_value();
    std::printf(", updated %d: %d\n", updated, sum() == 2 * twos.size());
    typed::number too_few[1024];
    std::printf("wrong count: %s\n", skel.maps.per_cpu.lookup(0, std::span(too_few)).error().message());
}

} // namespace

int main(int argc, char** argv) {
    std::setvbuf(stdout, nullptr, _IOLBF, 0);
    auto opened = skeleton::open();
    if (!opened || argc < 2)
        return fail("open", opened ? ecc::error{EINVAL} : opened.error());
    opened->rodata().magic = std::strtoull(argv[1], nullptr, 10);
    skeleton skel = std::move(*opened);
    if (auto loaded = skel.load(); !loaded)
        return fail("load", loaded.error());
    std::printf("set_autoload after load: %s\n", skel.progs.optional.set_autoload(true).error().message());

    auto ring = skel.maps.events.read();
    std::uint64_t sampled = 0;
    auto perf =
        skel.maps.samples.read(8, [&](int, const typed::sentence& sentence) { sampled += sentence.at; });
    if (!ring || !perf)
        return fail("buffers", !ring ? ring.error() : perf.error());
    std::printf("twice: %s\n",
                skel.maps.samples.read(8, [](int, const typed::sentence&) {}).error().message());
    if (auto attached = skel.attach(); !attached)
        return fail("attach", attached.error());
    std::printf("links %d %d\n", bool(skel.links.on_getpgid), bool(skel.links.optional));
    std::puts("ready");

    read_records(*ring, 6);
    skel.detach();
    std::printf("calls %" PRIu64 ", links %d\n", skel.bss().calls, bool(skel.links.on_getpgid));
    while (sampled < 60 && perf->poll(10'000).value_or(0) > 0) {
    }
    std::printf("sampled %" PRIu64 "\n", sampled);
    show_elements(skel);
    show_cpus(skel);

    auto link = skel.progs.on_getpgid.attach();
    std::printf("by hand %d\n", link.has_value());
    if (link)
        skel.links.on_getpgid.keep(std::move(*link));
    std::printf("kept %d, a function that was not declared: %s\n", bool(skel.links.on_getpgid),
                skel.progs.optional.attach_kprobe(false, "no_such_function").error().message());
}
