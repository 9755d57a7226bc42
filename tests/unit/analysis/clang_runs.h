// Compilations in process for tests: a source as text, what to do with its syntax tree, and what came out.
#pragma once

#include "btfgen/layout.h"
#include "compiler/clang_job.h"
#include "skelgen/annotations.h"

#include <string>

namespace ecc::testing {

/// Declarations that every BPF source of the tests starts with, on one line: SEC, __u32, the output helpers,
/// the maps `rb` and `rb2` (ring buffers) and `pb` (perf buffer).
extern const char* const bpf_prelude;

ClangOutcome compile_bpf(const std::string& source,
                         const std::function<void(clang::ASTContext&)>& inspect = {},
                         std::shared_ptr<const std::vector<TypeReference>> described_types = {});

/// `language` is "c" or "c++".
ClangOutcome compile_wasm(const std::string& source, const std::string& language,
                          const std::function<void(clang::ASTContext&)>& inspect);

/// The object of a BPF source, with the records kept that travel through its maps.
Bytes object_with_records(const std::string& source);

/// The content of an object's section, empty if there is none.
Bytes section(const Bytes& object, std::string_view name);
std::vector<std::string> section_names(const Bytes& object);

TypeGraph types_of(const Bytes& object);

} // namespace ecc::testing
