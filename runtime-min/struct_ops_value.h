// The initial value of a struct_ops map: the struct of the source's, in which libbpf keeps pointers of its
// own (bpf_map__initial_value). A guest sees a handle where a program is, and 0 where there is none.
#pragma once

#include "runtime-min/session.h"

namespace ecc {

/// Bytes of the struct; 0 for other maps.
std::size_t struct_ops_size(const MapEntry& map);
/// Before load.
OrErrno<Bytes> struct_ops_value(Session& session, const MapEntry& map);
/// Before load. -EBADF: a member that points to a function is no handle of a program; -EINVAL: of one of
/// another object, or `value` is of another size. Nothing is changed then.
OrErrno<> set_struct_ops_value(Session& session, const MapEntry& map, ByteView value);

} // namespace ecc
