// What libbpf knows about programs and does not tell: whether a section alone says where to attach, and
// whether a program can change what the system does.
#pragma once

#include "support/bytes.h"

#include <bpf/libbpf.h>
#include <string_view>

namespace ecc {

/// True if bpf_program__attach finds the place in the section's name
/// ("tracepoint/syscalls/sys_enter_openat").
bool attaches_by_section(std::string_view section);

/// True unless programs of that type can only observe. A type that nobody has classified acts.
bool acts_by_type(bpf_prog_type type, bpf_attach_type attach);

/// True if the instructions call a helper that writes to user memory, overrides a return value or sends a
/// signal.
bool calls_acting_helper(ByteView instructions);

} // namespace ecc
