// What is fuzzed: each function takes any bytes and returns, in bounded time and memory. Whatever else it
// does is a defect: it ends the process if a result is not what the interfaces promise, and sanitizers find
// the rest. libFuzzer runs them in programs of their own (entry.cpp); replay_test.cpp and
// registry_replay_test.cpp run a fixed choice of inputs of all but `load`.
#pragma once

#include "support/bytes.h"

namespace ecc::fuzz {

/// Bytes that claim to be BTF become text in every language.
void btf_text(ByteView input);

/// Bytes that claim to be a package, a module, a BPF object, a policy, a signature or a file of signatures
/// are read. The first one says what the rest is, see package.cpp; it is that of a package if the input
/// starts like a Wasm module.
void package(ByteView input);

/// Bytes that claim to be a BPF object and pass for one are loaded by libbpf, without a kernel.
void load(ByteView elf);

/// What registries and people send is read: references, headers, manifests, indexes, signatures' layers. The
/// first byte says which, see registry.cpp.
void registry(ByteView input);

/// Bytes that claim to be the record of a build become statements about its package.
void record(ByteView input);

/// Bytes that claim to be an OCI layout in a tar file are unpacked.
void tar(ByteView input);

/// Bytes that choose calls of the host interfaces and their arguments. As root they go as far as the kernel.
void host_calls(ByteView input);

} // namespace ecc::fuzz
