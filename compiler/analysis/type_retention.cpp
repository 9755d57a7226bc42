#include "compiler/analysis/type_retention.h"

#include <algorithm>
#include <clang/AST/ASTConsumer.h>
#include <clang/AST/ASTContext.h>
#include <clang/AST/Decl.h>
#include <clang/Basic/CodeGenOptions.h>
#include <llvm/BinaryFormat/Dwarf.h>
#include <llvm/IR/DebugInfo.h>
#include <llvm/IR/DebugInfoMetadata.h>
#include <llvm/IR/Module.h>
#include <llvm/Passes/PassBuilder.h>

namespace ecc {
namespace {

using References = std::vector<TypeReference>;

/// What stands before the name in C; empty for typedefs and C's own types, null for what has no values.
const char* keyword_of(const llvm::DIType& type) {
    switch (type.getTag()) {
    case llvm::dwarf::DW_TAG_structure_type:
        return "struct";
    case llvm::dwarf::DW_TAG_union_type:
        return "union";
    case llvm::dwarf::DW_TAG_enumeration_type:
        return "enum";
    case llvm::dwarf::DW_TAG_typedef:
    case llvm::dwarf::DW_TAG_base_type:
        return "";
    default:
        return nullptr;
    }
}

std::string name_of(const llvm::DIType& type, llvm::StringRef keyword) {
    const std::string name = type.getName().str();
    return keyword.empty() || name.empty() ? keyword.str() + name : keyword.str() + " " + name;
}

std::string shape_of(const llvm::DIType& type) {
    const auto* record = llvm::dyn_cast<llvm::DICompositeType>(&type);
    if (!record || type.getTag() == llvm::dwarf::DW_TAG_enumeration_type)
        return {};
    RecordShape shape(record->getSizeInBits() / 8);
    for (const llvm::DINode* element : record->getElements())
        if (const auto* member = llvm::dyn_cast<llvm::DIDerivedType>(element))
            shape.add_member(member->getName().str(), member->getOffsetInBits(), member->getSizeInBits());
    return shape.text();
}

bool is_wanted(const llvm::DIType& type, const References& wanted) {
    const char* keyword = type.isForwardDecl() ? nullptr : keyword_of(type);
    if (!keyword)
        return false;
    const std::string name = name_of(type, keyword);
    const bool has_name = name != keyword;
    return std::ranges::any_of(wanted, [&](const TypeReference& reference) {
        return reference.name == name && (has_name || reference.shape == shape_of(type));
    });
}

std::vector<llvm::DIType*> find_types(const llvm::Module& module, const References& wanted) {
    llvm::DebugInfoFinder finder;
    finder.processModule(module);
    std::vector<llvm::DIType*> types;
    for (llvm::DIType* type : finder.types())
        if (is_wanted(*type, wanted))
            types.push_back(type);
    return types;
}

/// A function that certainly reaches the object, so that LLVM emits BTF for it.
llvm::DISubprogram* find_carrier(const llvm::Module& module) {
    for (const llvm::Function& function : module)
        if (function.getSubprogram() && !function.isDeclaration() && !function.hasLocalLinkage() &&
            !function.hasAvailableExternallyLinkage())
            return function.getSubprogram();
    return nullptr;
}

// LLVM's BTFDebug::beginFunctionImpl visits the types of a function's parameters among its retained nodes, to
// learn their names. A parameter past the real ones changes neither the function's prototype nor its code.
void retain(llvm::DISubprogram& carrier, const std::vector<llvm::DIType*>& types) {
    llvm::LLVMContext& context = carrier.getContext();
    llvm::SmallVector<llvm::Metadata*, 16> nodes;
    unsigned number = 0;
    for (llvm::DINode* node : carrier.getRetainedNodes()) {
        nodes.push_back(node);
        if (const auto* variable = llvm::dyn_cast<llvm::DILocalVariable>(node))
            number = std::max<unsigned>(number, variable->getArg());
    }
    if (const llvm::DISubroutineType* prototype = carrier.getType())
        number = std::max<unsigned>(number, prototype->getTypeArray().size());
    for (llvm::DIType* type : types)
        nodes.push_back(llvm::DILocalVariable::get(context, &carrier, "", carrier.getFile(),
                                                   carrier.getLine(), type, ++number,
                                                   llvm::DINode::FlagArtificial, 0, nullptr));
    carrier.replaceRetainedNodes(llvm::MDTuple::get(context, nodes));
}

bool is_named(const clang::TypeDecl& type, const References& types) {
    return !type.getName().empty() && std::ranges::any_of(types, [&](const TypeReference& reference) {
        return bare_name(reference) == std::string_view(type.getName());
    });
}

class RetainTypes : public llvm::PassInfoMixin<RetainTypes> {
public:
    explicit RetainTypes(std::shared_ptr<const References> wanted) : wanted_(std::move(wanted)) {}

    llvm::PreservedAnalyses run(llvm::Module& module, llvm::ModuleAnalysisManager&) {
        llvm::DISubprogram* carrier = wanted_->empty() ? nullptr : find_carrier(module);
        if (!carrier)
            return llvm::PreservedAnalyses::all();
        if (const auto types = find_types(module, *wanted_); !types.empty())
            retain(*carrier, types);
        return llvm::PreservedAnalyses::all();
    }
    static bool isRequired() { return true; }

private:
    std::shared_ptr<const References> wanted_;
};

} // namespace

std::function<void(llvm::PassBuilder&)> retain_record_types(std::shared_ptr<const References> types) {
    return [types = std::move(types)](llvm::PassBuilder& builder) {
        builder.registerPipelineStartEPCallback(
            [types](llvm::ModulePassManager& passes, llvm::OptimizationLevel) {
                passes.addPass(RetainTypes(types));
            });
    };
}

void describe_records(clang::ASTContext& context, const References& types, clang::ASTConsumer& generator,
                      clang::CodeGenOptions& options) {
    // With this kind of debug information the generator describes each type declaration that it is handed,
    // and it has been handed all of them before without.
    const auto kind = options.getDebugInfo();
    if (types.empty() || kind == llvm::codegenoptions::NoDebugInfo)
        return;
    options.setDebugInfo(llvm::codegenoptions::UnusedTypeInfo);
    for (clang::Decl* declaration : context.getTranslationUnitDecl()->decls()) {
        auto* type = llvm::dyn_cast<clang::TypeDecl>(declaration);
        const auto* record = llvm::dyn_cast<clang::RecordDecl>(declaration);
        if (type && (!record || record->isThisDeclarationADefinition()) && is_named(*type, types))
            generator.HandleTopLevelDecl(clang::DeclGroupRef(type));
    }
    options.setDebugInfo(kind);
}

} // namespace ecc
