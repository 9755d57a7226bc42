// lld's Wasm driver inside this process. In: object files in memory and archives on disk. Out: a stripped
// WASI command module. Only one link runs at a time: lld keeps global state.
#pragma once

#include "compiler/object_file.h"
#include "compiler/resources.h"

#include <vector>

namespace ecc {

struct WasmLink {
    std::vector<ObjectFile> objects;
    std::vector<std::filesystem::path> archives; ///< searched in this order, before libc
    /// An object that holds start code and all libraries; if there is one, nothing else is linked.
    std::filesystem::path prelinked;
    bool cxx = false; ///< libc++ is needed
};

/// What is linked besides the objects, in order, or was when `prelinked` was made.
std::vector<std::filesystem::path> libraries_of(const WasmLink& link, const Sysroot& sysroot);

/// An input error carries lld's messages ("undefined symbol: ...").
Result<Bytes> link_wasm(const WasmLink& link, const Sysroot& sysroot);

} // namespace ecc
