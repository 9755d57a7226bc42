// Doc comments, eunomia's annotations and ours in a BPF source. In: the syntax tree. Out: Annotations.docs,
// .flags and .records.
//
// Only doc comments count: `///`, `/** */` and their trailing forms `///<`, `/**< */`. Clang keeps them
// without any option, for files that are not system headers.
#pragma once

#include "skelgen/annotations.h"

namespace clang {
class ASTContext;
}

namespace ecc {

/// The first paragraph, on one line, of the comment of each program, map, global, struct, union and member.
/// The comment of the licence describes the whole program: its key is the empty name.
/// Members inside an unnamed struct are named as C reaches them: "struct event.pid", "struct
/// event.where.line".
///
/// `@record struct event` in a map's comment, once for each type, says what goes through it and overrides
/// Annotations.records of that map.
///
/// A global's `@cmdarg {"short": "p", "long": "pid", "help": "..."}` and `@description "..."` give its flag;
/// what cannot be read as such is a warning at the comment.
void collect_docs(clang::ASTContext& context, Annotations& annotations);

} // namespace ecc
