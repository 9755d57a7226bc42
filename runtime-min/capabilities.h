// Capabilities of the calling thread (capabilities(7)), as sets of bits: bit CAP_BPF is
// `capability_bit(CAP_BPF)`.
#pragma once

#include "runtime-min/errno_result.h"

#include <cstdint>
#include <linux/capability.h>

namespace ecc {

using CapabilitySet = std::uint64_t;

constexpr CapabilitySet capability_bit(int number) {
    return CapabilitySet{1} << number;
}

CapabilitySet effective_capabilities();

/// Keeps those of `kept` that the thread has and gives up every other for good: permitted, effective,
/// inheritable and ambient; running a program brings none back (no_new_privs). False if the kernel refuses.
bool drop_capabilities(CapabilitySet kept);

/// The same for every thread of the process: the engine has some of its own. -EPERM: one could not be
/// reached, or the kernel refuses; others: /proc does not list the threads.
OrErrno<> drop_capabilities_everywhere(CapabilitySet kept);

/// True in user_namespaces(7) other than the first: bpf(2) does not count the capabilities that one has
/// there.
bool in_user_namespace();

} // namespace ecc
