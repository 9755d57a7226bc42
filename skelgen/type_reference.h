// How a source refers to a type that is in the object's BTF. In: names and members as the compiler knows
// them. Out: the type's id.
//
// One name may have several types in one object: a struct and a typedef, structs of two functions, structs of
// two files that are linked. The word before the name and the members tell which is meant.
#pragma once

#include "btfgen/layout.h"

#include <string>
#include <string_view>
#include <vector>

namespace ecc {

struct TypeReference {
    /// As C says it: "struct event", "union shape", "enum state", "event_t", "unsigned int"; "struct" or
    /// "union" alone for one without a name.
    std::string name;
    std::string shape; ///< RecordShape's text of a struct or union; empty: not known

    bool operator==(const TypeReference&) const = default;
};

/// What tells records of one name apart: size and members, as everyone who describes the record knows them.
class RecordShape {
public:
    explicit RecordShape(std::uint64_t size_bytes);
    /// In the order of the record. No name: an unnamed struct or union; unnamed bitfields are no members.
    void add_member(std::string_view name, std::uint64_t offset_bits, std::uint64_t size_bits);

    const std::string& text() const { return text_; }

private:
    std::string text_;
};

/// "event" of "struct event".
std::string_view bare_name(const TypeReference& reference);

/// The types of BTF that have values and may be meant, resolved and each once: more than one if the reference
/// does not tell them apart. Where C would look for a typedef and there is none, a tag of that name is meant.
std::vector<TypeId> types_meant(const LayoutSet& layouts, const TypeReference& reference);

} // namespace ecc
