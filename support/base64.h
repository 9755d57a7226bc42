// Base64 with padding and without line breaks (RFC 4648, section 4), as HTTP's Basic scheme, DSSE and PEM use
// it.
#pragma once

#include "support/bytes.h"

#include <optional>
#include <string>
#include <string_view>

namespace ecc {

std::string to_base64(ByteView bytes);

/// Nothing if it is malformed.
std::optional<Bytes> from_base64(std::string_view text);

} // namespace ecc
