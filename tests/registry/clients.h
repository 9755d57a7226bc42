// Programs that Debian does not have, built from their Go modules, once, into the cache.
#pragma once

#include <string>

namespace ecc::test {

/// The path of "crane", "cosign" or "referrers_server"; empty, with a failure of the running test, if it
/// cannot be built.
std::string client(const std::string& name);

} // namespace ecc::test
