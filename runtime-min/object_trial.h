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

/// Of an opened object, as it is now; it stays so. An input error if fitting it to this kernel kills the
/// child or takes more than `limits`. No kernel is asked: the child's is one that takes every map and program
/// and has nothing pinned and no types of modules, so what libbpf refuses there is not told here.
/// `types` is the descriptor behind the object's custom BTF, or -1.
Result<> try_load(bpf_object* object, const std::string& name, int types, const Confinement& limits = {});

} // namespace ecc
