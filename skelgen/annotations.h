// What the source says and BTF does not: filled in by the compiler from the AST, empty for a bare object.
#pragma once

#include "skelgen/type_reference.h"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace ecc {

/// One `const volatile` global's flag, from eunomia's @cmdarg JSON or derived from its name.
struct FlagAnnotation {
    std::string long_name;  ///< without dashes; empty: derived from the variable's name
    std::string short_name; ///< one letter or empty
    std::string help;
};

struct Annotations {
    /// Map name -> the record types that go through it, in order of first use.
    std::map<std::string, std::vector<TypeReference>> records;
    /// Names of maps that also carry records whose types the source does not show.
    std::set<std::string> untyped;
    /// Names of maps with records that are shorter than their type, or go on behind it.
    std::set<std::string> varying;
    /// The same for keys and values of maps whose definition gives their sizes but no type. Only a record
    /// that is without alternative and has the right size says something; a scalar does where there is no
    /// record.
    std::map<std::string, std::vector<TypeReference>> keys, values;
    /// Name of a program, map, global, struct ("struct event") or member ("struct event.pid"), enumeration or
    /// enumerator ("enum state.OPEN") -> doc comment text.
    /// "" is the program as a whole, from the comment of its licence: the description in --help.
    std::map<std::string, std::string> docs;
    std::map<std::string, FlagAnnotation> flags;
};

} // namespace ecc
