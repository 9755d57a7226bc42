#include "compiler/analysis/type_references.h"

#include "compiler/analysis/expressions.h"

#include <clang/AST/ASTContext.h>
#include <clang/AST/RecordLayout.h>

namespace ecc {
namespace {

std::string shape_of(const clang::RecordDecl& record, const clang::ASTContext& context) {
    if (record.isInvalidDecl())
        return {};
    const clang::ASTRecordLayout& layout = context.getASTRecordLayout(&record);
    RecordShape shape(static_cast<std::uint64_t>(layout.getSize().getQuantity()));
    for (const clang::FieldDecl* field : record.fields()) {
        if (field->isUnnamedBitField())
            continue;
        const std::uint64_t bits =
            field->isBitField() ? field->getBitWidthValue() : context.getTypeSize(field->getType());
        shape.add_member(field->getName(), layout.getFieldOffset(field->getFieldIndex()), bits);
    }
    return shape.text();
}

std::string tag_name(const clang::TagDecl& tag) {
    const std::string keyword = tag.getKindName().str();
    return tag.getName().empty() ? keyword : keyword + " " + tag.getName().str();
}

} // namespace

TypeReference reference_to(const clang::RecordDecl& record, const clang::ASTContext& context) {
    const auto* alias = record.getTypedefNameForAnonDecl();
    return {alias ? alias->getName().str() : tag_name(record), shape_of(record, context)};
}

TypeReference reference_to_scalar(clang::QualType type, const clang::ASTContext& context) {
    if (!type->isArithmeticType() && !type->isEnumeralType())
        return {};
    if (const auto* alias = type->getAs<clang::TypedefType>())
        return {alias->getDecl()->getName().str(), {}};
    if (const auto* enumeration = type->getAs<clang::EnumType>())
        return {enumeration->getDecl()->getName().empty() ? std::string() : tag_name(*enumeration->getDecl()),
                {}};
    const auto* builtin = type->getAs<clang::BuiltinType>();
    return {builtin ? builtin->getName(context.getPrintingPolicy()).str() : std::string(), {}};
}

TypeReference reference_to_written(llvm::StringRef written, clang::ASTContext& context) {
    TypeReference reference{written.trim().str(), {}};
    const std::string_view bare = bare_name(reference);
    if (bare.empty())
        return reference;
    const clang::IdentifierInfo& identifier = context.Idents.get(bare);
    const bool has_keyword = bare.size() != reference.name.size();
    const clang::TagDecl* tag = nullptr;
    for (const clang::NamedDecl* found : context.getTranslationUnitDecl()->lookup(&identifier)) {
        if (const auto* alias = llvm::dyn_cast<clang::TypedefNameDecl>(found); alias && !has_keyword) {
            if (const clang::RecordDecl* record = complete_record(alias->getUnderlyingType()))
                reference.shape = shape_of(*record, context);
            return reference;
        }
        if (const auto* candidate = llvm::dyn_cast<clang::TagDecl>(found))
            tag = candidate->getDefinition();
    }
    if (!tag || (has_keyword && tag_name(*tag) != reference.name))
        return reference;
    const auto* record = llvm::dyn_cast<clang::RecordDecl>(tag);
    return record ? reference_to(*record, context) : TypeReference{tag_name(*tag), {}};
}

} // namespace ecc
