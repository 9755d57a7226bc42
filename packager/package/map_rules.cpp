#include "packager/package/map_rules.h"

#include <algorithm>
#include <fmt/format.h>
#include <limits>

namespace ecc {

namespace {

struct Range {
    std::uint32_t least, most;
};

constexpr Range anything{0, std::numeric_limits<std::uint32_t>::max()};
constexpr Range nothing{0, 0};
constexpr Range some{1, anything.most};
constexpr Range an_index{4, 4}; ///< or a descriptor
constexpr Range an_address{8, anything.most};
constexpr Range a_prefix{5, anything.most}; ///< struct bpf_lpm_trie_key_u8 and a byte

constexpr std::uint32_t any_flags = ~0U;
constexpr std::uint32_t access_flags =
    BPF_F_RDONLY | BPF_F_WRONLY | BPF_F_RDONLY_PROG | BPF_F_WRONLY_PROG | BPF_F_NUMA_NODE;
constexpr std::uint32_t hash_flags = access_flags | BPF_F_NO_PREALLOC | BPF_F_NO_COMMON_LRU | BPF_F_ZERO_SEED;
constexpr std::uint32_t array_flags = access_flags | BPF_F_MMAPABLE | BPF_F_PRESERVE_ELEMS | BPF_F_INNER_MAP;

struct MapRule {
    MapType type;
    Range key, value, entries;
    std::uint32_t allowed_flags = any_flags;
    std::uint32_t needed_flags = 0;
};

/// The alloc_check functions of kernel/bpf/*.c.
constexpr MapRule rules[] = {
    {BPF_MAP_TYPE_HASH, some, some, some, hash_flags},
    {BPF_MAP_TYPE_PERCPU_HASH, some, some, some, hash_flags},
    {BPF_MAP_TYPE_LRU_HASH, some, some, some, hash_flags},
    {BPF_MAP_TYPE_LRU_PERCPU_HASH, some, some, some, hash_flags},
    {BPF_MAP_TYPE_HASH_OF_MAPS, some, an_index, some},
    {BPF_MAP_TYPE_ARRAY, an_index, some, some, array_flags},
    {BPF_MAP_TYPE_PERCPU_ARRAY, an_index, some, some, array_flags},
    {BPF_MAP_TYPE_ARRAY_OF_MAPS, an_index, an_index, some},
    {BPF_MAP_TYPE_PROG_ARRAY, an_index, an_index, some},
    {BPF_MAP_TYPE_CGROUP_ARRAY, an_index, an_index, some},
    {BPF_MAP_TYPE_PERF_EVENT_ARRAY, an_index, an_index, anything}, // libbpf makes 0 the number of CPUs
    {BPF_MAP_TYPE_RINGBUF, nothing, nothing, some},
    {BPF_MAP_TYPE_QUEUE, nothing, some, some},
    {BPF_MAP_TYPE_STACK, nothing, some, some},
    {BPF_MAP_TYPE_STACK_TRACE, an_index, an_address, some},
    {BPF_MAP_TYPE_LPM_TRIE, a_prefix, some, some, any_flags, BPF_F_NO_PREALLOC},
    {BPF_MAP_TYPE_SK_STORAGE, an_index, some, nothing, any_flags, BPF_F_NO_PREALLOC},
    {BPF_MAP_TYPE_INODE_STORAGE, an_index, some, nothing, any_flags, BPF_F_NO_PREALLOC},
    {BPF_MAP_TYPE_TASK_STORAGE, an_index, some, nothing, any_flags, BPF_F_NO_PREALLOC},
};

std::string range_fault(std::string_view name, std::uint32_t value, Range range) {
    if (value >= range.least && value <= range.most)
        return {};
    if (range.least == range.most)
        return fmt::format("{} is {} and must be {}", name, value, range.least);
    return fmt::format("{} is {} and must be at least {}", name, value, range.least);
}

std::string flags_fault(const MapRule& rule, std::uint32_t flags) {
    if (const auto unknown = flags & ~rule.allowed_flags; unknown != 0)
        return fmt::format("map_flags has {:#x}, which this type of map does not know", unknown);
    if ((flags & rule.needed_flags) != rule.needed_flags)
        return "map_flags lacks BPF_F_NO_PREALLOC";
    return {};
}

} // namespace

std::string map_fault(const MapFacts& map) {
    const auto* rule = std::ranges::find(rules, map.type, &MapRule::type);
    if (rule == std::ranges::end(rules))
        return {};
    for (auto fault :
         {range_fault("key_size", map.key_size, rule->key),
          range_fault("value_size", map.value_size, rule->value),
          range_fault("max_entries", map.max_entries, rule->entries), flags_fault(*rule, map.flags)}) {
        if (!fault.empty())
            return fault;
    }
    return {};
}

bool is_map_name(std::string_view name) {
    constexpr std::string_view accepted = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.";
    return !name.empty() && name != "." && name != ".." &&
           name.find_first_not_of(accepted) == std::string_view::npos;
}

} // namespace ecc
