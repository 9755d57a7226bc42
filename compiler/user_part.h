// The user part: C and C++ for wasm32-wasip1, compiled and linked in process. In: the user's files, the
// generated headers, the layouts that the BPF program sees. Out: a WASI command module without our custom
// sections.
//
// Every search path is explicit: no header or library of the host is ever found.
#pragma once

#include "btfgen/layout.h"
#include "compiler/build_log.h"
#include "compiler/compiler_flags.h"
#include "compiler/dependencies.h"
#include "compiler/resources.h"
#include "compiler/source_file.h"
#include "skelgen/render.h"

#include <set>

namespace ecc {

struct UserPart {
    std::vector<SourceFile> sources; ///< .c, .cpp, .cc, .cxx
    std::vector<RenderedFile>
        headers; ///< NAME.skel.h, NAME.types.h, NAME.skel.hpp; they win over files of that name on disk
    CompilerFlags flags;
    std::set<std::string> shared_records; ///< whose layout on wasm32 must be the BPF program's
    bool generated = false;               ///< it is linked with libeccui.a
};

/// A user part that was built.
struct UserModule {
    Bytes wasm;
    Dependencies dependencies;
    std::vector<std::filesystem::path> libraries; ///< what is linked besides
};

/// True if the file's name says C++.
bool is_cxx_source(const std::filesystem::path& path);
/// True if the file's name says C or C++.
bool is_user_source(const std::filesystem::path& path);

/// An input error if a file does not compile or link, or if a type of the user's with the name of one that
/// the BPF program shares has another layout on wasm32.
Result<UserModule> build_user_part(const UserPart& part, const LayoutSet& layouts, const Resources& resources,
                                   BuildLog& log);

} // namespace ecc
