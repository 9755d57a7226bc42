// The members of a record as C text that has the same bytes on wasm32, on 64-bit hosts and in the BPF
// program. In: a RecordLayout. Out: text between braces with every padding byte spelled out, and where each
// member came to lie.
//
// All these targets place integers at multiples of their size and bitfields as the System V ABI does (a unit
// of the declared type is never crossed, unnamed bitfields of one byte align nothing), or bit after bit if
// packed. So text without `long` and pointers, with explicit padding and with `packed` where BTF's offsets
// demand it, is the same on all of them.
#pragma once

#include "btfgen/c_dialect.h"
#include "btfgen/c_names.h"
#include "btfgen/type_selection.h"

#include <unordered_map>

namespace ecc {

/// How a rendering refers to records ("struct event") and enumerations ("enum state") by type id. A record
/// that is not in it is written out where it is used, an enumeration becomes an integer.
using CTypeNames = std::unordered_map<TypeId, std::string>;

struct CMemberPlace {
    std::string path; ///< as offsetof takes it: "inner.values[0].x"
    std::uint64_t offset = 0;
};

struct CBitfieldPlace {
    std::string path; ///< as in "record.path"
    std::uint64_t first_bit = 0;
    std::uint64_t bits = 0;
    bool is_signed = false;
};

struct CRecordText {
    std::string body;                 ///< "{\n\tint x;\n}", followed by the attribute if it is packed
    std::vector<CMemberPlace> places; ///< of all members but bitfields
    std::vector<CBitfieldPlace> bitfields;
    bool uses_bool = false; ///< needs <stdbool.h>
};

class CRecordWriter {
public:
    /// `where` names the input in errors. All references must outlive the writer.
    CRecordWriter(const LayoutSet& layouts, const CTypeNames& names, const std::string& where,
                  const CDialect& dialect = c_dialect, const TypeDocs* docs = nullptr)
        : layouts_(layouts), names_(names), where_(where), dialect_(dialect), docs_(docs) {}

    /// `indent` is the number of tabs before the closing brace. An input error if the record is too large for
    /// wasm32, or expands to more text than any real type does.
    Result<CRecordText> write(const RecordLayout& record, unsigned indent);

    /// A type by itself in C++, with arrays as std::array; empty if it is a record without a name.
    std::string cpp_value(TypeId type);

private:
    struct Context;
    struct Value;

    Result<void> spend(const RecordLayout& record);
    Result<void> expect_names(const RecordLayout& record, CScope& scope);
    bool has_anonymous_member(const RecordLayout& record, std::string_view name) const;
    Result<void> write_body(const RecordLayout& record, Context context);
    std::uint32_t alignment_of_members(const RecordLayout& record) const;
    Result<void> write_members(const RecordLayout& record, Context context);
    Result<void> write_member(const MemberLayout& member, Context context);
    Result<void> write_inline(const RecordLayout& record, const MemberLayout& member,
                              const std::string& dimensions, Context context);
    void write_bitfield(const MemberLayout& member, Context context);
    void write_tail(const RecordLayout& record, std::uint64_t end, Context context);
    void pad(std::uint64_t from, std::uint64_t to, Context context);
    void doc(const std::string& name, Context context);
    void line(unsigned indent, std::string_view text);
    Value spell(TypeId type);

    const LayoutSet& layouts_;
    const CTypeNames& names_;
    const std::string& where_;
    const CDialect& dialect_;
    const TypeDocs* docs_; // or null
    CRecordText out_;
    std::uint64_t spent_ = 0; // about the bytes of text so far, over all records
};

/// "struct task_struct __rcu *", for comments and messages: type tags as the macros of the kernel's headers
/// spell them.
std::string c_type_name(const TypeGraph& graph, TypeId type);

} // namespace ecc
