#include "btfgen/type_selection.h"

#include "btfgen/type_order.h"

#include <algorithm>
#include <iterator>

namespace ecc {

std::string doc_key(const RecordLayout& record) {
    return (record.is_union ? "union " : "struct ") + record.name;
}

std::vector<TypeRoot> all_types(const LayoutSet& layouts) {
    std::vector<TypeRoot> roots;
    for (const RecordLayout& record : layouts.records)
        if (!record.name.empty() && record.type >= layouts.graph.first)
            roots.push_back({record.type, {}});
    for (TypeId id = layouts.graph.first; id < layouts.graph.types.size(); ++id)
        if (layouts.graph.at(id).kind == TypeKind::enumeration)
            roots.push_back({id, {}});
    return roots;
}

std::vector<bool> contained_by(const TypeGraph& graph, const std::vector<TypeRoot>& roots) {
    std::vector<bool> contained(graph.types.size());
    std::vector<TypeId> open;
    for (const TypeRoot& root : roots)
        open.push_back(root.type);
    while (!open.empty()) {
        const TypeId id = open.back();
        open.pop_back();
        if (contained[id])
            continue;
        contained[id] = true;
        std::ranges::copy(contained_types(graph.at(id)), std::back_inserter(open));
    }
    return contained;
}

TypeId element_type(const TypeGraph& graph, TypeId type) {
    for (type = graph.resolve(type); graph.at(type).kind == TypeKind::array;)
        type = graph.resolve(graph.at(type).target);
    return type;
}

} // namespace ecc
