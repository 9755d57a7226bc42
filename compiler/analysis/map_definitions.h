// What the definition of a map in ".maps" says (tools/lib/bpf/bpf_helpers.h: __uint, __type, __array).
#pragma once

#include "skelgen/type_reference.h"

#include <cstdint>
#include <vector>

#include <clang/AST/Decl.h>
#include <clang/AST/Expr.h>

namespace ecc {

bool is_map(const clang::VarDecl& variable);

/// The map that an expression names, with or without `&`, or null.
const clang::VarDecl* map_of(const clang::Expr* expression);

/// The member of a definition, such as "value" of __type(value, T), or null.
const clang::FieldDecl* member_of(const clang::VarDecl& map, llvm::StringRef name);

/// T of __uint(value_size, sizeof(T)): a record that is in that size, or a scalar that is all of it. Without
/// a name if there is none.
TypeReference type_of_size_member(const clang::VarDecl& map, llvm::StringRef name,
                                  const clang::ASTContext& context);

/// T of __uint(type, T), of enum bpf_map_type in linux/bpf.h.
std::uint64_t type_number(const clang::VarDecl& map, const clang::ASTContext& context);

/// The maps that a map of maps is initialized with.
std::vector<const clang::VarDecl*> initial_maps(const clang::VarDecl& outer);

/// T of `__array(values, T)`, or null.
const clang::RecordDecl* inner_definition(const clang::VarDecl& outer);

} // namespace ecc
