// The running kernel's BTF cut to what fitting one object to it needs: of more than 100,000 types, those that
// libbpf compares with the object's, and what lies in them. Parsing all of them and searching them for each
// of the object's types is most of the time that a load takes.
//
// kernel's types + an object's .BTF and .BTF.ext -> a BTF blob, for bpf_object_open_opts.btf_custom_path
//
// It keeps every type that libbpf would take for a candidate (bpf_core_add_cands: of the same kind, and of
// the same name up to
// "___"), in their order, with members, elements and what typedefs stand for. Pointers lead to void: no
// relocation of a member, an enumerator, or of the presence and size of a struct looks behind them.
#pragma once

#include "support/bytes.h"

#include <optional>

struct btf;

namespace ecc {

/// Nothing if a cut might not lead to the same instructions as the whole: the object asks for a kernel type's
/// number or whether types match, names a type that only a module may have, or needs so much that a cut saves
/// nothing.
std::optional<Bytes> cut_btf(const btf* kernel, ByteView object_btf, ByteView object_btf_ext);

} // namespace ecc
