// What a program's section says about where it attaches, as a request; and the other way round: the section
// that a program would have which attaches as a request says. A policy's hooks are such sections.
#pragma once

#include "packager/package/object_facts.h"

#include <cstdint>
#include <string>

namespace ecc {

struct AttachRequest;

/// The target of such an attachment is a file, the function one of its symbols or USDT probes.
bool names_a_file(std::uint32_t kind);

/// Where a program of this type and section attaches when somebody names a target: enum ecc_attach_kind;
/// ECC_ATTACH_SECTION if there is nothing to name.
std::uint32_t kind_with_target(const ProgramFacts& program);

/// What the section says. Of kind_with_target; what no section can say (an interface, a cgroup) is empty.
AttachRequest from_section(const ProgramFacts& program);

/// "kretprobe/do_exit". The program's own section if the request is for the place that it names, or for one
/// of those that no section can name.
std::string hook_of(const ProgramFacts& program, const AttachRequest& request);

/// fentry, fexit, fmod_ret, lsm, tp_btf: the kernel checks the program against a function or tracepoint of
/// its own when it loads it, so nothing can be chosen later.
bool is_fitted_to_kernel(const ProgramFacts& program);

/// The section that such a program has for this function.
std::string hook_of_function(const ProgramFacts& program, const std::string& function);

} // namespace ecc
