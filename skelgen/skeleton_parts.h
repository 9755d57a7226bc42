// What a skeleton in C++, Rust or Go consists of, without how it is said. In: a BindingModel. Out: its maps
// by how they are used, and its sections as records.
#pragma once

#include "btfgen/type_selection.h"
#include "skelgen/binding_model.h"

namespace ecc {

struct SkeletonMap {
    enum class Kind : std::uint8_t {
        other,       ///< nothing that a key and a value describe
        typed,       ///< keys and values
        per_cpu,     ///< the same, with a value for each CPU
        queue,       ///< values alone: a queue or a stack
        ring_buffer, ///< whose records have known types
        perf_buffer, ///< the same in a perf event array, which rounds their lengths up
        user_ring,   ///< a user ring buffer, for which records of known types are meant
        struct_ops,  ///< functions of the kernel's that take effect while it is attached
    };
    Kind kind = Kind::other;
    const BpfMap* map = nullptr;
    std::vector<const RecordBinding*> records; ///< of a ring, perf or user ring buffer
    std::string doc;
    /// Index of the section that is its only value, if libbpf does not let that be seen in memory: one of
    /// statics alone.
    std::optional<std::size_t> section;
    bool is_one_type = false; ///< all its records are of the only type that is known, and whole

    /// Keys are 32-bit numbers, by the kind of the map, though its definition gives their size alone.
    bool has_number_keys() const;
    /// How many addresses a value of a stack trace has; 0 for other maps, and those whose definition says
    /// more.
    std::uint32_t address_count() const;

    bool is_buffer() const { return kind == Kind::ring_buffer || kind == Kind::perf_buffer; }
    bool has_elements() const { return kind == Kind::typed || kind == Kind::per_cpu || kind == Kind::queue; }
};

struct SkeletonSection {
    const DataSection* section = nullptr;
    RecordLayout layout;      ///< as long as the section
    bool is_settable = false; ///< before the object is loaded
    bool is_live = false;     ///< seen in memory afterwards, as it changes

    /// Known once the object is loaded, by nobody's choice: `.kconfig`.
    bool is_given() const { return !is_settable; }
};

struct SkeletonParts {
    std::string stem; ///< "bootstrap" of "bootstrap_bpf"
    std::vector<SkeletonMap> maps;
    std::vector<SkeletonSection> sections;
};

/// An input error if a section cannot be said.
Result<SkeletonParts> skeleton_parts(const BindingModel& model);

/// The flexible array at the end of a struct, or of the struct there: how many elements there are only each
/// record knows.
struct FlexibleTail {
    TypeId element = 0;
    std::uint64_t offset = 0;
};

/// Nothing if records of that type are as long as it says.
std::optional<FlexibleTail> flexible_tail(const LayoutSet& layouts, TypeId type);

/// The same if its elements can be referred to in place, in a record of a buffer.
std::optional<FlexibleTail> tail_in_place(const LayoutSet& layouts, TypeId type);

/// The struct that a struct_ops map is, whose members can be set before load; null for other maps.
const RecordLayout* struct_ops_layout(const LayoutSet& layouts, const BpfMap& map);

/// Of records in buffers, whatever their type is.
inline constexpr std::uint32_t record_alignment = 8;

/// The text by which the source documents a program, map or global; empty if it does not.
std::string doc_of(const BindingModel& model, const std::string& name);

/// Those of the section's variables, as the members of `layout`.
void add_docs(TypeDocs& docs, const BindingModel& model, const DataSection& section,
              const RecordLayout& layout);

} // namespace ecc
