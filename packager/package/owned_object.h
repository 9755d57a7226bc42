// libbpf's objects as owned values.
#pragma once

#include <bpf/libbpf.h>
#include <memory>

namespace ecc {

struct CloseObject {
    void operator()(bpf_object* object) const { bpf_object__close(object); }
};
using OwnedObject = std::unique_ptr<bpf_object, CloseObject>;

} // namespace ecc
