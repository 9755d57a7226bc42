// What loading an object takes of the machine.
#pragma once

#include "packager/package/object_facts.h"

struct bpf_object;

namespace ecc {

struct ObjectUsage {
    std::uint64_t programs = 0;
    std::uint64_t map_bytes = 0; ///< as map_memory counts them

    void add(const ObjectUsage& more);
};

/// Of an object that is open, as it would be loaded now.
ObjectUsage usage_of(const bpf_object* object);

} // namespace ecc
