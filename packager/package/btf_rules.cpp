#include "packager/package/btf_rules.h"

#include "packager/package/owned_btf.h"

#include <bpf/btf.h>
#include <fmt/format.h>
#include <memory>
#include <string_view>

namespace ecc {

namespace {

constexpr unsigned most_modifiers = 32; // MAX_RESOLVE_DEPTH of kernel/bpf/btf.c

class Checker {
public:
    Checker(const btf* types, const std::string& where) : types_(types), where_(where) {}

    Result<> check() const {
        for (std::uint32_t id = 1; id < btf__type_cnt(types_); ++id) {
            ECC_CHECK(check_end(id));
            if (is_struct_ops(*type(id)))
                ECC_CHECK(check_variables(*type(id)));
        }
        return {};
    }

private:
    const btf_type* type(std::uint32_t id) const { return btf__type_by_id(types_, id); }

    std::string_view name(std::uint32_t offset) const {
        const char* text = btf__name_by_offset(types_, offset);
        return text != nullptr ? text : "";
    }

    std::unexpected<Error> refused(std::string what) const {
        return input_error(where_, "malformed BTF: " + std::move(what),
                           "building or fetching it again: the object is damaged, or no BPF object");
    }

    Result<> check_end(std::uint32_t id) const {
        const std::uint32_t first = id;
        for (unsigned depth = 0; depth <= most_modifiers; ++depth, id = type(id)->type)
            if (id == 0 || (!btf_is_mod(type(id)) && !btf_is_typedef(type(id))))
                return {};
        return refused(fmt::format("type [{}] has more than {} qualifiers", first, most_modifiers));
    }

    /// As libbpf's: "?" before it says not to create the map.
    bool is_struct_ops(const btf_type& section) const {
        std::string_view text = name(section.name_off);
        text.remove_prefix(text.starts_with('?') ? 1 : 0);
        return btf_is_datasec(&section) && (text == ".struct_ops" || text == ".struct_ops.link");
    }

    Result<> check_variables(const btf_type& section) const {
        for (int i = 0; i < btf_vlen(&section); ++i) {
            const btf_var_secinfo& entry = btf_var_secinfos(&section)[i];
            const int id = btf__resolve_type(types_, entry.type);
            if (id < 0 || !btf_is_struct(type(static_cast<std::uint32_t>(id))))
                return refused(fmt::format("a variable in {} is no struct", name(section.name_off)));
            const btf_type& record = *type(static_cast<std::uint32_t>(id));
            if (std::uint64_t{entry.offset} + record.size > UINT32_MAX)
                return refused(fmt::format("a variable lies outside section {}", name(section.name_off)));
            ECC_CHECK(check_members(record));
        }
        return {};
    }

    Result<> check_members(const btf_type& record) const {
        for (int i = 0; i < btf_vlen(&record); ++i) {
            const auto index = static_cast<std::uint32_t>(i);
            const btf_member& member = btf_members(&record)[i];
            const std::uint32_t bits = btf_member_bit_offset(&record, index);
            const std::int64_t size = btf__resolve_size(types_, member.type);
            const int id = btf__resolve_type(types_, member.type);
            const bool is_pointer = id >= 0 && btf_is_ptr(type(static_cast<std::uint32_t>(id)));
            const bool is_inside =
                size >= 0 && std::uint64_t{bits} / 8 + static_cast<std::uint64_t>(size) <= record.size;
            const std::uint32_t alignment = is_pointer ? 64 : 8;
            if (!is_inside || bits % alignment != 0 || btf_member_bitfield_size(&record, index) != 0)
                return refused(
                    fmt::format("member '{}' of struct '{}', which is a struct_ops, lies outside it, is a "
                                "bitfield or an unaligned pointer",
                                name(member.name_off), name(record.name_off)));
        }
        return {};
    }

    const btf* types_;
    const std::string& where_;
};

} // namespace

Result<> check_btf(const ElfScan& scan, const std::string& where) {
    for (const ByteView section : scan.btf) {
        const OwnedBtf types(btf__new(section.data(), static_cast<std::uint32_t>(section.size())));
        if (!types) // libbpf does not read it either
            continue;
        btf__set_pointer_size(types.get(), sizeof(std::uint64_t)); // as for an object, whatever its "long" is
        ECC_CHECK(Checker(types.get(), where).check());
    }
    return {};
}

} // namespace ecc
