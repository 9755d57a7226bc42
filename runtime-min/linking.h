// Makes a host's methods importable: one template turns `OrErrno<R> Host::method(A...)` into a Wasm function
// of the types A... -> R, whose errors are negated errnos and which traps when the guest is to end.
#pragma once

#include "runtime-min/errno_result.h"
#include "support/result.h"

#include <optional>
#include <string>
#include <wasmtime.hh>

namespace ecc {

/// A host has `std::optional<std::string> take_trap()`: why the guest must not go on, asked before and after
/// each call.
template <class Host, class R, class... A>
Result<> link_method(wasmtime::Linker& linker, const char* module, const char* name, Host& host,
                     OrErrno<R> (Host::*method)(A...)) {
    auto call = [&host, method](A... arguments) -> wasmtime::Result<R, wasmtime::Trap> {
        if (auto trap = host.take_trap())
            return wasmtime::Trap(*trap);
        const OrErrno<R> outcome = (host.*method)(arguments...);
        if (auto trap = host.take_trap())
            return wasmtime::Trap(*trap);
        return outcome ? *outcome : static_cast<R>(outcome.error());
    };
    if (auto defined = linker.func_wrap(module, name, std::move(call)); !defined)
        return environment_error(name, "cannot define the host function: " + defined.err().message());
    return {};
}

} // namespace ecc
