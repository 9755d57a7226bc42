// Which record types travel through which map. In: the syntax tree of a BPF source. Out: Annotations.records,
// .keys and .values.
//
// BTF describes what a map stores if its definition has __type(value, T), but never what a program writes
// into a ring buffer or perf buffer, or reads from a user ring buffer: only the calls of the helpers tell.
#pragma once

#include "skelgen/annotations.h"

namespace clang {
class ASTContext;
}

namespace ecc {

/// Adds to `annotations.records` each complete struct or union that a program passes to bpf_ringbuf_reserve,
/// bpf_ringbuf_output, bpf_perf_event_output or their like with a map in ".maps", or reads in a callback of
/// bpf_user_ringbuf_drain, in order of first use and once. The type is that of `sizeof` in the size, else
/// what the data pointer points to, else what the returned pointer becomes. Where a program chooses between
/// maps, data or sizes, each map has each type. Dynptrs are followed to the map that they belong to,
/// functions that pass on their parameters to their callers, and maps of maps to the maps of the source that
/// they may hold; one that is filled at run time only has the records itself. Plain integers are left out.
///
/// `keys` and `values` get those of maps whose definition gives a size only: of `sizeof` in that size, a
/// scalar's too, and what the pointers of helpers and their callbacks point to.
void collect_records(clang::ASTContext& context, Annotations& annotations);

} // namespace ecc
