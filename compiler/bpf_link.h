// libbpf's static linker, in memory. In: BPF objects as clang makes them. Out: one object without DWARF,
// whose BTF is merged and deduplicated.
#pragma once

#include "compiler/object_file.h"
#include "support/result.h"

#include <vector>

namespace ecc {

/// An input error carries libbpf's own message ("conflicting non-weak symbol ...").
Result<Bytes> link_bpf_objects(const std::vector<ObjectFile>& objects);

} // namespace ecc
