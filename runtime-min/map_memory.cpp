#include "runtime-min/map_memory.h"

#include <algorithm>
#include <bit>
#include <bpf/libbpf.h>
#include <unistd.h>

namespace ecc {

namespace {

/// No product of a map's numbers overflows it.
using Wide = unsigned __int128;

// Sizes of the kernel's structures on 64-bit machines.
constexpr Wide hash_element = 48;  // struct htab_elem (kernel/bpf/hashtab.c), before key and value
constexpr Wide hash_bucket = 16;   // struct bucket
constexpr Wide trie_node = 40;     // struct lpm_trie_node (kernel/bpf/lpm_trie.c)
constexpr Wide stack_bucket = 40;  // struct stack_map_bucket and its list (kernel/bpf/stackmap.c)
constexpr Wide other_element = 64; // of sockets, devices and CPUs
constexpr Wide pointer = 8;
constexpr Wide whole_map = 1024; // struct bpf_htab, the largest
constexpr Wide ring_pages = 4;   // of positions, and the kernel's own (kernel/bpf/ringbuf.c)
/// A bloom filter has at most 15 hashes with 7/5 bits each, rounded up to a power of two.
constexpr Wide filter_bytes = 6;

Wide rounded(Wide size) {
    return (size + 7) & ~Wide{7};
}

Wide possible_cpus() {
    return static_cast<Wide>(std::max(libbpf_num_possible_cpus(), 1));
}

Wide page_size() {
    return static_cast<Wide>(::getpagesize());
}

Wide buckets(const MapFacts& map) {
    return std::bit_ceil(std::uint64_t{map.max_entries}) * hash_bucket;
}

/// Of hashes: some more than `max_entries` lie ready, one for each CPU.
Wide hash_memory(const MapFacts& map, Wide value) {
    return (map.max_entries + possible_cpus()) * (hash_element + rounded(map.key_size) + value) +
           buckets(map);
}

Wide per_cpu(const MapFacts& map) {
    return pointer + rounded(map.value_size) * possible_cpus();
}

/// A node for each element, and one for each place where two part.
Wide trie_memory(const MapFacts& map) {
    const Wide key = map.key_size;
    return map.max_entries * (2 * rounded(trie_node + key) + rounded(map.value_size));
}

Wide array_memory(const MapFacts& map) {
    const auto bytes = map.max_entries * rounded(map.value_size);
    if ((map.flags & BPF_F_MMAPABLE) == 0)
        return bytes;
    return (bytes + page_size() - 1) / page_size() * page_size() + page_size();
}

/// Of ring buffers; each page is listed twice.
Wide ring_memory(const MapFacts& map) {
    return map.max_entries + ring_pages * page_size() + map.max_entries / page_size() * 2 * pointer;
}

Wide elements_memory(const MapFacts& map) {
    const Wide entries = map.max_entries, key = map.key_size, value = map.value_size;
    switch (map.type) {
    case BPF_MAP_TYPE_HASH:
    case BPF_MAP_TYPE_LRU_HASH:
    case BPF_MAP_TYPE_HASH_OF_MAPS:
        return hash_memory(map, rounded(value));
    case BPF_MAP_TYPE_PERCPU_HASH:
    case BPF_MAP_TYPE_LRU_PERCPU_HASH:
        return hash_memory(map, per_cpu(map));
    case BPF_MAP_TYPE_ARRAY:
        return array_memory(map);
    case BPF_MAP_TYPE_PERCPU_ARRAY:
        return entries * per_cpu(map);
    case BPF_MAP_TYPE_PROG_ARRAY:
    case BPF_MAP_TYPE_PERF_EVENT_ARRAY:
    case BPF_MAP_TYPE_CGROUP_ARRAY:
    case BPF_MAP_TYPE_ARRAY_OF_MAPS:
        return entries * pointer;
    case BPF_MAP_TYPE_LPM_TRIE:
        return trie_memory(map);
    case BPF_MAP_TYPE_STACK_TRACE:
        return entries * (stack_bucket + rounded(value)) + buckets(map);
    case BPF_MAP_TYPE_BLOOM_FILTER:
        return entries * filter_bytes;
    case BPF_MAP_TYPE_QUEUE:
    case BPF_MAP_TYPE_STACK:
        return (entries + 1) * value;
    case BPF_MAP_TYPE_RINGBUF:
    case BPF_MAP_TYPE_USER_RINGBUF:
        return ring_memory(map);
    case BPF_MAP_TYPE_STRUCT_OPS:
        return 3 * rounded(value) + page_size(); // two copies and the code to call it
    case arena_map:
        return entries * page_size();
    default:
        return entries * (other_element + rounded(key) + rounded(value)) + buckets(map);
    }
}

} // namespace

std::uint64_t map_memory(const MapFacts& map) {
    return static_cast<std::uint64_t>(std::min<Wide>(elements_memory(map) + whole_map, UINT64_MAX));
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
