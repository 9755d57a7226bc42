// Pins that a guest asks for by path (--allow pin=FOLDER): they keep a map or a link after the process has
// ended.
#pragma once

#include "runtime-min/bpf_objects.h"

#include <string>

namespace ecc {

/// The path, if its folder exists and is one of those that the operator names, or below. -EINVAL: no absolute
/// path to something in a folder; -ENOENT: the folder does not exist; -EPERM: not permitted, which the user
/// has been told.
OrErrno<std::string> permitted_pin(const BpfPolicy& policy, const std::string& path);

} // namespace ecc
