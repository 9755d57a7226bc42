#include "runtime-min/object_usage.h"

#include "runtime-min/map_memory.h"

#include <bpf/libbpf.h>

namespace ecc {

namespace {

std::uint64_t saturating_sum(std::uint64_t a, std::uint64_t b) {
    return b > UINT64_MAX - a ? UINT64_MAX : a + b;
}

} // namespace

void ObjectUsage::add(const ObjectUsage& more) {
    programs = saturating_sum(programs, more.programs);
    map_bytes = saturating_sum(map_bytes, more.map_bytes);
}

ObjectUsage usage_of(const bpf_object* object) {
    ObjectUsage usage;
    bpf_program* program = nullptr;
    bpf_object__for_each_program(program, object) {
        usage.programs += bpf_program__autoload(program);
    }
    bpf_map* map = nullptr;
    bpf_object__for_each_map(map, object) {
        if (bpf_map__autocreate(map))
            usage.map_bytes = saturating_sum(usage.map_bytes, map_memory(facts_of(map)));
    }
    return usage;
}

} // namespace ecc
