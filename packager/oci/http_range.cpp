#include "packager/oci/http_range.h"

#include <charconv>

namespace ecc {
namespace {

std::optional<std::uint64_t> number(std::string_view text) {
    std::uint64_t value = 0;
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || error != std::errc() || end != text.data() + text.size())
        return std::nullopt;
    return value;
}

std::optional<std::pair<std::uint64_t, std::uint64_t>> interval(std::string_view text) {
    const auto dash = text.find('-');
    if (dash == text.npos)
        return std::nullopt;
    const auto first = number(text.substr(0, dash));
    const auto last = number(text.substr(dash + 1));
    if (!first || !last || *first > *last || *last == UINT64_MAX)
        return std::nullopt;
    return std::pair(*first, *last);
}

} // namespace

std::optional<ContentRange> parse_content_range(std::string_view value) {
    constexpr std::string_view unit = "bytes ";
    const auto slash = value.find('/');
    if (!value.starts_with(unit) || slash == value.npos)
        return std::nullopt;
    const auto bytes = interval(value.substr(unit.size(), slash - unit.size()));
    const std::string_view size = value.substr(slash + 1);
    const auto total = number(size);
    if (!bytes || (!total && size != "*") || (total && bytes->second >= *total))
        return std::nullopt;
    return ContentRange{bytes->first, bytes->second, total};
}

std::optional<std::uint64_t> parse_upload_range(std::string_view value) {
    if (value.starts_with("bytes="))
        value.remove_prefix(6);
    const auto bytes = interval(value);
    if (!bytes || bytes->first != 0)
        return std::nullopt;
    return bytes->second == 0 ? 0 : bytes->second + 1;
}

} // namespace ecc
