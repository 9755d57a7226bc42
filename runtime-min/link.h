// An attachment of a BPF program, ended with its owner: libbpf's link, the kernel's, or a classic tc filter,
// for which the kernel has no link.
#pragma once

#include "runtime-min/classic_tc.h"
#include "runtime-min/file_descriptor.h"

#include <bpf/libbpf.h>
#include <memory>
#include <variant>
#include <vector>

namespace ecc {

class BpfLink {
    struct Destroy {
        void operator()(bpf_link* link) const { bpf_link__destroy(link); }
    };

public:
    using Owned = std::unique_ptr<bpf_link, Destroy>;

    explicit BpfLink(Owned link) : held_(std::move(link)) {}
    /// One per CPU, or one for which the kernel has none: of a struct_ops map before Linux 6.4.
    explicit BpfLink(std::vector<Owned> links) : held_(std::move(links)) {}
    explicit BpfLink(FileDescriptor fd) : held_(std::move(fd)) {}
    explicit BpfLink(ClassicTcFilter filter) : held_(std::move(filter)) {}

    /// The kernel's link; -1 if there is none, or more than one.
    int fd() const;
    /// Puts another program in the place of the attached one; libbpf's negated errno.
    int update(bpf_program* program);

private:
    std::variant<Owned, std::vector<Owned>, FileDescriptor, ClassicTcFilter> held_;
};

} // namespace ecc
