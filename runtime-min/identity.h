// Which package this is and who signed it, found out before anything in it is looked at.
//
// bytes + --expect-digest, --bundle, --verify-key + the policy's signers -> Identity
#pragma once

#include "runtime-min/options.h"
#include "runtime-min/policy.h"

namespace ecc {

/// An input error: the digest is not the expected one; the signatures are malformed, for another package, or
/// not by the key of --verify-key. A usage error: there are signatures, but nothing to compare them with.
Result<Identity> identify(const Options& options, const Policy& policy, ByteView wasm,
                          const std::string& where);

} // namespace ecc
