// What libbpf knows about programs and does not tell: whether a section alone says where to attach.
#pragma once

#include <string_view>

namespace ecc {

/// True if bpf_program__attach finds the place in the section's name
/// ("tracepoint/syscalls/sys_enter_openat").
bool attaches_by_section(std::string_view section);

} // namespace ecc
