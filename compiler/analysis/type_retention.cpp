#include "compiler/analysis/type_retention.h"

#include <algorithm>
#include <array>
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

using Names = std::vector<std::string>;

bool contains(const Names& names, llvm::StringRef name) {
    return !name.empty() && std::ranges::find(names, name) != names.end();
}

bool is_wanted(const llvm::DIType* type, const Names& names) {
    constexpr std::array tags = {llvm::dwarf::DW_TAG_structure_type, llvm::dwarf::DW_TAG_union_type,
                                 llvm::dwarf::DW_TAG_enumeration_type, llvm::dwarf::DW_TAG_base_type,
                                 llvm::dwarf::DW_TAG_typedef};
    return std::ranges::find(tags, type->getTag()) != tags.end() && !type->isForwardDecl() &&
           contains(names, type->getName());
}

std::vector<llvm::DIType*> find_types(const llvm::Module& module, const Names& names) {
    llvm::DebugInfoFinder finder;
    finder.processModule(module);
    std::vector<llvm::DIType*> types;
    for (llvm::DIType* type : finder.types())
        if (is_wanted(type, names))
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

class RetainTypes : public llvm::PassInfoMixin<RetainTypes> {
public:
    explicit RetainTypes(std::shared_ptr<const Names> names) : names_(std::move(names)) {}

    llvm::PreservedAnalyses run(llvm::Module& module, llvm::ModuleAnalysisManager&) {
        llvm::DISubprogram* carrier = names_->empty() ? nullptr : find_carrier(module);
        if (!carrier)
            return llvm::PreservedAnalyses::all();
        if (const auto types = find_types(module, *names_); !types.empty())
            retain(*carrier, types);
        return llvm::PreservedAnalyses::all();
    }
    static bool isRequired() { return true; }

private:
    std::shared_ptr<const Names> names_;
};

} // namespace

std::function<void(llvm::PassBuilder&)> retain_record_types(std::shared_ptr<const Names> names) {
    return [names = std::move(names)](llvm::PassBuilder& builder) {
        builder.registerPipelineStartEPCallback(
            [names](llvm::ModulePassManager& passes, llvm::OptimizationLevel) {
                passes.addPass(RetainTypes(names));
            });
    };
}

void describe_records(clang::ASTContext& context, const Names& names, clang::ASTConsumer& generator,
                      clang::CodeGenOptions& options) {
    // With this kind of debug information the generator describes each type declaration that it is handed,
    // and it has been handed all of them before without.
    const auto kind = options.getDebugInfo();
    if (names.empty() || kind == llvm::codegenoptions::NoDebugInfo)
        return;
    options.setDebugInfo(llvm::codegenoptions::UnusedTypeInfo);
    for (clang::Decl* declaration : context.getTranslationUnitDecl()->decls()) {
        auto* type = llvm::dyn_cast<clang::TypeDecl>(declaration);
        const auto* record = llvm::dyn_cast<clang::RecordDecl>(declaration);
        if (type && (!record || record->isThisDeclarationADefinition()) && contains(names, type->getName()))
            generator.HandleTopLevelDecl(clang::DeclGroupRef(type));
    }
    options.setDebugInfo(kind);
}

} // namespace ecc
