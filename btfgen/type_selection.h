// What generated text has to define. In: the types that a program's user asks for. Out: these and all that
// they contain by value.
#pragma once

#include "btfgen/layout.h"

#include <map>

namespace ecc {

/// What the source says of a record ("struct event") or member ("struct event.pid").
using TypeDocs = std::map<std::string, std::string>;

struct TypeRoot {
    TypeId type = 0;
    std::string name; ///< given to a record that has none of its own
};

struct TypeRequest {
    const LayoutSet& layouts;
    std::vector<TypeRoot> roots;
    TypeDocs docs;
    std::string where; ///< names the input in errors
};

/// "struct event", by which its doc comment and those of its members are found.
std::string doc_key(const RecordLayout& record);

/// Every record with a name and every enumeration of the blob itself, without those of its base.
std::vector<TypeRoot> all_types(const LayoutSet& layouts);

/// By type id: whether the roots are or contain it.
std::vector<bool> contained_by(const TypeGraph& graph, const std::vector<TypeRoot>& roots);

/// What a type is about: without arrays, typedefs, qualifiers and tags.
TypeId element_type(const TypeGraph& graph, TypeId type);

} // namespace ecc
