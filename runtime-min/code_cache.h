// Compiled guests, kept between runs. An entry is named after the digest of everything that its bytes depend
// on: the module, the engine's version and the CPU, so that an entry that is found fits.
//
// Nothing here can make a run fail: without a usable folder a module is compiled each time.
#pragma once

#include "runtime-min/private_folder.h"

#include <wasmtime.hh>

namespace ecc {

class CodeCache {
public:
    /// Without a folder it keeps nothing.
    explicit CodeCache(const PrivateFolder* folder) : folder_(folder) {}

    /// `key` is the module's, of code_cache_key. The engine itself refuses code that was made for another
    /// configuration of it.
    std::optional<wasmtime::Module> find(wasmtime::Engine& engine, const std::string& key) const;
    void keep(const wasmtime::Module& module, const std::string& key) const;

private:
    const PrivateFolder* folder_;
};

/// The name of a module's entry.
std::string code_cache_key(ByteView wasm);

} // namespace ecc
