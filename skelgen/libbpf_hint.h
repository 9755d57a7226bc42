// What to try when libbpf refuses an object.
#pragma once

#include <string>
#include <string_view>

namespace ecc {

/// By what libbpf said (LibbpfLog::summary). Never empty: what nobody knows better is to compile the object
/// again.
std::string libbpf_hint(std::string_view messages);

} // namespace ecc
