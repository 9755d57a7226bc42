// What a TypeGraph promises beyond ids in range: kinds that fit together, sizes that exist, members inside
// their type.
#pragma once

#include "btfgen/type_graph.h"

namespace ecc {

/// Ids must be in range, and the members of one type have different names. An input error names the type and
/// the member.
Result<void> check_references(const TypeGraph& graph, const std::string& where);

/// The sizes of all types by id, 0 for void, functions and forward declarations. `order` is the containment
/// order. An input error names the type, and the member that has no size or does not fit.
Result<std::vector<std::uint64_t>> check_sizes(const TypeGraph& graph, const std::vector<TypeId>& order,
                                               const std::string& where);

/// "[12] 'event'" for messages.
std::string describe_type(const TypeGraph& graph, TypeId id);

} // namespace ecc
