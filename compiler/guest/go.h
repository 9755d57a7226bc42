// A user part in Go, built by the go command for wasip1.
#pragma once

#include "compiler/guest/guest_folder.h"

namespace ecc {

/// Without debug information. Unless go.mod or a workspace says where the module `ecc/guest` is, it is the
/// one that comes along.
Result<UserModule> build_with_go(const GuestBuild& build);

} // namespace ecc
