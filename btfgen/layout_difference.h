// Whether two objects mean the same bytes by a type. In: the type in the LayoutSet of each. Out: the first
// member that differs.
#pragma once

#include "btfgen/layout.h"

#include <optional>

namespace ecc {

struct TypeIn {
    const LayoutSet& layouts;
    TypeId type;
    std::string_view name; ///< of the object, "x86"
};

/// What differs, as "member 'when' of struct event is at byte 8 for x86 and at byte 4 for arm64", or
/// nothing. Followed by value only: pointers are 8 bytes whatever they point to.
std::optional<std::string> layout_difference(TypeIn one, TypeIn other);

} // namespace ecc
