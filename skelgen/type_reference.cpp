#include "skelgen/type_reference.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace ecc {
namespace {

/// The kinds of types that a name with that word before it may have; the empty word is the last.
struct Keyword {
    std::string_view word;
    std::array<TypeKind, 3> kinds;
};
constexpr std::array keywords = {
    Keyword{"struct", {TypeKind::structure, TypeKind::structure, TypeKind::structure}},
    Keyword{"union", {TypeKind::union_type, TypeKind::union_type, TypeKind::union_type}},
    Keyword{"enum", {TypeKind::enumeration, TypeKind::enumeration, TypeKind::enumeration}},
    Keyword{"", {TypeKind::type_def, TypeKind::integer, TypeKind::floating}},
};
constexpr std::array tag_kinds = {TypeKind::structure, TypeKind::union_type, TypeKind::enumeration};

const Keyword& keyword_of(std::string_view name) {
    return *std::ranges::find_if(keywords, [name](const Keyword& keyword) {
        return keyword.word.empty() || name == keyword.word ||
               (name.starts_with(keyword.word) && name[keyword.word.size()] == ' ');
    });
}

std::string shape_of(const RecordLayout& record) {
    RecordShape shape(record.size);
    for (const MemberLayout& member : record.members)
        shape.add_member(member.name, member.offset_bits, member.size_bits);
    return shape.text();
}

std::vector<TypeId> types_of_kinds(const LayoutSet& layouts, const std::array<TypeKind, 3>& kinds,
                                   std::string_view name) {
    const TypeGraph& graph = layouts.graph;
    std::vector<TypeId> types;
    for (TypeId id = 1; id < graph.types.size(); ++id) {
        const bool is_named = graph.at(id).name == name && std::ranges::count(kinds, graph.at(id).kind) != 0;
        const TypeId resolved = graph.resolve(id);
        const bool has_values = layouts.size_of(resolved) != 0 || layouts.of(resolved) != nullptr;
        if (is_named && has_values && std::ranges::find(types, resolved) == types.end())
            types.push_back(resolved);
    }
    return types;
}

} // namespace

RecordShape::RecordShape(std::uint64_t size_bytes) : text_(fmt::format("{}", size_bytes)) {}

void RecordShape::add_member(std::string_view name, std::uint64_t offset_bits, std::uint64_t size_bits) {
    text_ += fmt::format(" {}:{}:{}", name, offset_bits, size_bits);
}

std::string_view bare_name(const TypeReference& reference) {
    std::string_view name = reference.name;
    name.remove_prefix(std::min(keyword_of(name).word.size(), name.size()));
    return name.substr(std::min(name.find_first_not_of(' '), name.size()));
}

std::vector<TypeId> types_meant(const LayoutSet& layouts, const TypeReference& reference) {
    const std::string_view name = bare_name(reference);
    const Keyword& keyword = keyword_of(reference.name);
    if (name.empty() && (keyword.word.empty() || reference.shape.empty()))
        return {};
    std::vector<TypeId> types = types_of_kinds(layouts, keyword.kinds, name);
    if (types.empty() && keyword.word.empty())
        types = types_of_kinds(layouts, tag_kinds, name);
    if (reference.shape.empty() || (types.size() < 2 && !name.empty()))
        return types;
    std::vector<TypeId> alike = types;
    std::erase_if(alike, [&](TypeId type) {
        const RecordLayout* record = layouts.of(type);
        return record == nullptr || shape_of(*record) != reference.shape;
    });
    return alike.empty() && !name.empty() ? types : alike;
}

} // namespace ecc
