// Which members of JSON objects programs in Go decode into fields of structs. Go's encoding/json gives a
// field any member whose name differs from its own in letter case only; the keys of its maps are what they
// are.
#pragma once

#include <string>
#include <string_view>

namespace ecc {

/// What the names in an object stand for.
enum class JsonNames {
    fields, ///< of a struct, or of something that nobody reads
    keys,   ///< of a map, whose values may be structs again
    data,   ///< as `keys`, and so is everything within
};

/// The field of manifests, indexes, configs, signatures, statements, logins, or of what registries and their
/// helpers answer, that a member of this name is decoded into, in lower case; empty if it is none.
std::string field_of(std::string_view member);

/// What the names in the value of such a field stand for.
JsonNames names_within(std::string_view field);

} // namespace ecc
