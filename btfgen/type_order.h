// The order in which types contain each other by value. In: a TypeGraph whose ids are in range. Out: every
// type after all that it contains, so that sizes and layouts can be computed in one loop without recursion.
#pragma once

#include "btfgen/type_graph.h"

#include <vector>

namespace ecc {

/// How deep types may contain each other by value, typedefs and qualifiers included. The deepest chain in a
/// kernel is below 40; everything that recurses over contained types relies on this bound.
inline constexpr std::size_t max_type_depth = 128;

/// What a type's bytes consist of: the target of arrays, typedefs, qualifiers and variables, the members of
/// structs and unions. Pointers and functions contain nothing.
std::vector<TypeId> contained_types(const Type& type);

/// An input error names the type that contains itself, or that is nested too deeply.
Result<std::vector<TypeId>> containment_order(const TypeGraph& graph, const std::string& where);

} // namespace ecc
