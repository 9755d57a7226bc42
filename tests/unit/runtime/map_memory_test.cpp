#include "runtime-min/map_memory.h"

#include "runtime-min/file_descriptor.h"

#include <bpf/bpf.h>
#include <cstdio>
#include <fstream>
#include <gmock/gmock.h>
#include <unistd.h>

namespace ecc::test {
namespace {

struct MapMemoryTest : testing::TestWithParam<MapFacts> {};

/// What the kernel says that a map takes.
std::uint64_t memory_in_kernel(int map) {
    std::ifstream info("/proc/self/fdinfo/" + std::to_string(map));
    std::uint64_t bytes = 0;
    for (std::string line; std::getline(info, line);)
        std::sscanf(line.c_str(), "memlock: %lu", &bytes);
    return bytes;
}

TEST_P(MapMemoryTest, is_what_the_kernel_counts_or_somewhat_more) {
    const auto& facts = GetParam();
    LIBBPF_OPTS(bpf_map_create_opts, options, .map_flags = facts.flags);
    const FileDescriptor map(bpf_map_create(static_cast<bpf_map_type>(facts.type), nullptr, facts.key_size,
                                            facts.value_size, facts.max_entries, &options));
    ASSERT_TRUE(map) << facts.name << ": " << errno;
    const auto counted = memory_in_kernel(map.get());
    EXPECT_GE(map_memory(facts), counted) << facts.name;
    EXPECT_LE(map_memory(facts), 2 * counted + 65536) << facts.name;
}

constexpr std::uint32_t many = 10'000;
INSTANTIATE_TEST_SUITE_P(
    Of, MapMemoryTest,
    testing::Values(MapFacts{"hash", BPF_MAP_TYPE_HASH, "", 4, 8, many},
                    MapFacts{"hash of bytes", BPF_MAP_TYPE_HASH, "", 1, 1, many},
                    MapFacts{"hash of much", BPF_MAP_TYPE_HASH, "", 64, 1024, many},
                    MapFacts{"one element", BPF_MAP_TYPE_HASH, "", 4, 4, 1},
                    MapFacts{"LRU hash", BPF_MAP_TYPE_LRU_HASH, "", 4, 8, many},
                    MapFacts{"per-CPU hash", BPF_MAP_TYPE_PERCPU_HASH, "", 4, 12, many},
                    MapFacts{"per-CPU LRU hash", BPF_MAP_TYPE_LRU_PERCPU_HASH, "", 4, 12, many},
                    MapFacts{"array", BPF_MAP_TYPE_ARRAY, "", 4, 9, many},
                    MapFacts{"mmapable array", BPF_MAP_TYPE_ARRAY, "", 4, 9, many, BPF_F_MMAPABLE},
                    MapFacts{"per-CPU array", BPF_MAP_TYPE_PERCPU_ARRAY, "", 4, 1, many},
                    MapFacts{"program array", BPF_MAP_TYPE_PROG_ARRAY, "", 4, 4, many},
                    MapFacts{"perf event array", BPF_MAP_TYPE_PERF_EVENT_ARRAY, "", 4, 4, many},
                    MapFacts{"stack traces", BPF_MAP_TYPE_STACK_TRACE, "", 4, 127 * 8, many},
                    MapFacts{"queue", BPF_MAP_TYPE_QUEUE, "", 0, 16, many},
                    MapFacts{"ring buffer", BPF_MAP_TYPE_RINGBUF, "", 0, 0, 1 << 22}),
    [](const auto& one) {
        std::string name = one.param.name;
        std::ranges::replace_if(name, [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
        return name;
    });

TEST(MapMemory, counts_both_sorts_of_nodes_of_a_trie) {
    const MapFacts facts{"trie", BPF_MAP_TYPE_LPM_TRIE, "", 8, 8, 1000, BPF_F_NO_PREALLOC};
    const FileDescriptor map(bpf_map_create(
        BPF_MAP_TYPE_LPM_TRIE, nullptr, 8, 8, 1000,
        std::array{bpf_map_create_opts{.sz = sizeof(bpf_map_create_opts), .map_flags = BPF_F_NO_PREALLOC}}
            .data()));
    ASSERT_TRUE(map) << errno;
    for (std::uint32_t i = 0; i < facts.max_entries; ++i) {
        const std::uint32_t key[]{32, i * 2'654'435'761U};
        const std::uint64_t value = i;
        ASSERT_EQ(bpf_map_update_elem(map.get(), key, &value, BPF_ANY), 0);
    }
    EXPECT_GE(map_memory(facts), memory_in_kernel(map.get()));
}

TEST(MapMemory, has_no_largest_number_that_overflows) {
    for (std::uint32_t type = 0; type < 40; ++type) {
        const MapFacts facts{"", type, "", UINT32_MAX, UINT32_MAX, UINT32_MAX, UINT32_MAX};
        EXPECT_GE(map_memory(facts), std::uint64_t{UINT32_MAX}) << type;
    }
    constexpr MapType arena = 33;
    EXPECT_GE(map_memory({"", arena, "", 0, 0, 1000}), 1000ULL * static_cast<std::uint64_t>(::getpagesize()));
    EXPECT_LE(map_memory({"", BPF_MAP_TYPE_TASK_STORAGE, "", 4, 8, 0}), 4096U) << "has no bound of its own";
}

} // namespace
} // namespace ecc::test
