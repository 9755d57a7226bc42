// What an object takes of the machine.
#pragma once

#include "packager/package/object_facts.h"

struct bpf_object;

namespace ecc {

struct ObjectUsage {
    std::uint64_t programs = 0;
    std::uint64_t bytes =
        0; ///< of its file and its programs' code, and of its maps as map_memory counts them

    void add(const ObjectUsage& more);
};

/// Of an object that is open: the process holds what is in its file and its data sections.
ObjectUsage usage_when_open(const bpf_object* object, std::size_t file_size);
/// Of the same, as it would be loaded now. Once libbpf has prepared it, its programs have copies of the
/// functions that they call.
ObjectUsage usage_when_loaded(const bpf_object* object, std::size_t file_size);

/// Of one that is not open yet, if the user part changes neither its maps nor what is loaded. What libbpf
/// makes for a moment is left out.
ObjectUsage expected_usage(const ObjectFacts& object, std::size_t file_size);

} // namespace ecc
