// Names and texts from BTF or ELF (hostile) as C and C++ source can carry them.
#pragma once

#include "btfgen/name_scope.h"

namespace ecc {

/// `name` with every character that no identifier has replaced by '_'; a trailing '_' keeps it apart from
/// keywords of C and C++ and from macros that are always there ("class" -> "class_", "linux" -> "linux_").
std::string c_identifier(std::string_view name);

/// A string literal with its quotes; what is not printable ASCII becomes an octal escape.
std::string c_string(std::string_view text);

/// `text` made harmless between the delimiters of a comment; control characters become spaces.
std::string c_comment(std::string_view text);

/// Second uses get ___2, ___3 ..., as libbpf does it.
class CScope : public NameScope {
public:
    CScope() : NameScope(c_identifier, "___") {}
    /// "__pad0", "__pad1", ... as far as free.
    std::string claim_padding() { return claim_numbered("__pad"); }
};

} // namespace ecc
