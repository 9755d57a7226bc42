// Layouts: for each record the bytes that the BPF program sees, and how a language can say them. In: a
// TypeGraph. Out: a LayoutSet, from which every language is rendered, so that two renderings can never
// disagree.
//
// Sizes are bytes unless a name says bits. Pointers and `long` are 64-bit, as BTF records them.
#pragma once

#include "btfgen/type_graph.h"

#include <optional>

namespace ecc {

/// What a member's bytes are, independent of any language.
enum class ScalarKind : std::uint8_t {
    none,
    unsigned_integer,
    signed_integer,
    boolean,
    character,
    floating,
    pointer
};

struct MemberLayout {
    std::string name; ///< empty: anonymous struct or union
    TypeId type = 0;  ///< as in BTF
    std::uint32_t offset_bits = 0;
    std::uint64_t size_bits = 0; ///< 0 for a flexible array or an empty struct
    bool bitfield = false;
};

struct RecordLayout {
    TypeId type = 0;
    bool is_union = false;
    std::string name; ///< the tag, or the typedef's name of an unnamed struct; empty for one inside another
    bool is_typedef_name = false;
    std::uint64_t size = 0;
    std::uint32_t alignment = 1; ///< what the offsets and the size show; 1 if nothing can be placed otherwise
    bool packed = false;         ///< some member is less aligned than its type
    std::vector<MemberLayout> members;
};

struct LayoutSet {
    TypeGraph graph;
    std::vector<RecordLayout> records;     ///< every struct and union, each after what it contains
    std::vector<std::uint64_t> sizes;      ///< by type id
    std::vector<std::uint32_t> alignments; ///< by type id
    std::vector<std::uint32_t> record_at;  ///< by type id: 1 + index in `records`, 0 for other types

    /// The record with that tag, or that a typedef of that name means, or null.
    const RecordLayout* find(std::string_view name) const;
    const RecordLayout* of(TypeId type) const;
    std::uint64_t size_of(TypeId type) const;
    std::uint32_t alignment_of(TypeId type) const;
};

/// What the bytes of a value of that type are; `none` for records, arrays and what has no value.
ScalarKind scalar_kind(const TypeGraph& graph, TypeId type);

/// Fills in `alignment` and `packed` from the members and the size.
void infer_alignment(const LayoutSet& layouts, RecordLayout& record);

/// An input error if the record is larger than what addresses on wasm32 reach.
Result<void> check_addressable(const RecordLayout& record, const std::string& where);

/// An input error names the type, the member and the reason if something cannot be represented.
Result<LayoutSet> compute_layouts(TypeGraph graph, const std::string& where);

} // namespace ecc
