// Structs whose members may become bytes where no language can say them: members that overlap, as some
// compilers of other languages than C emit them. In: a TypeGraph and names. Out: the graph in which these are
// marked.
#pragma once

#include "btfgen/layout.h"

namespace ecc {

/// Each name is a tag, with or without `struct` or `union`, or the typedef of a record. A usage error if
/// there is none of that name.
Result<void> allow_opaque(TypeGraph& graph, const std::vector<std::string>& names);

/// Members of a struct that share bits, or bytes with those that do.
struct OverlapGroup {
    std::vector<MemberLayout> members;
    std::uint64_t first_bit = 0, end_bits = 0; ///< whole bytes if there are several members
};

/// Each member in one group, by offset; no two groups overlap.
std::vector<OverlapGroup> overlap_groups(std::vector<MemberLayout> members);

} // namespace ecc
