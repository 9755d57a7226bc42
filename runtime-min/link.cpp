#include "runtime-min/link.h"

#include <bpf/bpf.h>

namespace ecc {

int BpfLink::fd() const {
    if (const auto* link = std::get_if<Owned>(&held_))
        return bpf_link__fd(link->get());
    if (const auto* link = std::get_if<FileDescriptor>(&held_))
        return link->get();
    return -1;
}

int BpfLink::update(bpf_program* program) {
    if (auto* link = std::get_if<Owned>(&held_))
        return bpf_link__update_program(link->get(), program);
    if (auto* link = std::get_if<FileDescriptor>(&held_))
        return bpf_link_update(link->get(), bpf_program__fd(program), nullptr);
    return -EOPNOTSUPP;
}

} // namespace ecc
