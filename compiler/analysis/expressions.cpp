#include "compiler/analysis/expressions.h"

#include <clang/AST/RecursiveASTVisitor.h>

namespace ecc {
namespace {

using clang::Expr;

class SizeofVisitor : public clang::RecursiveASTVisitor<SizeofVisitor> {
public:
    const clang::RecordDecl* record = nullptr;

    bool VisitUnaryExprOrTypeTraitExpr(clang::UnaryExprOrTypeTraitExpr* trait) {
        if (trait->getKind() == clang::UETT_SizeOf)
            record = complete_record(trait->getTypeOfArgument());
        return record == nullptr;
    }
};

} // namespace

const Expr* argument(const clang::CallExpr* call, int index) {
    return index >= 0 && index < static_cast<int>(call->getNumArgs()) ? call->getArg(index) : nullptr;
}

const Expr* plain(const Expr* expression) {
    return expression ? expression->IgnoreParenCasts() : nullptr;
}

const Expr* without_address(const Expr* expression) {
    const Expr* inner = plain(expression);
    const auto* address = llvm::dyn_cast_or_null<clang::UnaryOperator>(inner);
    return address && address->getOpcode() == clang::UO_AddrOf ? plain(address->getSubExpr()) : inner;
}

const clang::RecordDecl* complete_record(clang::QualType type) {
    const clang::RecordDecl* record = type.isNull() ? nullptr : type->getAsRecordDecl();
    return record ? record->getDefinition() : nullptr;
}

const clang::RecordDecl* pointed_record(clang::QualType type) {
    return type.isNull() || !type->isPointerType() ? nullptr : complete_record(type->getPointeeType());
}

const clang::RecordDecl* record_of_size(const Expr* size) {
    SizeofVisitor visitor;
    visitor.TraverseStmt(const_cast<Expr*>(size));
    return visitor.record;
}

} // namespace ecc
