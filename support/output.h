// Text for standard output and error. Failing is remembered by the stream, not thrown as fmt::print does: whoever
// ends the program asks once, as for any buffered stream.
#pragma once

#include "support/result.h"

#include <cstdio>
#include <fmt/format.h>

namespace ecc {

inline constexpr const char* standard_output = "standard output";

template <class... T>
void print_to(std::FILE* stream, fmt::format_string<T...> format, T&&... arguments) {
    const std::string text = fmt::format(format, std::forward<T>(arguments)...);
    std::fwrite(text.data(), 1, text.size(), stream);
}

/// An environment error if not everything that was printed on stdout has got out.
Result<void> flush_output();

/// Whether stdout is a pipe or socket that nobody reads any more.
bool is_output_abandoned();

} // namespace ecc
