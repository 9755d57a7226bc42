#include "btfgen/layout.h"

#include "btfgen/opaque_types.h"
#include "btfgen/type_checks.h"
#include "btfgen/type_order.h"

#include <algorithm>
#include <bit>
#include <fmt/format.h>
#include <unordered_map>

namespace ecc {

namespace {

constexpr std::uint64_t max_scalar_alignment = 16;

/// Addresses and sizes on wasm32 have 32 bits, and clang wants them to be positive.
constexpr std::uint64_t max_record_size = 0x7fffffff;

bool is_record(const Type& type) {
    return type.kind == TypeKind::structure || type.kind == TypeKind::union_type;
}

/// C starts a member at a multiple of its alignment, and keeps a bitfield inside one aligned unit of its
/// type.
bool naturally_placed(const MemberLayout& member, std::uint64_t alignment) {
    const std::uint64_t unit = alignment * 8;
    if (!member.bitfield)
        return member.offset_bits % unit == 0;
    return member.offset_bits / unit == (member.offset_bits + member.size_bits - 1) / unit;
}

class LayoutBuilder {
public:
    LayoutBuilder(LayoutSet& set, const std::string& where) : set_(set), where_(where) {}

    Result<void> run(const std::vector<TypeId>& order) {
        set_.alignments.assign(set_.graph.types.size(), 1);
        set_.record_at.assign(set_.graph.types.size(), 0);
        find_typedef_names();
        for (TypeId id : order) {
            if (is_record(set_.graph.at(id))) {
                ECC_CHECK(add_record(id));
            } else {
                set_.alignments[id] = simple_alignment(id);
            }
        }
        return {};
    }

private:
    /// C's typedefs of unnamed records: the first one names it.
    void find_typedef_names() {
        for (const Type& type : set_.graph.types)
            if (type.kind == TypeKind::type_def && is_record(set_.graph.at(type.target)))
                typedef_names_.try_emplace(type.target, type.name);
    }

    std::uint32_t simple_alignment(TypeId id) const {
        const Type& type = set_.graph.at(id);
        switch (type.kind) {
        case TypeKind::pointer:
            return 8;
        case TypeKind::integer:
        case TypeKind::enumeration:
        case TypeKind::floating: // a size that is no power of two can only be rendered as bytes
            return std::has_single_bit(type.size) && type.size <= max_scalar_alignment
                       ? static_cast<std::uint32_t>(type.size)
                       : 1;
        default:
            return type.target != 0 ? set_.alignments[type.target] : 1;
        }
    }

    Result<void> add_record(TypeId id) {
        const Type& type = set_.graph.at(id);
        const bool may_be_opaque = type.may_be_opaque;
        RecordLayout record;
        record.type = id;
        record.is_union = type.kind == TypeKind::union_type;
        record.size = type.size;
        name_record(record, type);
        record.members.reserve(type.members.size());
        for (const TypeMember& member : type.members)
            record.members.push_back(layout_of(member));
        if (may_be_opaque && !record.is_union)
            make_overlaps_opaque(record);
        else
            infer_alignment(set_, record);
        ECC_CHECK(check_overlaps(record));
        set_.alignments[id] = record.alignment;
        set_.records.push_back(std::move(record));
        set_.record_at[id] = static_cast<std::uint32_t>(set_.records.size());
        return {};
    }

    void name_record(RecordLayout& record, const Type& type) const {
        record.name = type.name;
        if (!record.name.empty())
            return;
        auto name = typedef_names_.find(record.type);
        record.is_typedef_name = name != typedef_names_.end();
        if (record.is_typedef_name)
            record.name = name->second;
    }

    MemberLayout layout_of(const TypeMember& member) const {
        MemberLayout layout;
        layout.name = member.name;
        layout.type = member.type;
        layout.offset_bits = member.offset_bits;
        layout.bitfield = member.bitfield_bits != 0;
        layout.size_bits = layout.bitfield ? member.bitfield_bits : set_.sizes[member.type] * 8;
        return layout;
    }

    /// Members that overlap become one of bytes. The struct keeps the alignment that they had.
    void make_overlaps_opaque(RecordLayout& record) {
        const RecordLayout original = record;
        record.members.clear();
        for (const OverlapGroup& group : overlap_groups(original.members))
            record.members.push_back(group.members.size() == 1 ? group.members.front() : bytes_for(group));
        infer_alignment(set_, record);
        for (const MemberLayout& member : original.members)
            if (const std::uint32_t alignment = set_.alignments[member.type];
                !record.packed && naturally_placed(member, alignment) && record.size % alignment == 0)
                record.alignment = std::max(record.alignment, alignment);
    }

    MemberLayout bytes_for(const OverlapGroup& group) {
        const std::uint64_t bits = group.end_bits - group.first_bit;
        return {"bytes", add_bytes(static_cast<std::uint32_t>(bits / 8)),
                static_cast<std::uint32_t>(group.first_bit), bits, false};
    }

    TypeId add_bytes(std::uint32_t count) {
        if (byte_ == 0)
            byte_ = add_type({.kind = TypeKind::integer, .name = "unsigned char", .size = 1}, 1);
        return add_type({.kind = TypeKind::array, .target = byte_, .element_count = count}, count);
    }

    TypeId add_type(Type type, std::uint64_t size) {
        set_.graph.types.push_back(std::move(type));
        set_.sizes.push_back(size);
        set_.alignments.push_back(1);
        set_.record_at.push_back(0);
        return static_cast<TypeId>(set_.graph.types.size() - 1);
    }

    Result<void> check_overlaps(const RecordLayout& record) const {
        std::uint64_t end = 0;
        for (const MemberLayout& member : record.members) {
            if (member.offset_bits < end && !record.is_union)
                return input_error(
                    where_,
                    fmt::format("type {}: member '{}' at bit {} overlaps the one before it, which no struct "
                                "of C can say",
                                describe_type(set_.graph, record.type), member.name, member.offset_bits));
            end = member.offset_bits + member.size_bits;
        }
        return {};
    }

    LayoutSet& set_;
    const std::string& where_;
    TypeId byte_ = 0; // of opaque members
    std::unordered_map<TypeId, std::string> typedef_names_;
};

} // namespace

const RecordLayout* LayoutSet::find(std::string_view name) const {
    auto found = std::ranges::find(records, name, &RecordLayout::name);
    if (found != records.end())
        return &*found;
    const TypeId alias = graph.find(TypeKind::type_def, name);
    return alias != 0 ? of(graph.resolve(alias)) : nullptr;
}

const RecordLayout* LayoutSet::of(TypeId type) const {
    const std::uint32_t position = record_at[type];
    return position != 0 ? &records[position - 1] : nullptr;
}

std::uint64_t LayoutSet::size_of(TypeId type) const {
    return sizes[type];
}

std::uint32_t LayoutSet::alignment_of(TypeId type) const {
    return alignments[type];
}

void infer_alignment(const LayoutSet& layouts, RecordLayout& record) {
    std::uint32_t natural = 1;
    record.packed = false;
    for (const MemberLayout& member : record.members) {
        const std::uint32_t alignment = layouts.alignment_of(member.type);
        natural = std::max(natural, alignment);
        record.packed = record.packed || !naturally_placed(member, alignment);
    }
    record.packed = record.packed || record.size % natural != 0;
    record.alignment = record.packed ? 1 : natural;
}

Result<void> check_addressable(const RecordLayout& record, const std::string& where) {
    if (record.size <= max_record_size)
        return {};
    return input_error(where, fmt::format("type {} has {} bytes, more than wasm32 can address",
                                          record.name.empty() ? "(unnamed)" : record.name, record.size));
}

ScalarKind scalar_kind(const TypeGraph& graph, TypeId id) {
    const Type& type = graph.at(graph.resolve(id));
    switch (type.kind) {
    case TypeKind::pointer:
        return ScalarKind::pointer;
    case TypeKind::floating:
        return ScalarKind::floating;
    case TypeKind::enumeration:
        return type.is_signed ? ScalarKind::signed_integer : ScalarKind::unsigned_integer;
    case TypeKind::integer:
        if (type.is_bool)
            return ScalarKind::boolean;
        if (type.is_char)
            return ScalarKind::character;
        return type.is_signed ? ScalarKind::signed_integer : ScalarKind::unsigned_integer;
    default:
        return ScalarKind::none;
    }
}

static Result<void> fill(LayoutSet& set, const std::string& where) {
    ECC_TRY(const auto order, containment_order(set.graph, where));
    ECC_TRY(set.sizes, check_sizes(set.graph, order, where));
    return LayoutBuilder(set, where).run(order);
}

Result<LayoutSet> compute_layouts(TypeGraph graph, const std::string& where) {
    LayoutSet set;
    set.graph = std::move(graph);
    const Result<void> filled = fill(set, where);
    if (filled)
        return set;
    Error error = filled.error();
    if (error.hint.empty())
        error.hint = "--allow-opaque TYPE makes bytes of its members that overlap.";
    return std::unexpected(std::move(error));
}

} // namespace ecc
