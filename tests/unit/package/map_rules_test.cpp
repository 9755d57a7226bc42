// Definitions of maps that kernels refuse, each tried on the running one.
#include "packager/package/map_rules.h"

#include <bpf/bpf.h>
#include <cerrno>
#include <gmock/gmock.h>
#include <unistd.h>

namespace ecc {
namespace {

using ::testing::HasSubstr;

struct Refused {
    MapFacts map;
    const char* fault;
};

std::ostream& operator<<(std::ostream& out, const Refused& one) {
    return out << one.map.name;
}

/// What bpf(2) makes of it: 0 or an errno.
int created(const MapFacts& map) {
    LIBBPF_OPTS(bpf_map_create_opts, options, .map_flags = map.flags);
    const int fd = bpf_map_create(static_cast<bpf_map_type>(map.type), "tried", map.key_size, map.value_size,
                                  map.max_entries, &options);
    if (fd < 0)
        return errno;
    ::close(fd);
    return 0;
}

class RefusedMaps : public ::testing::TestWithParam<Refused> {};

TEST_P(RefusedMaps, are_told_what_to_correct_and_the_kernel_agrees) {
    const auto& [map, fault] = GetParam();
    EXPECT_THAT(map_fault(map), HasSubstr(fault));
    EXPECT_EQ(created(map), EINVAL) << "the kernel's errno; EPERM (1): creating maps needs root";
}

MapFacts map_of(const char* name, MapType type, std::uint32_t key, std::uint32_t value, std::uint32_t entries,
                std::uint32_t flags = 0) {
    return {.name = name,
            .type = type,
            .key_size = key,
            .value_size = value,
            .max_entries = entries,
            .flags = flags};
}

INSTANTIATE_TEST_SUITE_P(
    , RefusedMaps,
    ::testing::Values(
        Refused{map_of("hash_without_entries", BPF_MAP_TYPE_HASH, 4, 8, 0), "max_entries is 0"},
        Refused{map_of("hash_without_key", BPF_MAP_TYPE_HASH, 0, 8, 16), "key_size is 0"},
        Refused{map_of("lru_hash_without_value", BPF_MAP_TYPE_LRU_HASH, 4, 0, 16), "value_size is 0"},
        Refused{map_of("array_with_long_key", BPF_MAP_TYPE_ARRAY, 8, 8, 16), "key_size is 8 and must be 4"},
        Refused{map_of("array_with_flags", BPF_MAP_TYPE_ARRAY, 4, 8, 16, 1U << 30),
                "map_flags has 0x40000000"},
        Refused{map_of("hash_with_flags", BPF_MAP_TYPE_HASH, 4, 8, 16, BPF_F_MMAPABLE),
                "map_flags has 0x400"},
        Refused{map_of("perf_array_of_events", BPF_MAP_TYPE_PERF_EVENT_ARRAY, 4, 24, 16), "value_size is 24"},
        Refused{map_of("ring_without_size", BPF_MAP_TYPE_RINGBUF, 0, 0, 0), "max_entries is 0"},
        Refused{map_of("ring_with_value", BPF_MAP_TYPE_RINGBUF, 0, 8, 4096), "value_size is 8 and must be 0"},
        Refused{map_of("queue_with_key", BPF_MAP_TYPE_QUEUE, 4, 8, 16), "key_size is 4 and must be 0"},
        Refused{map_of("stacks_of_halves", BPF_MAP_TYPE_STACK_TRACE, 4, 4, 16), "value_size is 4"},
        Refused{map_of("trie_without_flag", BPF_MAP_TYPE_LPM_TRIE, 8, 8, 16), "lacks BPF_F_NO_PREALLOC"}),
    [](const auto& one) { return one.param.map.name; });

TEST(MapRules, let_pass_what_kernels_take) {
    for (const auto& map : {map_of("hash", BPF_MAP_TYPE_HASH, 8, 8, 16, BPF_F_NO_PREALLOC),
                            map_of("array", BPF_MAP_TYPE_ARRAY, 4, 8, 16, BPF_F_MMAPABLE),
                            map_of("perf", BPF_MAP_TYPE_PERF_EVENT_ARRAY, 4, 4, 4),
                            map_of("ring", BPF_MAP_TYPE_RINGBUF, 0, 0, 4096),
                            map_of("stacks", BPF_MAP_TYPE_STACK_TRACE, 4, 127 * 8, 16),
                            map_of("trie", BPF_MAP_TYPE_LPM_TRIE, 8, 8, 16, BPF_F_NO_PREALLOC)}) {
        EXPECT_EQ(map_fault(map), "") << map.name;
        const int error = created(map);
        EXPECT_TRUE(error == 0 || error == EPERM) << map.name;
    }
}

TEST(MapRules, leave_types_alone_that_they_do_not_know) {
    EXPECT_EQ(map_fault(map_of("struct_ops", BPF_MAP_TYPE_STRUCT_OPS, 0, 0, 0)), "");
    EXPECT_EQ(map_fault(map_of("of_tomorrow", 1000, 0, 0, 0)), "");
}

TEST(MapNames, are_those_that_kernels_take) {
    for (const char* name : {"events", "_", "bootstra.rodata", ".rodata.str1.1", "A9", "..."})
        EXPECT_TRUE(is_map_name(name)) << name;
}

TEST(MapNames, are_never_paths) {
    for (const char* name : {"", ".", "..", "/", "a/b", "../up", "bbbbbbbbbbbbbbb/../../../foreign", "a b",
                             "a\n", "a-b", "\xc3\xa4"})
        EXPECT_FALSE(is_map_name(name)) << name;
    EXPECT_FALSE(is_map_name(std::string_view("a\0b", 3)));
}

} // namespace
} // namespace ecc
