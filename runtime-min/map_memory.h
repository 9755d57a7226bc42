// What a map takes of the kernel's memory when it is full.
#pragma once

#include "packager/package/object_facts.h"

namespace ecc {

/// BPF_MAP_TYPE_ARENA, which older headers do not have.
inline constexpr MapType arena_map = 33;

/// Bytes, about as many as the kernel counts itself (`map_mem_usage`, "memlock" in /proc/PID/fdinfo) or
/// somewhat more: keys and values of every element, on every possible CPU if the map is per CPU, the nodes,
/// buckets and pointers around them, the pages of ring buffers and arenas. What grows with tasks, sockets,
/// cgroups and inodes (their storage maps) has no bound in the map and is not counted; nor are maps within
/// maps that the kernel gets later, which are maps of their own.
std::uint64_t map_memory(const MapFacts& map);

/// Bytes that a lookup in such a map writes, and that an update reads.
std::uint32_t map_value_bytes(MapType type, std::uint32_t value_size);

} // namespace ecc
