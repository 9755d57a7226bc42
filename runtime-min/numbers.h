// Numbers as people write them in options and sections.
#pragma once

#include <charconv>
#include <optional>
#include <string_view>

namespace ecc {

/// "42", "-1", "0x10"; nothing if there is anything else, or it does not fit.
template <class T> std::optional<T> parse_number(std::string_view text) {
    const int base = text.starts_with("0x") ? 16 : 10;
    if (base == 16)
        text.remove_prefix(2);
    T value = 0;
    const auto* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, value, base);
    return error == std::errc{} && stop == end ? std::optional(value) : std::nullopt;
}

} // namespace ecc
