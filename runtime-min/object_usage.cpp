#include "runtime-min/object_usage.h"

#include "runtime-min/map_memory.h"

#include <bpf/libbpf.h>
#include <linux/bpf.h>

namespace ecc {

namespace {

std::uint64_t saturating_sum(std::uint64_t a, std::uint64_t b) {
    return b > UINT64_MAX - a ? UINT64_MAX : a + b;
}

/// With the map that libbpf makes for a moment, to show the kernel what a map of maps takes.
std::uint64_t bytes_of(bpf_map* map) {
    const bpf_map* inner = bpf_map__inner_map(map);
    return saturating_sum(map_memory(facts_of(map)), inner != nullptr ? map_memory(facts_of(inner)) : 0);
}

template <class Predicate> std::uint64_t bytes_of_maps(const bpf_object* object, Predicate counts) {
    std::uint64_t bytes = 0;
    bpf_map* map = nullptr;
    bpf_object__for_each_map(map, object) {
        if (counts(map))
            bytes = saturating_sum(bytes, bytes_of(map));
    }
    return bytes;
}

} // namespace

void ObjectUsage::add(const ObjectUsage& more) {
    programs = saturating_sum(programs, more.programs);
    bytes = saturating_sum(bytes, more.bytes);
}

ObjectUsage usage_when_open(const bpf_object* object, std::size_t file_size) {
    return {.bytes = saturating_sum(file_size, bytes_of_maps(object, bpf_map__is_internal))};
}

ObjectUsage usage_when_loaded(const bpf_object* object, std::size_t file_size) {
    ObjectUsage usage{.bytes = saturating_sum(file_size, bytes_of_maps(object, bpf_map__autocreate))};
    bpf_program* program = nullptr;
    bpf_object__for_each_program(program, object) {
        if (bpf_program__autoload(program))
            usage.add({.programs = 1, .bytes = bpf_program__insn_cnt(program) * sizeof(bpf_insn)});
    }
    return usage;
}

ObjectUsage expected_usage(const ObjectFacts& object, std::size_t file_size) {
    ObjectUsage usage{.bytes = file_size};
    for (const auto& program : object.programs)
        usage.programs += program.autoload;
    for (const auto& map : object.maps)
        usage.add({.bytes = map.autocreate ? map_memory(map) : 0});
    return usage;
}

} // namespace ecc
