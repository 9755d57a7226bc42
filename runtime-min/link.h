// An attachment of a BPF program, ended with its owner: libbpf's link, the kernel's, or a classic tc filter,
// for which the kernel has no link.
#pragma once

#include "runtime-min/classic_tc.h"
#include "runtime-min/file_descriptor.h"

#include <bpf/libbpf.h>
#include <memory>
#include <variant>

namespace ecc {

class BpfLink {
public:
    explicit BpfLink(bpf_link* link) : held_(Owned(link)) {}
    explicit BpfLink(FileDescriptor fd) : held_(std::move(fd)) {}
    explicit BpfLink(ClassicTcFilter filter) : held_(std::move(filter)) {}

private:
    struct Destroy {
        void operator()(bpf_link* link) const { bpf_link__destroy(link); }
    };
    using Owned = std::unique_ptr<bpf_link, Destroy>;
    std::variant<Owned, FileDescriptor, ClassicTcFilter> held_;
};

} // namespace ecc
