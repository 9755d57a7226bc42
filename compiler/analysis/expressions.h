// Small questions about functions, expressions and types of clang's syntax tree.
#pragma once

#include <clang/AST/ASTContext.h>
#include <clang/AST/Decl.h>
#include <clang/AST/Expr.h>

namespace ecc {

/// Hands each function with a body to `visitor.visit_function`, in the order of the source.
template <class Visitor> void visit_functions(clang::ASTContext& context, Visitor& visitor) {
    for (clang::Decl* declaration : context.getTranslationUnitDecl()->decls())
        if (auto* function = llvm::dyn_cast<clang::FunctionDecl>(declaration);
            function && function->doesThisDeclarationHaveABody())
            visitor.visit_function(function);
}

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

/// The first complete record that the expression takes the size of with `sizeof`, or null.
const clang::RecordDecl* record_of_size(const clang::Expr* size);

} // namespace ecc
