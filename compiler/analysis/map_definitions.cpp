#include "compiler/analysis/map_definitions.h"

#include "compiler/analysis/expressions.h"
#include "compiler/analysis/type_references.h"

#include <clang/AST/ASTContext.h>
#include <clang/AST/Attr.h>
#include <clang/AST/RecursiveASTVisitor.h>
#include <clang/AST/TypeLoc.h>

namespace ecc {
namespace {

using clang::RecordDecl;
using clang::VarDecl;

class MapVisitor : public clang::RecursiveASTVisitor<MapVisitor> {
public:
    std::vector<const VarDecl*> maps;

    bool VisitDeclRefExpr(clang::DeclRefExpr* reference) {
        if (const VarDecl* map = map_of(reference))
            maps.push_back(map);
        return true;
    }
};

} // namespace

bool is_map(const VarDecl& variable) {
    const auto* section = variable.getAttr<clang::SectionAttr>();
    return section && section->getName() == ".maps";
}

const VarDecl* map_of(const clang::Expr* expression) {
    const auto* variable = referenced<VarDecl>(without_address(expression));
    return variable && is_map(*variable) ? variable : nullptr;
}

const clang::FieldDecl* member_of(const VarDecl& map, llvm::StringRef name) {
    const RecordDecl* definition = complete_record(map.getType());
    if (!definition)
        return nullptr;
    for (const clang::FieldDecl* field : definition->fields())
        if (field->getName() == name)
            return field;
    return nullptr;
}

// A pointer to an array of that size. The type itself keeps the number only.
TypeReference type_of_size_member(const VarDecl& map, llvm::StringRef name,
                                  const clang::ASTContext& context) {
    const clang::FieldDecl* member = member_of(map, name);
    const clang::TypeSourceInfo* written = member ? member->getTypeSourceInfo() : nullptr;
    const auto pointer =
        written ? written->getTypeLoc().getAs<clang::PointerTypeLoc>() : clang::PointerTypeLoc();
    if (!pointer)
        return {};
    const auto array = pointer.getPointeeLoc().IgnoreParens().getAs<clang::ArrayTypeLoc>();
    const clang::Expr* size = array ? array.getSizeExpr() : nullptr;
    if (const RecordDecl* record = record_of_size(size))
        return reference_to(*record, context);
    const auto* trait = llvm::dyn_cast_or_null<clang::UnaryExprOrTypeTraitExpr>(plain(size));
    const bool is_size = trait && trait->getKind() == clang::UETT_SizeOf;
    return is_size ? reference_to_scalar(trait->getTypeOfArgument(), context) : TypeReference();
}

std::uint64_t type_number(const VarDecl& map, const clang::ASTContext& context) {
    const clang::FieldDecl* type = member_of(map, "type");
    const auto* array = type && type->getType()->isPointerType()
                            ? context.getAsConstantArrayType(type->getType()->getPointeeType())
                            : nullptr;
    return array ? array->getZExtSize() : 0;
}

std::vector<const VarDecl*> initial_maps(const VarDecl& outer) {
    MapVisitor visitor;
    visitor.TraverseStmt(const_cast<clang::Expr*>(outer.getInit()));
    return std::move(visitor.maps);
}

const RecordDecl* inner_definition(const VarDecl& outer) {
    const clang::FieldDecl* values = member_of(outer, "values");
    const clang::Type* array = values ? values->getType()->getArrayElementTypeNoTypeQual() : nullptr;
    return array ? pointed_record(clang::QualType(array, 0)) : nullptr;
}

} // namespace ecc
