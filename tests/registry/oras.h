// oras, the client that most people use for such artifacts: built from its Go module, once, into the cache.
#pragma once

#include <string>

namespace ecc::test {

/// The program's path; empty, with a failure of the running test, if it cannot be built.
std::string oras();

} // namespace ecc::test
