// What every kernel asks of the definition of a map, so that one which breaks it is told which part to
// correct instead of EINVAL. Types that are not known here pass.
#pragma once

#include "packager/package/object_facts.h"

#include <string>
#include <string_view>

namespace ecc {

/// "max_entries is 0 and must be at least 1", for an error message; empty if the definition breaks no rule.
/// A loader may still change all of it before the load.
std::string map_fault(const MapFacts& map);

/// For the end of that message.
inline constexpr const char* map_fault_hint =
    "correcting the definition of the map in the source (SEC(\".maps\"))";

/// Whether a kernel takes maps of this name (bpf_obj_name_cpy() in kernel/bpf/syscall.c): letters, digits,
/// '_' and '.'. It is also the name of a file where a map is pinned by name, so "." and ".." are none.
bool is_map_name(std::string_view name);

} // namespace ecc
