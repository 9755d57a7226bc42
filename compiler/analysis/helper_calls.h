// Calls in a BPF source that move typed data into or out of maps. In: a syntax tree. Out: which helper is
// called where, who calls whom, and which variables are dynptrs of which map.
#pragma once

#include <cstdint>
#include <map>
#include <string_view>
#include <utility>
#include <vector>

#include <clang/AST/Decl.h>
#include <clang/AST/Expr.h>

namespace ecc {

/// What the data of a helper's call is to its map.
enum class DataRole : std::uint8_t {
    record, ///< a record of a ring buffer, perf buffer or user ring buffer
    key,
    value
};

/// Which argument of a helper (linux/bpf.h) is what; -1: it has none.
struct DataHelper {
    std::string_view name;
    DataRole role = DataRole::record;
    int map = -1;
    int dynptr = -1; ///< in the place of the map
    int offset = -1; ///< in the dynptr: only data at 0 begins a record
    int data = -1;   ///< without one, the helper returns the pointer to the data
    int size = -1;
};

/// A call in the body of `function` (its canonical declaration).
struct FunctionCall {
    const clang::FunctionDecl* function;
    const clang::CallExpr* call;
};

struct HelperCall : FunctionCall {
    const DataHelper* helper;
};

/// Where a dynptr gets its map: the map's expression as `function` sees it.
struct DynptrSource {
    const clang::FunctionDecl* function;
    const clang::Expr* map;
    const clang::Expr* size; ///< of the record that was reserved; null for a user ring buffer
};

struct HelperCalls {
    std::vector<HelperCall> data;
    std::map<const clang::FunctionDecl*, std::vector<FunctionCall>> callers;
    std::map<const clang::CallExpr*, clang::QualType> receivers; ///< pointers to records that take a result
    /// By variable: the one that bpf_ringbuf_reserve_dynptr fills, or the first parameter of a callback of
    /// bpf_user_ringbuf_drain.
    std::map<const clang::ValueDecl*, std::vector<DynptrSource>> dynptrs;
};

HelperCalls collect_helper_calls(clang::ASTContext& context);

/// The argument of that number, or null.
const clang::Expr* argument(const clang::CallExpr* call, int index);

/// The expression without parentheses and casts; null stays null.
const clang::Expr* plain(const clang::Expr* expression);

/// X of `&X`; other expressions as they are.
const clang::Expr* without_address(const clang::Expr* expression);

/// The declaration that an expression names, if it is of that kind, or null.
template <class Declaration> const Declaration* referenced(const clang::Expr* expression) {
    const auto* reference = llvm::dyn_cast_or_null<clang::DeclRefExpr>(plain(expression));
    return reference ? llvm::dyn_cast<Declaration>(reference->getDecl()) : nullptr;
}

/// The definition of the struct or union that a pointer points to, or null.
const clang::RecordDecl* pointed_record(clang::QualType type);
const clang::RecordDecl* complete_record(clang::QualType type);

} // namespace ecc
