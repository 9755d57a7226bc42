// What loading an object takes of the machine.
#pragma once

#include "packager/package/object_facts.h"

struct bpf_object;

namespace ecc {

struct ObjectUsage {
    std::uint64_t programs = 0;
    std::uint64_t map_bytes = 0;

    void add(const ObjectUsage& more);
};

/// Of an object that is open, as it would be loaded now.
ObjectUsage usage_of(const bpf_object* object);

/// Bytes that the keys and values of a full map take, or a ring buffer's size; what the kernel adds is not
/// counted.
std::uint64_t map_memory(const MapFacts& map);

/// Bytes that a lookup in such a map writes, and that an update reads.
std::uint32_t map_value_bytes(MapType type, std::uint32_t value_size);

} // namespace ecc
