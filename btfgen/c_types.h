// Definitions of BTF types as C and C++ text with the same bytes on wasm32, on 64-bit hosts and in the BPF
// program, and the assertions that prove it. In: a LayoutSet and what to define. Out: definitions in an order
// that compiles.
//
// Pointers and `long` are 64-bit integers, with what they were in a comment; scalar typedefs are resolved,
// because theirs (size_t, pid_t) belong to the C library.
#pragma once

#include "btfgen/c_records.h"

namespace ecc {

struct CAssertion {
    std::string condition; ///< "sizeof(struct event) == 40"
    std::string message;
};

/// Where a bitfield lies, which is no constant expression: what the record's bytes are when all its bits are
/// set and no others.
struct CBitfieldAssertion {
    std::string record;    ///< "struct event"
    std::string path;      ///< of the bitfield in it
    std::string ones;      ///< its value with all bits set
    std::string condition; ///< on an array `bytes`: "bytes[4] == 0xf0 && bytes[5] == 0x01"
    std::string message;
};

struct CDefinition {
    std::string text; ///< ends with a semicolon, no newline
    std::vector<CAssertion> assertions;
    std::vector<CBitfieldAssertion> bitfields;
};

struct CTypes {
    std::vector<CDefinition> definitions;
    bool uses_bool = false; ///< needs <stdbool.h>
    CTypeNames names;       ///< by which these definitions are referred to
    CScope scope;           ///< where all of them are taken, for what stands beside them
};

/// The roots and what they contain by value. An input error names the type that C cannot say.
Result<CTypes> c_types(const TypeRequest& request, const CDialect& dialect = c_dialect);

/// Names for text that refers to the user's own definitions: tags and typedefs as the source has them.
CTypeNames source_names(const LayoutSet& layouts);

} // namespace ecc
