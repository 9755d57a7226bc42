// The hooks of a policy's [only]: sections in which '*' stands for any text.
#pragma once

#include <string_view>

namespace ecc {

/// True if `hook`, a section, is what the pattern says, letter for letter, or fits it. A path that goes up
/// ("..") fits none, and neither does that of a uprobe or USDT probe whose symbolic links lead out of the
/// folder that the pattern names before its first '*': looks at the file system, as it is now.
bool fits_hook_pattern(std::string_view hook, std::string_view pattern);

} // namespace ecc
