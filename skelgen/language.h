// The languages that text can be generated in.
#pragma once

#include "support/result.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ecc {

enum class Language : std::uint8_t { c, cpp, rust, go };

/// A usage error lists what there is.
Result<Language> find_language(std::string_view name);

/// "c, cpp, rust or go", for help texts.
std::string language_choices();
std::vector<std::string_view> language_names();

} // namespace ecc
