// An object file in memory, BPF or Wasm, on its way from clang to a linker.
#pragma once

#include "support/bytes.h"

#include <string>

namespace ecc {

struct ObjectFile {
    std::string name; ///< of its source, for messages
    Bytes content;
};

} // namespace ecc
