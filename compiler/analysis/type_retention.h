// Record types that only travel in events must be in the object's BTF, where LLVM puts no type that only
// locals use.
#pragma once

#include "skelgen/type_reference.h"

#include <functional>
#include <memory>
#include <vector>

namespace clang {
class ASTConsumer;
class ASTContext;
class CodeGenOptions;
} // namespace clang
namespace llvm {
class PassBuilder;
}

namespace ecc {

/// A registration for clang's CodeGenOptions.PassBuilderCallbacks. The pass runs first of all and makes LLVM
/// emit the BTF of each of these types that the module's debug information has. Code, data and sections other
/// than .BTF, .BTF.ext and DWARF stay as they are. `types` is read when the pass runs.
///
/// Debug information has what code refers to. A type that only `sizeof` names is not in it unless
/// `describe_records` was called.
std::function<void(llvm::PassBuilder&)>
retain_record_types(std::shared_ptr<const std::vector<TypeReference>> types);

/// Makes code generation describe these types of the file's scope in the debug information, whether code
/// refers to them or not. To be called when the syntax tree is complete and before `generator`, clang's code
/// generation, has handled it (its HandleTranslationUnit); `options` are those that the generator was made
/// with.
void describe_records(clang::ASTContext& context, const std::vector<TypeReference>& types,
                      clang::ASTConsumer& generator, clang::CodeGenOptions& options);

} // namespace ecc
