// Sections that stand before BPF programs: SEC("tracepoint/syscalls/sys_enter_openat"). libbpf's own table
// tells which it knows.
#pragma once

#include <string>
#include <vector>

namespace ecc {

/// Sections of libbpf's that are spelled much like `section`, which it does not know: the likeliest first, at
/// most three, each with the rest of `section` if such sections have one. "tracepoints/a/b" ->
/// "tracepoint/a/b".
std::vector<std::string> similar_sections(const std::string& section);

} // namespace ecc
