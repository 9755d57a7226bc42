#include "btfgen/opaque_types.h"

#include <fmt/format.h>
#include <limits>

namespace ecc {

namespace {

bool is_record(const Type& type) {
    return type.kind == TypeKind::structure || type.kind == TypeKind::union_type;
}

std::string_view without_keyword(std::string_view name) {
    for (std::string_view keyword : {"struct ", "union "})
        if (name.starts_with(keyword))
            return name.substr(keyword.size());
    return name;
}

/// Several types may have one name.
std::vector<TypeId> records_named(const TypeGraph& graph, std::string_view name) {
    std::vector<TypeId> found;
    for (TypeId id = 1; id < graph.types.size(); ++id) {
        const Type& type = graph.at(id);
        if (type.name != name)
            continue;
        const TypeId record = type.kind == TypeKind::type_def ? graph.resolve(id) : id;
        if (is_record(graph.at(record)))
            found.push_back(record);
    }
    return found;
}

TypeId add(TypeGraph& graph, Type type) {
    graph.types.push_back(std::move(type));
    return static_cast<TypeId>(graph.types.size() - 1);
}

} // namespace

Result<void> make_opaque(TypeGraph& graph, const std::vector<std::string>& names) {
    if (names.empty())
        return {};
    const TypeId byte = add(graph, {.kind = TypeKind::integer, .name = "unsigned char", .size = 1});
    for (const std::string& name : names) {
        const std::vector<TypeId> records = records_named(graph, without_keyword(name));
        if (records.empty())
            return usage_error(
                fmt::format("--allow-opaque {}: there is no struct or union of that name", name));
        for (TypeId id : records) {
            const std::uint64_t size = graph.at(id).size;
            if (size > std::numeric_limits<std::uint32_t>::max())
                return usage_error(fmt::format("--allow-opaque {}: it is too large for an array", name));
            const auto count = static_cast<std::uint32_t>(size);
            const TypeId bytes =
                add(graph, {.kind = TypeKind::array, .target = byte, .element_count = count});
            graph.types[id].members = {{"bytes", bytes, 0, 0}};
        }
    }
    return {};
}

} // namespace ecc
