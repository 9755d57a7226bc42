// Calls in a BPF source that move typed data into or out of maps. In: a syntax tree. Out: which helper is
// called where, who calls whom, and which variables are dynptrs of which map.
#pragma once

#include <cstdint>
#include <map>
#include <set>
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
    int data = -1;   ///< without one, the helper returns the pointer to the data or hands it to a callback
    int size = -1;
    int callback = -1;
    int parameter = -1; ///< of the callback: the pointer to the data
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
    /// Functions are their canonical declarations.
    std::map<const clang::FunctionDecl*, std::vector<FunctionCall>> callers;
    std::set<const clang::FunctionDecl*> unused;   ///< static ones that nothing in the source leads to
    std::set<const clang::FunctionDecl*> indirect; ///< whose address is taken: others may call them
    /// By variable: the one that bpf_ringbuf_reserve_dynptr fills, or the first parameter of a callback of
    /// bpf_user_ringbuf_drain.
    std::map<const clang::ValueDecl*, std::vector<DynptrSource>> dynptrs;
};

HelperCalls collect_helper_calls(clang::ASTContext& context);

/// Whether it is a call of that function or helper.
bool calls(const clang::CallExpr* call, std::string_view name);

/// The parameter of that number of a function that is passed as a callback and defined in the source, or
/// null.
const clang::ParmVarDecl* callback_parameter(const clang::Expr* callback, int index);

} // namespace ecc
