// Which record types travel through which map. In: the syntax tree of a BPF source. Out: Annotations.records.
//
// BTF describes what a map stores, but not what a program writes into a ring buffer or perf buffer: only the
// calls of the output helpers tell.
#pragma once

#include "skelgen/annotations.h"

namespace clang {
class ASTContext;
}

namespace ecc {

/// Adds to `annotations.records` each complete struct or union that a program passes to bpf_ringbuf_reserve,
/// bpf_ringbuf_output, bpf_perf_event_output or their like with a map in ".maps", in order of first use and
/// once. The type is that of `sizeof` in the size, else what the data pointer points to, else what the
/// reserved pointer is assigned to. Functions that pass on their parameters are followed to their callers.
/// Plain integers are left out.
void collect_records(clang::ASTContext& context, Annotations& annotations);

} // namespace ecc
