// Times that do not spoil reproducible digests (reproducible-builds.org, "SOURCE_DATE_EPOCH").
#pragma once

#include "support/result.h"

#include <cstdint>
#include <optional>
#include <string>

namespace ecc {

/// $SOURCE_DATE_EPOCH; an environment error if it is not a whole number of seconds.
Result<std::optional<std::int64_t>> source_date_epoch();

/// "2023-11-14T22:13:20Z"
std::string rfc3339(std::int64_t seconds);

} // namespace ecc
