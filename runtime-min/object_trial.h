// A BPF object opened and loaded by way of trial. libelf and libbpf parse its ELF and BTF, and fit it to the
// kernel, with the rights of this process and are no security boundary, so an object goes to them here only
// after the same bytes went through them in a child that can do nothing (confined_child.h).
#pragma once

#include "runtime-min/confined_child.h"
#include "support/bytes.h"
#include "support/result.h"

struct bpf_object;

namespace ecc {

/// An input error with libbpf's words if the object cannot be opened, or if opening it kills the child.
Result<> try_object(ByteView elf, const std::string& name);

struct LoadTrial {
    int error = 0;   ///< a negative errno, or one of libbpf's own numbers; 0: libbpf fitted it to the kernel
    std::string log; ///< the end of what libbpf said of an error; hostile
};

/// Of an opened object, as it now is, and so it stays. An input error if fitting it to this kernel kills the
/// child or takes more than `limits`. No kernel is asked: the child's is one that takes every map and program
/// and has nothing pinned and no types of modules; so what fails before is not to be loaded, and what the
/// kernel thinks of the programs is not told. `types` is the descriptor behind the object's custom BTF, or
/// -1.
Result<LoadTrial> try_load(bpf_object* object, const std::string& name, int types,
                           const Confinement& limits = {});

} // namespace ecc
