// Types of a syntax tree as references to the types of BTF that they become.
#pragma once

#include "skelgen/type_reference.h"

#include <clang/AST/Decl.h>

namespace ecc {

/// Of a complete struct or union: by its tag, else by the typedef that names it, else by its members alone.
TypeReference reference_to(const clang::RecordDecl& record, const clang::ASTContext& context);

/// Of a scalar: by its typedef, its enumeration's tag or C's own name; the name is empty for other types.
TypeReference reference_to_scalar(clang::QualType type, const clang::ASTContext& context);

/// What `written`, "struct event" or "event", means at the end of the source; itself if nothing does.
TypeReference reference_to_written(llvm::StringRef written, clang::ASTContext& context);

} // namespace ecc
