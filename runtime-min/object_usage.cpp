#include "runtime-min/object_usage.h"

#include <algorithm>
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

std::uint64_t map_memory(const MapFacts& map) {
    if (map.type == BPF_MAP_TYPE_RINGBUF || map.type == BPF_MAP_TYPE_USER_RINGBUF)
        return map.max_entries;
    std::uint64_t bytes = 0;
    const auto element = std::uint64_t{map.key_size} + map_value_bytes(map.type, map.value_size);
    return __builtin_mul_overflow(std::uint64_t{map.max_entries}, element, &bytes) ? UINT64_MAX : bytes;
}

std::uint32_t map_value_bytes(MapType type, std::uint32_t value_size) {
    switch (type) {
    case BPF_MAP_TYPE_PERCPU_HASH:
    case BPF_MAP_TYPE_PERCPU_ARRAY:
    case BPF_MAP_TYPE_LRU_PERCPU_HASH:
    case BPF_MAP_TYPE_PERCPU_CGROUP_STORAGE:
        return ((value_size + 7) & ~7u) * static_cast<std::uint32_t>(std::max(libbpf_num_possible_cpus(), 1));
    default:
        return value_size;
    }
}

} // namespace ecc
