// libbpf's BTF object as an owned value, and what a BTF type refers to. Private to btfgen.
#pragma once

#include <bpf/btf.h>
#include <cstdint>
#include <memory>

namespace ecc {

struct BtfDeleter {
    void operator()(btf* handle) const { btf__free(handle); }
};
using BtfHandle = std::unique_ptr<btf, BtfDeleter>;

/// Calls `visit(std::uint32_t&)` with each type id in `type`: its own target, members, parameters, elements.
template <class Visit> void for_each_reference(btf_type* type, Visit&& visit) {
    const auto count = btf_vlen(type);
    switch (btf_kind(type)) {
    case BTF_KIND_PTR:
    case BTF_KIND_TYPEDEF:
    case BTF_KIND_VOLATILE:
    case BTF_KIND_CONST:
    case BTF_KIND_RESTRICT:
    case BTF_KIND_TYPE_TAG:
    case BTF_KIND_FUNC:
    case BTF_KIND_VAR:
    case BTF_KIND_DECL_TAG:
        visit(type->type);
        break;
    case BTF_KIND_ARRAY:
        visit(btf_array(type)->type);
        visit(btf_array(type)->index_type);
        break;
    case BTF_KIND_STRUCT:
    case BTF_KIND_UNION:
        for (int i = 0; i < count; i++)
            visit(btf_members(type)[i].type);
        break;
    case BTF_KIND_FUNC_PROTO:
        visit(type->type);
        for (int i = 0; i < count; i++)
            visit(btf_params(type)[i].type);
        break;
    case BTF_KIND_DATASEC:
        for (int i = 0; i < count; i++)
            visit(btf_var_secinfos(type)[i].type);
        break;
    default:
        break;
    }
}

template <class Visit> void for_each_reference(const btf_type* type, Visit&& visit) {
    for_each_reference(const_cast<btf_type*>(type), [&](const std::uint32_t& id) { visit(id); });
}

/// Calls `visit(std::uint32_t)` with the offset of each name in `type`: its own, members, enumerators,
/// parameters.
template <class Visit> void for_each_name(const btf_type* type, Visit&& visit) {
    const auto visit_all = [&](const auto* first) {
        for (int i = 0; i < btf_vlen(type); i++)
            visit(first[i].name_off);
    };
    visit(type->name_off);
    if (btf_is_composite(type))
        visit_all(btf_members(type));
    else if (btf_is_enum(type))
        visit_all(btf_enum(type));
    else if (btf_is_enum64(type))
        visit_all(btf_enum64(type));
    else if (btf_is_func_proto(type))
        visit_all(btf_params(type));
}

} // namespace ecc
