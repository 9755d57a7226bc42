// Types that a user wants as bytes, because no language can say them or nobody needs their members. In: a
// TypeGraph and names. Out: the graph in which these records are an array of bytes.
#pragma once

#include "btfgen/type_graph.h"

namespace ecc {

/// Each name is a tag, with or without `struct` or `union`, or the typedef of a record. A usage error if
/// there is none of that name.
Result<void> make_opaque(TypeGraph& graph, const std::vector<std::string>& names);

} // namespace ecc
