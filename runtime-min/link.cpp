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

int BpfLink::pin(const std::string& path) {
    if (auto* link = std::get_if<Owned>(&held_))
        return bpf_link__pin(link->get(), path.c_str());
    if (const int link = fd(); link >= 0)
        return bpf_obj_pin(link, path.c_str());
    return -EOPNOTSUPP;
}

} // namespace ecc
