#include "skelgen/ui_tables.h"

#include "skelgen/skeleton_parts.h"

#include <algorithm>
#include <fmt/format.h>

namespace ecc {

namespace {

/// Sizes in bits must fit 32 bits; no ring buffer is larger.
constexpr std::uint64_t max_record_bytes = 0xffffffff / 8;

/// Anonymous structs can double the members with every level.
constexpr std::size_t max_fields = 10'000;

/// Elements of a flexible array: as many as there are.
constexpr std::uint64_t unlimited = 0xffffffff;

constexpr const char* bytes_kind = "ECC_UI_BYTES";
constexpr const char* text_kind = "ECC_UI_TEXT";
constexpr const char* record_kind = "ECC_UI_RECORD";

const char* number_kind(ScalarKind kind, bool is_signed, std::uint64_t bits) {
    switch (kind) {
    case ScalarKind::boolean:
        return "ECC_UI_BOOL";
    case ScalarKind::floating:
        return "ECC_UI_FLOAT";
    case ScalarKind::pointer:
        return "ECC_UI_ADDRESS";
    default:
        if (bits > 64)
            return "ECC_UI_WIDE";
        return is_signed ? "ECC_UI_SIGNED" : "ECC_UI_UNSIGNED";
    }
}

} // namespace

struct UiTables::Flattening {
    UiRecord record;
    bool outermost; // its end is the end of what the ring buffer delivered
};

Result<std::size_t> UiTables::add_record(const std::string& name, TypeId type) {
    return add(name, layouts_.graph.resolve(type), true);
}

std::size_t UiTables::add_unknown(const std::string& name) {
    records_.push_back({name, 0, {{.name = "data", .kind = bytes_kind}}, true});
    return records_.size() - 1;
}

Result<std::size_t> UiTables::add(const std::string& name, TypeId type, bool outermost) {
    if (const auto known = record_at_.find({type, name, outermost}); known != record_at_.end())
        return known->second;
    Flattening into{{name, layouts_.size_of(type), {}, false}, outermost};
    if (into.record.size > max_record_bytes)
        return input_error(
            where_, fmt::format("type '{}' has {} bytes, more than any ring buffer", name, into.record.size));
    if (const RecordLayout* layout = layouts_.of(type)) {
        ECC_CHECK(flatten(*layout, 0, into));
    } else if (outermost && scalar_kind(layouts_.graph, type) == ScalarKind::character) {
        into.record.size = 0;
        into.record.fields.push_back({.name = "text", .kind = text_kind});
    } else {
        ECC_TRY(UiField field, describe(type));
        field.name = "value";
        into.record.fields.push_back(std::move(field));
    }
    into.record.has_open_end = outermost && reaches_the_end(into.record);
    records_.push_back(std::move(into.record));
    record_at_[{type, name, outermost}] = records_.size() - 1;
    return records_.size() - 1;
}

bool UiTables::reaches_the_end(const UiRecord& record) const {
    if (record.fields.empty())
        return false;
    const UiField& last = record.fields.back();
    const bool has_open_record = last.record != no_table && records_[last.record].has_open_end;
    return last.size_bits == 0 || last.count == unlimited || has_open_record;
}

Result<void> UiTables::flatten(const RecordLayout& record, std::uint64_t base_bits, Flattening& into) {
    for (const MemberLayout& member : record.members) {
        if (++fields_ > max_fields)
            return input_error(
                where_, fmt::format("type '{}' has more than {} members", into.record.name, max_fields));
        const RecordLayout* inner = layouts_.of(layouts_.graph.resolve(member.type));
        if (member.name.empty() && inner != nullptr) {
            ECC_CHECK(flatten(*inner, base_bits + member.offset_bits, into));
        } else {
            ECC_CHECK(add_member(member, base_bits, &member == &record.members.back(), into));
        }
    }
    return {};
}

Result<void> UiTables::add_member(const MemberLayout& member, std::uint64_t base_bits, bool last,
                                  Flattening& into) {
    // The rest of the sample belongs to a flexible array; other members without bytes have nothing to show.
    const Type& type = layouts_.graph.at(layouts_.graph.resolve(member.type));
    const bool flexible = type.kind == TypeKind::array && type.element_count == 0 && last && into.outermost;
    if (member.size_bits == 0 && !flexible)
        return {};
    ECC_TRY(UiField field,
            describe_member(member.type, last && into.outermost && flexible_tail(layouts_, member.type)));
    if (flexible && field.size_bits > 8)
        field.count = unlimited;
    else if (flexible && field.kind != text_kind)
        field = {.kind = bytes_kind};
    if (member.bitfield)
        field.size_bits = member.size_bits;
    field.name = member.name;
    field.offset_bits = base_bits + member.offset_bits;
    into.record.fields.push_back(std::move(field));
    return {};
}

Result<UiField> UiTables::describe(TypeId type) {
    return describe_member(type, false);
}

Result<UiField> UiTables::describe_member(TypeId type, bool outermost) {
    UiField field;
    type = layouts_.graph.resolve(type);
    if (layouts_.graph.at(type).kind == TypeKind::array) {
        ECC_CHECK(describe_array(field, type));
    } else {
        ECC_CHECK(describe_element(field, type, outermost));
    }
    return field;
}

Result<void> UiTables::describe_array(UiField& field, TypeId type) {
    const TypeGraph& graph = layouts_.graph;
    const std::uint64_t whole_bits = layouts_.size_of(type) * 8;
    std::uint64_t count = 1;
    std::uint64_t innermost = 0;
    for (; graph.at(type).kind == TypeKind::array; type = graph.resolve(graph.at(type).target)) {
        innermost = graph.at(type).element_count;
        count *= innermost;
    }
    if (scalar_kind(graph, type) == ScalarKind::character) {
        field.kind = text_kind;
        field.size_bits = innermost * 8;
        field.count = innermost != 0 && count != innermost ? count / innermost : 0;
        return {};
    }
    ECC_CHECK(describe_element(field, type, false));
    field.count = count;
    if (field.kind == bytes_kind)
        field = {.size_bits = whole_bits, .kind = bytes_kind};
    return {};
}

Result<void> UiTables::describe_element(UiField& field, TypeId id, bool outermost) {
    const Type& type = layouts_.graph.at(id);
    field.size_bits = layouts_.size_of(id) * 8;
    field.kind = bytes_kind;
    const ScalarKind kind = scalar_kind(layouts_.graph, id);
    if (layouts_.of(id) != nullptr) {
        field.kind = record_kind;
        ECC_TRY(field.record, add(type.name, id, outermost));
    } else if (type.kind == TypeKind::enumeration && !type.enumerators.empty()) {
        describe_enumeration(field, id);
    } else if (kind == ScalarKind::floating && type.size != 4 && type.size != 8) {
        return {};
    } else if (kind != ScalarKind::none) {
        field.kind = number_kind(kind, type.is_signed, field.size_bits);
        field.is_signed = type.is_signed;
    }
    return {};
}

void UiTables::describe_enumeration(UiField& field, TypeId id) {
    field.kind = "ECC_UI_ENUM";
    field.is_signed = layouts_.graph.at(id).is_signed;
    const auto [position, is_new] = enumeration_at_.try_emplace(id, enumerations_.size());
    if (is_new)
        enumerations_.push_back(id);
    field.enumeration = position->second;
}

} // namespace ecc
