#include "runtime-min/btf_cut.h"

#include "packager/package/owned_btf.h"
#include "support/type_relocations.h"

#include <algorithm>
#include <bpf/btf.h>
#include <map>
#include <memory>
#include <string_view>

namespace ecc {

namespace {

/// Of the kernel's types, about a tenth.
constexpr std::size_t kept_types_limit = 1 << 14;

/// "task_struct" of "task_struct___old" (bpf_core_essential_name_len).
std::string_view essential_name(std::string_view name) {
    constexpr std::string_view separator = "___";
    for (auto at = name.rfind(separator); at != name.npos && at > 0; at = name.rfind(separator, at - 1)) {
        const auto after = at + separator.size();
        if (name[at - 1] != '_' && after < name.size() && name[after] != '_')
            return name.substr(0, at);
    }
    return name;
}

/// libbpf compares types of the same kind; the two of enumerations count as one.
int compared_kind(const btf_type* type) {
    return btf_is_any_enum(type) ? int{BTF_KIND_ENUM} : btf_kind(type);
}

std::string_view name_of(const btf* types, const btf_type* type) {
    const char* name = btf__name_by_offset(types, type->name_off);
    return name != nullptr ? name : "";
}

/// A type of the object that libbpf looks for in the kernel.
using Wanted = std::pair<int, std::string_view>; // compared kind, essential name

/// Whether libbpf sees all that it compares, when pointers lead to void.
bool is_answered_by_cut(const btf* types, const TypeRelocation& relocation) {
    switch (relocation.kind) {
    case BPF_CORE_FIELD_BYTE_OFFSET:
    case BPF_CORE_FIELD_BYTE_SIZE:
    case BPF_CORE_FIELD_EXISTS:
    case BPF_CORE_FIELD_SIGNED:
    case BPF_CORE_FIELD_LSHIFT_U64:
    case BPF_CORE_FIELD_RSHIFT_U64:
    case BPF_CORE_ENUMVAL_EXISTS:
    case BPF_CORE_ENUMVAL_VALUE:
        return true;
    case BPF_CORE_TYPE_EXISTS:
    case BPF_CORE_TYPE_SIZE: {
        const int resolved = btf__resolve_type(types, relocation.type);
        const auto* type = resolved > 0 ? btf__type_by_id(types, static_cast<__u32>(resolved)) : nullptr;
        return type != nullptr && (btf_is_composite(type) || btf_is_any_enum(type) || btf_is_int(type));
    }
    default:
        return false;
    }
}

/// Nothing if a cut cannot serve one of them.
std::optional<std::map<Wanted, bool>> wanted_types(const btf* types,
                                                   const std::vector<TypeRelocation>& relocations) {
    std::map<Wanted, bool> wanted;
    for (const auto& relocation : relocations) {
        if (relocation.kind == BPF_CORE_TYPE_ID_LOCAL)
            continue;
        const auto* type = btf__type_by_id(types, relocation.type);
        if (type == nullptr || name_of(types, type).empty() || !is_answered_by_cut(types, relocation))
            return std::nullopt;
        wanted.emplace(Wanted{compared_kind(type), essential_name(name_of(types, type))}, false);
    }
    return wanted;
}

/// Calls `f` with each number by which a type names one that lies in it.
template <class F> void each_part(btf_type* type, F f) {
    switch (btf_kind(type)) {
    case BTF_KIND_TYPEDEF:
    case BTF_KIND_CONST:
    case BTF_KIND_VOLATILE:
    case BTF_KIND_RESTRICT:
    case BTF_KIND_TYPE_TAG:
        f(type->type);
        break;
    case BTF_KIND_ARRAY:
        f(btf_array(type)->type);
        f(btf_array(type)->index_type);
        break;
    case BTF_KIND_STRUCT:
    case BTF_KIND_UNION:
        for (int i = 0; i < btf_vlen(type); ++i)
            f(btf_members(type)[i].type);
        break;
    }
}

/// Functions, variables and their sections do not lie in a type, and libbpf compares none of them.
bool lies_in_memory(const btf_type* type) {
    switch (btf_kind(type)) {
    case BTF_KIND_FUNC:
    case BTF_KIND_FUNC_PROTO:
    case BTF_KIND_VAR:
    case BTF_KIND_DATASEC:
    case BTF_KIND_DECL_TAG:
        return false;
    default:
        return true;
    }
}

class Cut {
public:
    explicit Cut(const btf* all) : all_(all), new_ids_(btf__type_cnt(all)) {}

    /// With all that lies in it.
    void keep(__u32 id);
    std::size_t size() const { return kept_.size(); }
    std::optional<Bytes> write();

private:
    /// libbpf has no other way to change a type than this.
    static btf_type* type_of(const btf* types, __u32 id) {
        return const_cast<btf_type*>(btf__type_by_id(types, id));
    }
    void mark(__u32 id);
    void renumber(btf_type* type) const;

    const btf* all_;
    std::vector<__u32> new_ids_; ///< 0: not kept
    std::vector<__u32> kept_;
};

void Cut::mark(__u32 id) {
    if (id == 0 || id >= new_ids_.size() || new_ids_[id] != 0 || !lies_in_memory(type_of(all_, id)))
        return;
    kept_.push_back(id);
    new_ids_[id] = static_cast<__u32>(kept_.size());
}

void Cut::keep(__u32 id) {
    auto next = kept_.size();
    mark(id);
    for (; next < kept_.size() && next < kept_types_limit; ++next)
        each_part(type_of(all_, kept_[next]), [this](__u32 part) { mark(part); });
}

void Cut::renumber(btf_type* type) const {
    if (btf_is_ptr(type))
        type->type = 0;
    each_part(type, [this](__u32& part) { part = new_ids_[part]; });
}

std::optional<Bytes> Cut::write() {
    std::ranges::sort(kept_); // candidates are compared in the kernel's order
    for (std::size_t i = 0; i < kept_.size(); ++i)
        new_ids_[kept_[i]] = static_cast<__u32>(i + 1);
    const OwnedBtf cut(btf__new_empty());
    for (const auto id : kept_) {
        const int added = cut ? btf__add_type(cut.get(), all_, type_of(all_, id)) : -1;
        if (added < 0)
            return std::nullopt;
        renumber(type_of(cut.get(), static_cast<__u32>(added)));
    }
    __u32 length = 0;
    const auto* data = static_cast<const std::uint8_t*>(btf__raw_data(cut.get(), &length));
    return data != nullptr ? std::optional(Bytes(data, data + length)) : std::nullopt;
}

} // namespace

std::optional<Bytes> cut_btf(const btf* kernel, ByteView object_btf, ByteView object_btf_ext) {
    const OwnedBtf types(btf__new(object_btf.data(), static_cast<__u32>(object_btf.size())));
    const auto relocations = read_type_relocations(object_btf_ext);
    auto wanted = types && relocations && !relocations->empty() ? wanted_types(types.get(), *relocations)
                                                                : std::nullopt;
    if (!wanted)
        return std::nullopt;
    Cut cut(kernel);
    for (__u32 id = 1; id < btf__type_cnt(kernel); ++id) {
        const auto* type = btf__type_by_id(kernel, id);
        const auto found = wanted->find({compared_kind(type), essential_name(name_of(kernel, type))});
        if (found == wanted->end())
            continue;
        found->second = true;
        cut.keep(id);
    }
    // libbpf goes on to the modules for a type that the kernel itself does not have.
    if (cut.size() > kept_types_limit ||
        !std::ranges::all_of(*wanted, [](const auto& type) { return type.second; }))
        return std::nullopt;
    return cut.write();
}

} // namespace ecc
