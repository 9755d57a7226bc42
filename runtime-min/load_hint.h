// What to try when a kernel does not load an object: by the verifier's verdict, and without one by the errno.
#pragma once

#include <string>
#include <string_view>

namespace ecc {

/// For the end of an error message. `verdict` is LoadFailure::reason, or empty; `error` is positive.
std::string load_hint(std::string_view verdict, int error);

} // namespace ecc
