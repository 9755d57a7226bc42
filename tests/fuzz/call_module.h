// A module whose exports call the host's functions: what a hostile guest looks like to the host, as a frame
// of Wasm is on the stack and the module has a memory and a table.
#pragma once

#include "support/bytes.h"

#include <string>
#include <vector>

namespace ecc::fuzz {

struct HostFunction {
    std::string module;
    std::string name;
    Bytes parameters; ///< value types as Wasm encodes them: 0x7f is i32, 0x7e is i64
    Bytes results;
};

inline constexpr std::uint8_t i32 = 0x7f, i64 = 0x7e;

inline constexpr std::uint32_t call_module_pages = 32;

/// Exports function N as "N", `memory` of call_module_pages, and the table and the callback of the older
/// interface. The table has at 1 a callback that goes on, at 2 one that refuses, at 3 one that traps, at 4
/// one that grows the memory, and at 5 a function of another type.
Bytes call_module(const std::vector<HostFunction>& functions);

} // namespace ecc::fuzz
