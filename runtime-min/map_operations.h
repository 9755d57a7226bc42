// Elements of maps, for both host interfaces. Keys and values lie in the guest's memory and go to the kernel
// from there; their lengths are the map's (map_value_bytes for a value), else -EINVAL.
#pragma once

#include "runtime-min/session.h"

namespace ecc {

OrErrno<std::int32_t> lookup_element(const bpf_map* map, ByteView key, std::span<std::uint8_t> value,
                                     std::uint64_t flags);
/// Values that name another map are handles; values that would be other descriptors of the host are refused
/// (-EOPNOTSUPP).
OrErrno<std::int32_t> update_element(Session& session, const MapEntry& entry, ByteView key, ByteView value,
                                     std::uint64_t flags);
/// Looks it up and removes it.
OrErrno<std::int32_t> take_element(const bpf_map* map, ByteView key, std::span<std::uint8_t> value,
                                   std::uint64_t flags);
OrErrno<std::int32_t> delete_element(const bpf_map* map, ByteView key, std::uint64_t flags);
/// The first key if `key` is empty.
OrErrno<std::int32_t> next_key(const bpf_map* map, ByteView key, std::span<std::uint8_t> next);

/// The initial value of a data section (.rodata, .data, .bss); empty for any other map.
ByteView initial_value(const bpf_map* map);

/// True if the values of this map are file descriptors, which a guest does not have.
bool holds_descriptors(const bpf_map* map);

/// What libbpf returned, or its negated errno as Linux' own.
OrErrno<std::int32_t> status_of(int libbpf_result);

} // namespace ecc
