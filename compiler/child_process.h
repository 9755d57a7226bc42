// Work in a copy of this process, for libraries that leave something behind in the one they ran in.
#pragma once

#include "support/bytes.h"
#include "support/result.h"

#include <functional>
#include <sys/types.h>

namespace ecc {

/// What `work` returns in a forked child, which shares standard output and error. Nothing that it changes in
/// memory comes back. No thread of this process exists there, so `work` must wait for none. An input error
/// with `what` if the child dies, an environment error if there can be none or memory runs out.
Result<Bytes> run_in_child(const std::string& where, const std::string& what,
                           const std::function<Bytes()>& work);

/// Waits for the end of a child; true if its exit status is 0.
bool ended_well(pid_t child);

} // namespace ecc
