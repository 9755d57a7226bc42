// clang as a separate program: what generated text means to it, for the targets that matter.
#pragma once

#include "support/bytes.h"

#include <string>

namespace ecc::testing {

/// The status of a shell command, which is 0 if it succeeded; what it says is appended to `output`.
int run_command(const std::string& command, std::string& output);

struct ClangResult {
    int status = -1;
    std::string messages;
    Bytes object;
};

/// `language` is "c" or "c++", `target` a triple. Nothing outside clang's own headers is found unless
/// `options` say so.
ClangResult compile(const std::string& source, const std::string& language, const std::string& target,
                    const std::string& options);

/// A BPF object with BTF. `source` comes after tests/golden/bpf_base.h.
Bytes compile_bpf(const std::string& source);

/// The `.BTF` section of an object.
Bytes btf_of(const Bytes& object);

} // namespace ecc::testing
