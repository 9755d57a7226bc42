#include "btfgen/opaque_types.h"

#include <algorithm>
#include <fmt/format.h>
#include <iterator>

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

} // namespace

Result<void> allow_opaque(TypeGraph& graph, const std::vector<std::string>& names) {
    for (const std::string& name : names) {
        const std::vector<TypeId> records = records_named(graph, without_keyword(name));
        if (records.empty())
            return usage_error(
                fmt::format("--allow-opaque {}: there is no struct or union of that name", name));
        for (TypeId id : records)
            graph.types[id].may_be_opaque = true;
    }
    return {};
}

namespace {

/// What overlaps takes whole bytes, and with them the bitfields that share these.
void join_last(std::vector<OverlapGroup>& groups) {
    OverlapGroup group = std::move(groups.back());
    groups.pop_back();
    group.first_bit = group.first_bit / 8 * 8;
    group.end_bits = (group.end_bits + 7) / 8 * 8;
    while (!groups.empty() && groups.back().end_bits > group.first_bit) {
        OverlapGroup& before = groups.back();
        group.first_bit = before.first_bit / 8 * 8;
        std::ranges::move(group.members, std::back_inserter(before.members));
        group.members = std::move(before.members);
        groups.pop_back();
    }
    groups.push_back(std::move(group));
}

} // namespace

std::vector<OverlapGroup> overlap_groups(std::vector<MemberLayout> members) {
    std::ranges::stable_sort(members, {}, &MemberLayout::offset_bits);
    std::vector<OverlapGroup> groups;
    for (MemberLayout& member : members) {
        const std::uint64_t first = member.offset_bits;
        const std::uint64_t end = first + member.size_bits;
        const bool overlaps = !groups.empty() && first < groups.back().end_bits;
        if (!overlaps)
            groups.push_back({{}, first, end});
        groups.back().end_bits = std::max(groups.back().end_bits, end);
        groups.back().members.push_back(std::move(member));
        if (overlaps)
            join_last(groups);
    }
    return groups;
}

} // namespace ecc
