// Where values come from and what they become, in the functions of a BPF source. In: a syntax tree. Out: for
// an expression those that it may have its value from, for a result or parameter the records it is taken for.
//
// It goes through parentheses, casts, `?:`, commas, statement expressions, local variables and what functions
// return, whichever way control takes. Members, arrays and pointers to pointers are left out.
#pragma once

#include <functional>
#include <map>
#include <vector>

#include <clang/AST/Decl.h>
#include <clang/AST/Expr.h>

namespace clang {
class ASTContext;
}

namespace ecc {

/// What one function body after the other assigns and returns.
struct ValueFlow {
    using Origin = const void*; ///< a clang::CallExpr or a clang::VarDecl

    std::map<const clang::VarDecl*, std::vector<const clang::Expr*>> assigned; ///< to local variables
    std::map<const clang::FunctionDecl*, std::vector<const clang::Expr*>>
        returned;                                             ///< by canonical declaration
    std::map<Origin, std::vector<clang::QualType>> taken_for; ///< pointers to complete records
    std::map<Origin, std::vector<clang::QualType>> taken_as;  ///< other pointers, void's aside
    std::map<Origin, std::vector<const clang::VarDecl*>> copied_to;
};

ValueFlow collect_value_flow(clang::ASTContext& context);

using ExprPredicate = std::function<bool(const clang::Expr*)>;

/// The expressions that `expression` may have its value from, in the order of the text and at most 64; itself
/// if there is nothing to go through; none for null. The walk ends at an expression that `is_last`. A pointer
/// to a type of its own (`char *`) is followed only if that leads to one.
std::vector<const clang::Expr*> sources(const ValueFlow& flow, const clang::Expr* expression,
                                        const ExprPredicate& is_last);

/// The pointers to complete records that the result of `call` gets assigned, cast or passed to.
std::vector<clang::QualType> uses(const ValueFlow& flow, const clang::CallExpr* call);
/// The other pointers, void's aside, that it gets assigned, cast or passed to; none if it is returned to a
/// caller, who may take it for something else.
std::vector<clang::QualType> scalar_uses(const ValueFlow& flow, const clang::CallExpr* call);
/// As `uses` for a parameter of a function that is defined; its own type if that is one.
std::vector<clang::QualType> uses(const ValueFlow& flow, const clang::ParmVarDecl* parameter);

} // namespace ecc
