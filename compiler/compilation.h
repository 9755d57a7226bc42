// What comes of compiling one .bpf.c, as a value that can pass from one process to another.
#pragma once

#include "compiler/dependencies.h"
#include "skelgen/annotations.h"
#include "support/bytes.h"
#include "support/result.h"

#include <optional>

namespace ecc {

struct Compilation {
    bool ok = false;
    bool cut_was_enough = true; ///< false: it was compiled again with the whole vmlinux.h
    double vmlinux_ms = 0;      ///< what making vmlinux.h took, beside clang's start
    Bytes object;
    std::string diagnostics;    ///< clang's
    std::optional<Error> error; ///< why there was no vmlinux.h; clang then only saw that it was missing
    std::string btf_digest;     ///< of what vmlinux.h was made from; empty if it was not needed
    Annotations annotations;    ///< of all sources so far
    Dependencies dependencies;
};

/// CBOR (RFC 8949), for the same program at the other end.
Bytes to_bytes(const Compilation& compilation);
Result<Compilation> compilation_from_bytes(ByteView bytes);

} // namespace ecc
