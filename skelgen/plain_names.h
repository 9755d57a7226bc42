// Names of types for languages that write them in CamelCase and have one scope for all: Rust and Go.
#pragma once

#include "btfgen/name_scope.h"
#include "btfgen/plain_records.h"

namespace ecc {

/// "task_struct" -> "TaskStruct", "MAX_U8" -> "MaxU8"; what no identifier has separates words. Never empty,
/// and it starts with an upper-case letter.
std::string camel_case(std::string_view name);

/// `text` on one line, for a line comment; control characters become spaces.
std::string line_comment(std::string_view text);

/// By type id, for records and for enumerations with a name. Tags first, so that they keep theirs.
using PlainNames = std::unordered_map<TypeId, std::string>;
PlainNames claim_type_names(const PlainTypes& types, NameScope& scope);

/// What `request` asks for, and the variables of sections, each as a struct, with a name for each in `names`.
Result<PlainTypes> named_types(const TypeRequest& request, const PlainRules& rules,
                               const std::vector<RecordLayout>& sections, NameScope& scope,
                               PlainNames& names);

/// Sections have no type in BTF that has a size: the ids behind the last one stand for them.
TypeId section_type(const LayoutSet& layouts, std::size_t index);

/// Those that are types, or (not `with_name`) those that are only constants.
std::vector<const PlainEnumeration*> select_enumerations(const LayoutSet& layouts, const PlainTypes& types,
                                                         const PlainNames& names, bool with_name);

/// An enumerator's value as a decimal number of the enumeration's size.
std::string enumerator_number(const Type& enumeration, std::uint64_t value);

/// How C writes a pointer's type, if that says more than its type here: it points to something that is not
/// defined here, or has type tags (`__user`); otherwise empty.
std::string pointer_note(const LayoutSet& layouts, const PlainNames& names, const PlainType& type);

/// For the comment of a type: "struct event" or "event.where".
std::string c_name(const PlainRecord& record);

} // namespace ecc
