// Record types that only travel in events must be in the object's BTF, where LLVM puts no type that only locals use.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace llvm {
class PassBuilder;
}

namespace ecc {

/// A registration for clang's CodeGenOptions.PassBuilderCallbacks. The pass runs first of all and makes LLVM emit the
/// BTF of each struct, union or typedef of these names that the module's debug information has. Code, data and
/// sections other than .BTF, .BTF.ext and DWARF stay as they are. `names` is read when the pass runs.
std::function<void(llvm::PassBuilder&)> retain_record_types(std::shared_ptr<const std::vector<std::string>> names);

} // namespace ecc
