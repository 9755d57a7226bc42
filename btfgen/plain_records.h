// Records for languages that have no bitfields, no unions, no anonymous members, and that place a member only
// where its type lets it be: Rust and Go. In: a LayoutSet and what to define. Out: for each record the fields
// that fill it without a gap, and accessors for what lies in fields of bytes.
//
// Members of anonymous structs are fields of the record around them. Unions, bitfields and members less
// aligned than their type are bytes with accessors. All offsets are from the start of the record.
#pragma once

#include "btfgen/type_selection.h"

namespace ecc {

enum class PlainKind : std::uint8_t {
    bytes, ///< what no language has a type for
    unsigned_integer,
    signed_integer,
    boolean,
    character,
    floating,
    pointer,
    record,
    enumeration
};

struct PlainType {
    PlainKind kind = PlainKind::bytes;
    TypeId type = 0;        ///< the record, enumeration or pointer; otherwise what BTF has, for its name
    std::uint64_t size = 0; ///< of one element
    std::uint32_t alignment = 1;
    bool is_signed = false;
    std::vector<std::uint32_t> dimensions; ///< of an array, the outermost first

    /// An array whose length the record's user knows, after the end of the record.
    bool is_flexible() const { return !dimensions.empty() && dimensions.front() == 0 && size != 0; }
};

struct PlainField {
    enum class Kind : std::uint8_t { member, padding, bytes };
    Kind kind = Kind::member;
    std::string name; ///< of members, as in BTF
    std::string doc_key;
    PlainType type;
    std::uint64_t offset = 0;
    std::uint64_t size = 0;
};

struct PlainAccessor {
    enum class Kind : std::uint8_t {
        bits,
        aligned,  ///< can be referred to in place
        unaligned ///< can only be copied
    };
    Kind kind = Kind::bits;
    std::string name;
    std::string doc_key;
    PlainType type;
    std::uint64_t offset_bits = 0;
    std::uint64_t size_bits = 0;
    std::size_t field = 0; ///< bits: the field of bytes in which it lies
};

struct PlainRecord {
    TypeId type = 0;
    std::string name;     ///< BTF's, or "event.where" for the type of that member
    bool has_tag = false; ///< so that it has a right to its name
    bool is_union = false;
    bool packed = false; ///< needs the language's packing
    std::string doc_key;
    std::uint64_t size = 0;
    std::uint32_t alignment = 1;       ///< as far as the language can say it
    std::uint32_t field_alignment = 1; ///< what the fields alone bring about
    std::vector<PlainField> fields;
    std::vector<PlainAccessor> accessors;
};

/// What a language can say.
struct PlainRules {
    std::uint32_t max_alignment; ///< of any type
    bool packing;    ///< it can place fields without regard to alignment, if that is less than the maximum
    bool empty_tail; ///< a field may have no bytes: also the last one, behind which a pointer to it would
                     ///< point
};

inline constexpr PlainRules rust_rules{16, true, true};
inline constexpr PlainRules go_rules{8, false, false};

struct PlainEnumeration {
    TypeId type = 0;
    std::string name;     ///< the tag or a typedef's name; empty: it is constants only
    bool has_tag = false; ///< so that it has a right to its name
};

struct PlainTypes {
    std::vector<PlainRecord> records; ///< each after what it contains
    std::vector<PlainEnumeration> enumerations;
};

/// An input error names the type that is too large, or expands to more members than any real one.
Result<PlainTypes> plain_types(const TypeRequest& request, const PlainRules& rules);

/// A record that is no type of the program, such as the variables of a section: the doc keys of its members
/// are their names.
Result<PlainRecord> plain_record(const LayoutSet& layouts, const RecordLayout& record,
                                 const PlainRules& rules, const std::string& where);

/// Scalars of odd sizes are bytes.
PlainType plain_type(const LayoutSet& layouts, TypeId type, const PlainRules& rules);

} // namespace ecc
