#include "packager/package/object_rules.h"

#include "packager/package/btf_rules.h"
#include "packager/package/owned_btf.h"
#include "support/type_relocations.h"

#include <algorithm>
#include <bpf/btf.h>
#include <fmt/format.h>
#include <linux/bpf.h>

namespace ecc {

namespace {

constexpr std::uint8_t load_of_64_bits = BPF_LD | BPF_IMM | BPF_DW;
/// libbpf looks each of them up in all types of the object, and again for each relocation.
constexpr std::size_t most_externs = 10'000;
/// The kernel takes 256 for a program; libbpf calls itself for each that another one calls.
constexpr std::size_t most_functions = 4096;
/// libbpf copies the functions that a program calls behind it.
constexpr std::uint64_t most_copied_code = 512u << 20;
/// Of a number in an access string: libbpf reads it into an int, and takes a negative one.
constexpr std::size_t most_digits = 9;

bool ends_within_instruction(ByteView function) {
    return function.size() >= sizeof(bpf_insn) &&
           function[function.size() - sizeof(bpf_insn)] == load_of_64_bits;
}

std::uint64_t copied_code(const std::vector<ByteView>& functions) {
    std::uint64_t bytes = 0;
    for (const ByteView function : functions)
        bytes += function.size();
    return bytes * functions.size();
}

bool is_index(std::string_view text) {
    return !text.empty() && text.size() <= most_digits &&
           std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

/// "0:1:3".
bool is_access(std::string_view text) {
    while (true) {
        const auto colon = text.find(':');
        if (!is_index(text.substr(0, colon)))
            return false;
        if (colon == text.npos)
            return true;
        text.remove_prefix(colon + 1);
    }
}

std::unexpected<Error> refused(const std::string& where, const std::string& what) {
    return input_error(where, "malformed object: " + what,
                       "building or fetching it again: the object is damaged, or no BPF object");
}

Result<> check_relocations(const btf* types, ByteView btf_ext, const std::string& where) {
    const auto relocations = read_type_relocations(btf_ext);
    if (!relocations)
        return refused(where, "its CO-RE relocations (.BTF.ext) cannot be read");
    for (const TypeRelocation& relocation : *relocations) {
        const char* access = btf__name_by_offset(types, relocation.access);
        if (access == nullptr || !is_access(access))
            return refused(where, "a CO-RE relocation names its member wrongly");
    }
    return {};
}

/// libbpf fills in the number of a function, and of a variable reads the same bytes as one.
Result<> check_called(const btf* types, const ElfScan& scan, const std::string& where) {
    for (__u32 id = 1; id < btf__type_cnt(types); ++id) {
        const btf_type* type = btf__type_by_id(types, id);
        const char* name = btf_is_var(type) ? btf__name_by_offset(types, type->name_off) : nullptr;
        if (name != nullptr && scan.called_externs.contains(std::string_view(name)))
            return refused(where, fmt::format("it calls '{}', which is a variable", name));
    }
    return {};
}

} // namespace

Result<> check_object(const ElfScan& scan, const std::string& where) {
    if (std::ranges::any_of(scan.functions, ends_within_instruction))
        return refused(where, "a function ends within an instruction");
    if (scan.externs > most_externs)
        return refused(where, fmt::format("more than {} undefined symbols", most_externs));
    if (scan.functions.size() > most_functions || copied_code(scan.functions) > most_copied_code)
        return refused(where, fmt::format("more functions, or more code in them, than a kernel takes: {}",
                                          scan.functions.size()));
    if (scan.has_jump_tables)
        return input_error(where, "has jump tables, which are not supported",
                           "building it with -fno-jump-tables");
    for (const ByteView section : scan.btf) {
        const OwnedBtf types(btf__new(section.data(), static_cast<std::uint32_t>(section.size())));
        if (!types) // libbpf does not read it either
            continue;
        ECC_CHECK(check_types(types.get(), where));
        ECC_CHECK(check_called(types.get(), scan, where));
        for (const ByteView relocations : scan.btf_ext)
            ECC_CHECK(check_relocations(types.get(), relocations, where));
    }
    return {};
}

} // namespace ecc
