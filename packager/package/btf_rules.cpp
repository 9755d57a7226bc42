#include "packager/package/btf_rules.h"

#include "packager/package/owned_btf.h"

#include <bit>
#include <bpf/btf.h>
#include <fmt/format.h>
#include <memory>
#include <string_view>

namespace ecc {

namespace {

constexpr unsigned most_modifiers = 32; // MAX_RESOLVE_DEPTH of kernel/bpf/btf.c
/// Longer than any value in a kernel's configuration.
constexpr std::int64_t most_kconfig_bytes = 4096;

class Checker {
public:
    Checker(const btf* types, const std::string& where) : types_(types), where_(where) {}

    Result<> check() const {
        for (std::uint32_t id = 1; id < btf__type_cnt(types_); ++id) {
            ECC_CHECK(check_end(id));
            if (btf_is_composite(type(id)))
                ECC_CHECK(check_bitfields(*type(id)));
            if (btf_is_datasec(type(id)))
                ECC_CHECK(check_section(*type(id)));
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
        for (unsigned depth = 0; depth <= most_modifiers; ++depth) {
            const btf_type* found = type(id);
            if (btf_is_array(found))
                id = btf_array(found)->type;
            else if (btf_is_mod(found) || btf_is_typedef(found))
                id = found->type;
            else
                return {};
        }
        return refused(
            fmt::format("type [{}] has more than {} qualifiers and dimensions", first, most_modifiers));
    }

    /// To fit one to the kernel, libbpf divides by the size of its type.
    Result<> check_bitfields(const btf_type& record) const {
        for (int i = 0; i < btf_vlen(&record); ++i) {
            const btf_member& member = btf_members(&record)[i];
            if (btf_member_bitfield_size(&record, static_cast<std::uint32_t>(i)) != 0 &&
                !holds_bits(member.type))
                return refused(fmt::format("member '{}' of '{}' is a bitfield of what is no number",
                                           name(member.name_off), name(record.name_off)));
        }
        return {};
    }

    bool holds_bits(std::uint32_t id) const {
        const int number = btf__resolve_type(types_, id);
        if (number < 0)
            return false;
        const btf_type* bits = type(static_cast<std::uint32_t>(number));
        return (btf_is_int(bits) || btf_is_any_enum(bits)) && std::has_single_bit(bits->size) &&
               bits->size <= 16;
    }

    Result<> check_section(const btf_type& section) const {
        const std::string_view section_name = name(section.name_off);
        ECC_CHECK(check_entries(section, section_name));
        if (is_struct_ops(section_name))
            return check_struct_ops(section);
        if (section_name == ".kconfig")
            return check_kconfig(section);
        return {};
    }

    /// libbpf writes into what they name as into variables and, in .ksyms, functions.
    Result<> check_entries(const btf_type& section, std::string_view section_name) const {
        for (int i = 0; i < btf_vlen(&section); ++i) {
            const btf_type* entry = type(btf_var_secinfos(&section)[i].type);
            if (!btf_is_var(entry) && !(btf_is_func(entry) && section_name == ".ksyms"))
                return refused(fmt::format("'{}' in {} is no variable", name(entry->name_off), section_name));
        }
        return {};
    }

    /// libbpf adds up their sizes in an int.
    Result<> check_kconfig(const btf_type& section) const {
        for (int i = 0; i < btf_vlen(&section); ++i) {
            const btf_type* variable = type(btf_var_secinfos(&section)[i].type);
            if (btf__resolve_size(types_, variable->type) > most_kconfig_bytes)
                return refused(fmt::format("'{}' in .kconfig has more than {} bytes",
                                           name(variable->name_off), most_kconfig_bytes));
        }
        return {};
    }

    /// As libbpf's: "?" before it says not to create the map.
    static bool is_struct_ops(std::string_view section_name) {
        section_name.remove_prefix(section_name.starts_with('?') ? 1 : 0);
        return section_name == ".struct_ops" || section_name == ".struct_ops.link";
    }

    Result<> check_struct_ops(const btf_type& section) const {
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

Result<> check_btf(ByteView section, const std::string& where) {
    const OwnedBtf types(btf__new(section.data(), static_cast<std::uint32_t>(section.size())));
    return types ? check_types(types.get(), where) : Result<>(); // libbpf does not read it either
}

Result<> check_types(btf* types, const std::string& where) {
    btf__set_pointer_size(types, sizeof(std::uint64_t)); // as for an object, whatever its "long" is
    return Checker(types, where).check();
}

} // namespace ecc
