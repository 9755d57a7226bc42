// The tables of guest/c/include/ecc/ui.h as values: how a generated user part prints records. In: record
// types of a LayoutSet. Out: flat lists that refer to each other by index, each after what it refers to.
#pragma once

#include "btfgen/layout.h"

#include <map>
#include <tuple>

namespace ecc {

inline constexpr std::size_t no_table = static_cast<std::size_t>(-1);

struct UiField {
    std::string name;
    std::uint64_t offset_bits = 0;
    std::uint64_t size_bits = 0; ///< as struct ecc_ui_field says
    const char* kind = "";       ///< "ECC_UI_UNSIGNED"
    bool is_signed = false;
    std::uint64_t count = 0;
    std::size_t record = no_table;
    std::size_t enumeration = no_table;
};

struct UiRecord {
    std::string name;
    std::uint64_t size = 0;
    std::vector<UiField> fields;
    bool has_open_end = false; ///< records may be longer: the last field goes to their end
};

class UiTables {
public:
    UiTables(const LayoutSet& layouts, const std::string& where) : layouts_(layouts), where_(where) {}

    /// The index of the table for what a ring buffer carries: a record, or a scalar as one field "value", or
    /// for `char` text of any length.
    /// Members of anonymous structs and unions appear at the outer level, those of named ones as a record
    /// inside; of a union every member is there. An input error if the record is larger than any ring buffer,
    /// or has more members than anybody can print.
    Result<std::size_t> add_record(const std::string& name, TypeId type);
    /// The same for bytes of any number of which nothing is known.
    std::size_t add_unknown(const std::string& name);
    /// One value by itself; `offset_bits` and the name are the caller's.
    Result<UiField> describe(TypeId type);

    const std::vector<UiRecord>& records() const { return records_; }
    /// Enumerations by type id.
    const std::vector<TypeId>& enumerations() const { return enumerations_; }

private:
    struct Flattening;

    Result<std::size_t> add(const std::string& name, TypeId type, bool outermost);
    Result<void> flatten(const RecordLayout& record, std::uint64_t base_bits, Flattening& into);
    Result<void> add_member(const MemberLayout& member, std::uint64_t base_bits, bool last, Flattening& into);
    Result<void> describe_array(UiField& field, TypeId type);
    Result<void> describe_element(UiField& field, TypeId type, bool outermost);
    /// `outermost`: its end is the end of what is delivered.
    Result<UiField> describe_member(TypeId type, bool outermost);
    bool reaches_the_end(const UiRecord& record) const;
    void describe_enumeration(UiField& field, TypeId type);

    const LayoutSet& layouts_;
    const std::string& where_;
    std::vector<UiRecord> records_;
    std::vector<TypeId> enumerations_;
    /// By type, name and whether it is outermost.
    std::map<std::tuple<TypeId, std::string, bool>, std::size_t> record_at_;
    std::map<TypeId, std::size_t> enumeration_at_;
    std::size_t fields_ = 0; // over all records
};

} // namespace ecc
