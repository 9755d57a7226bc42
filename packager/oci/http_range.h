// The headers that say which part of some content is meant (RFC 9110, 14; distribution specification 1.1,
// "Pushing a blob in chunks").
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ecc {

struct ContentRange {
    std::uint64_t first = 0;
    std::uint64_t last = 0; ///< inclusive
    std::optional<std::uint64_t> total;
    bool operator==(const ContentRange&) const = default;
};

/// "bytes 5-9/10" or "bytes 5-9/*" of a reply 206; nothing if it is malformed or contradicts itself.
std::optional<ContentRange> parse_content_range(std::string_view value);

/// How many bytes an upload has by its header "Range: 0-9"; "0-0" counts as none. Nothing if it is malformed.
std::optional<std::uint64_t> parse_upload_range(std::string_view value);

} // namespace ecc
