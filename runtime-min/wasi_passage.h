// Wasmtime's own WASI functions, called by the host on the guest's behalf. They look for the memory of the
// instance that calls them, and the host is none: so a call goes through a small module that shows them the
// guest's.
#pragma once

#include "support/result.h"

#include <wasmtime.hh>

namespace ecc {

class WasiPassage {
public:
    using Outcome = wasmtime::Result<std::int32_t, wasmtime::Trap>;

    /// `memory` is the guest's.
    static Result<WasiPassage> open(wasmtime::Engine& engine, wasmtime::Store::Context store,
                                    const wasmtime::Memory& memory);

    // Each returns WASI's errno.
    Outcome fd_write(wasmtime::Store::Context store, std::uint32_t fd, std::uint32_t parts,
                     std::uint32_t count, std::uint32_t written) const;
    Outcome fd_renumber(wasmtime::Store::Context store, std::uint32_t from, std::uint32_t to) const;
    Outcome fd_close(wasmtime::Store::Context store, std::uint32_t fd) const;

private:
    explicit WasiPassage(wasmtime::Instance instance) : instance_(instance) {}
    Outcome call(wasmtime::Store::Context store, const char* name,
                 const std::vector<wasmtime::Val>& arguments) const;

    wasmtime::Instance instance_;
};

} // namespace ecc
