// Types of the kernel whose names the headers of a C user part define too: libc's, and <linux/bpf.h>, which
// <bpf/libbpf.h> includes. Both in one file would be a redefinition, and libc's often have another layout.
#pragma once

#include <string_view>

namespace ecc {

bool is_header_type(std::string_view name);

} // namespace ecc
