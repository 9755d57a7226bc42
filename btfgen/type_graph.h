// The types of a BTF blob as plain values. In: an object's `.BTF` section or a kernel's BTF (hostile). Out: a
// graph whose ids, sizes, offsets and names were all checked, so that nothing behind it has to check again.
//
// Source: Documentation/bpf/btf.rst and include/uapi/linux/btf.h of the kernel.
#pragma once

#include "support/bytes.h"
#include "support/result.h"

#include <cstdint>
#include <string>
#include <vector>

namespace ecc {

/// Index into TypeGraph::types, the same as the BTF type id; 0 is void.
using TypeId = std::uint32_t;

enum class TypeKind : std::uint8_t {
    void_type,
    integer,
    pointer,
    array,
    structure,
    union_type,
    enumeration,
    forward,
    type_def,
    volatile_type,
    const_type,
    restrict_type,
    function,
    function_prototype,
    variable,
    data_section,
    floating,
    declaration_tag,
    type_tag,
};

struct TypeMember {
    std::string name; ///< empty: anonymous
    TypeId type = 0;
    std::uint32_t offset_bits = 0;
    std::uint32_t bitfield_bits = 0; ///< 0: not a bitfield
};

struct Enumerator {
    std::string name;
    std::uint64_t value = 0; ///< sign-extended if the enumeration is signed
};

struct Parameter {
    std::string name;
    TypeId type = 0;
};

struct SectionVariable {
    TypeId type = 0; ///< a variable, or in `.ksyms` a function
    std::uint32_t offset = 0;
    std::uint32_t size = 0;
};

/// One BTF type; which fields mean something follows from `kind`.
struct Type {
    TypeKind kind = TypeKind::void_type;
    std::string name;
    std::uint64_t size = 0; ///< integer, floating, structure, union, enumeration, data section: bytes
    TypeId target = 0;      ///< what a pointer, array, typedef, qualifier, variable, function, tag refers to
    std::uint32_t element_count = 0; ///< array
    bool is_signed = false;          ///< integer, enumeration
    bool is_bool = false;            ///< integer
    bool is_char = false;            ///< integer: `char`, as opposed to a number of one byte
    bool forward_is_union = false;
    bool may_be_opaque = false;  ///< structure: bytes may stand for members that no language can say
    std::uint32_t linkage = 0;   ///< variable, function
    std::int32_t component = -1; ///< declaration tag: member or parameter index, -1 the whole
    std::vector<TypeMember> members;
    std::vector<Enumerator> enumerators;
    std::vector<Parameter> parameters;
    std::vector<SectionVariable> variables;
};

struct TypeGraph {
    std::vector<Type> types; ///< [0] is void
    TypeId first = 1;        ///< of the blob itself: those before are of the base of split BTF

    const Type& at(TypeId id) const { return types[id]; }
    /// The id of the type of that kind and name, 0 if there is none.
    TypeId find(TypeKind kind, std::string_view name) const;
    /// `id` without typedefs, qualifiers and tags.
    TypeId resolve(TypeId id) const;
};

/// Checks everything: ids in range, no cycle that gives a type infinite size, offsets inside their type,
/// names in bounds, sane counts. A big-endian blob is refused with that reason.
Result<TypeGraph> parse_type_graph(ByteView btf, const std::string& where);

/// The same for split BTF, such as a kernel module's, whose ids and names go on where those of `base`, the
/// kernel's, end. The graph has the types of both.
Result<TypeGraph> parse_split_type_graph(ByteView btf, const std::string& where, ByteView base,
                                         const std::string& base_where);

} // namespace ecc
