// A user part in Rust, built by cargo for the WebAssembly target that is installed.
#pragma once

#include "compiler/guest/guest_folder.h"

namespace ecc {

/// Optimized for size, unless the Cargo.toml has a [profile.release] of its own. A dependency on the crate
/// `ecc-guest` of a registry is satisfied by the one that comes along.
Result<UserModule> build_with_cargo(const GuestBuild& build);

} // namespace ecc
