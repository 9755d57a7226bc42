// The user part's own types against the bytes that the BPF program sees. In: the wasm32 syntax tree of a C or
// C++ source and the layouts of the BPF object. Out: clang errors at the members that differ.
//
// `long` and pointers have 8 bytes in BPF and 4 in Wasm: a header that both sides include compiles on both,
// and reads the wrong bytes on one.
#pragma once

#include "btfgen/layout.h"

#include <set>
#include <span>
#include <string>

namespace clang {
class ASTContext;
}

namespace ecc {

/// The records that cross the border: those that `roots` (types of maps, globals and events:
/// BindingModel.root_types) are or contain by value. Names of kernel types such as `timespec`, which the user
/// part's system headers have too and mean otherwise, are among them only if the program shares them.
std::set<std::string> shared_record_names(const LayoutSet& layouts, std::span<const TypeId> roots);

/// Compares each complete struct, union or class whose tag or typedef name is in `shared_names` with the
/// layout of that name. Members are matched by name, beneath unnamed structs too; one that only the BPF side
/// has is accepted, because the user may have renamed or padded it, as long as the total size is right. The
/// error names both offsets and sizes, a note says what to write instead.
void check_layouts(clang::ASTContext& context, const LayoutSet& layouts,
                   const std::set<std::string>& shared_names);

} // namespace ecc
