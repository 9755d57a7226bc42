// libbpf's BTF as an owned value.
#pragma once

#include <bpf/btf.h>
#include <memory>

namespace ecc {

struct FreeBtf {
    void operator()(btf* types) const { btf__free(types); }
};
using OwnedBtf = std::unique_ptr<btf, FreeBtf>;

} // namespace ecc
