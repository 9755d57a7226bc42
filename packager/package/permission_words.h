// What permissions begin with where they are written: options of ecc-run and of what starts it, and policies.
// (What follows "=", and what it means: runtime-min/permission_syntax.h.)
#pragma once

#include <string_view>

namespace ecc {

inline constexpr std::string_view permission_words[] = {"act",  "bytes",  "attach", "symbols",
                                                        "pin=", "files=", "env="};

} // namespace ecc
