#include "packager/package/object_facts.h"

#include "packager/package/map_rules.h"
#include "packager/package/object_rules.h"
#include "packager/package/owned_btf.h"
#include "packager/package/owned_object.h"

#include <algorithm>
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <fmt/format.h>

namespace ecc {

namespace {

std::string text_or(const char* text, const char* otherwise) {
    return text != nullptr ? text : otherwise;
}

std::vector<ProgramFacts> programs_of(const bpf_object* object) {
    std::vector<ProgramFacts> programs;
    bpf_program* program = nullptr;
    bpf_object__for_each_program(program, object) {
        programs.push_back(facts_of(program));
    }
    return programs;
}

std::vector<MapFacts> maps_of(const bpf_object* object) {
    std::vector<MapFacts> maps;
    bpf_map* map = nullptr;
    bpf_object__for_each_map(map, object) {
        maps.push_back(facts_of(map));
    }
    return maps;
}

/// The variables of the section .ksyms.
void add_kernel_symbols(const btf* types, ObjectFacts& facts) {
    const int section = btf__find_by_name_kind(types, ".ksyms", BTF_KIND_DATASEC);
    if (section < 0)
        return;
    const btf_type* entries = btf__type_by_id(types, static_cast<__u32>(section));
    for (int i = 0; i < btf_vlen(entries); ++i) {
        const btf_type* type = btf__type_by_id(types, btf_var_secinfos(entries)[i].type);
        if (type != nullptr && btf_is_var(type))
            facts.kernel_symbols.push_back(text_or(btf__name_by_offset(types, type->name_off), "?"));
    }
}

/// Functions that the object declares and does not have: what libbpf looks for in the kernel. Read from the
/// ELF, because in its own copy of the BTF libbpf turns them into something else.
void add_kernel_names(ByteView section, ObjectFacts& facts) {
    const OwnedBtf types(btf__new(section.data(), static_cast<std::uint32_t>(section.size())));
    if (!types)
        return; // libbpf does not find anything through it either
    for (__u32 id = 1; id < btf__type_cnt(types.get()); ++id) {
        const btf_type* type = btf__type_by_id(types.get(), id);
        // A function's linkage is where other kinds have their number of members.
        if (btf_is_func(type) && btf_vlen(type) == BTF_FUNC_EXTERN)
            facts.kernel_functions.push_back(text_or(btf__name_by_offset(types.get(), type->name_off), "?"));
    }
    add_kernel_symbols(types.get(), facts);
}

Result<> check_map_names(const std::vector<MapFacts>& maps, const std::string& where) {
    const auto wrong = std::ranges::find_if_not(maps, is_map_name, &MapFacts::name);
    if (wrong == maps.end())
        return {};
    return input_error(
        where, fmt::format("'{}' is no name of a map: they are letters, digits, '_' and '.'", wrong->name),
        "renaming the map in the source");
}

} // namespace

ProgramFacts facts_of(const bpf_program* program) {
    const ProgramType type = bpf_program__type(program);
    return {.name = bpf_program__name(program),
            .section = bpf_program__section_name(program),
            .type = type,
            .type_name = text_or(libbpf_bpf_prog_type_str(static_cast<bpf_prog_type>(type)), "unknown"),
            .modifies = bpf_program__expected_attach_type(program) == BPF_MODIFY_RETURN,
            .autoload = bpf_program__autoload(program)};
}

MapFacts facts_of(const bpf_map* map) {
    const MapType type = bpf_map__type(map);
    return {.name = bpf_map__name(map),
            .type = type,
            .type_name = text_or(libbpf_bpf_map_type_str(static_cast<bpf_map_type>(type)), "unknown"),
            .key_size = bpf_map__key_size(map),
            .value_size = bpf_map__value_size(map),
            .max_entries = bpf_map__max_entries(map),
            .flags = bpf_map__map_flags(map),
            .pinned_by_name = bpf_map__pin_path(map) != nullptr,
            .autocreate = bpf_map__autocreate(map)};
}

Result<ObjectFacts> facts_of(const bpf_object* object, const ElfScan& scan, std::string name) {
    ObjectFacts facts{.name = std::move(name),
                      .programs = programs_of(object),
                      .maps = maps_of(object),
                      .helpers = scan.helpers,
                      .calls_kernel_by_id = scan.calls_kernel_by_id};
    for (const auto& section : scan.btf)
        add_kernel_names(section, facts);
    ECC_CHECK(check_map_names(facts.maps, facts.name));
    return facts;
}

Result<ObjectFacts> read_object_facts(ByteView elf, const std::string& name) {
    ECC_TRY(const auto scan, scan_elf(elf, name));
    ECC_CHECK(check_object(scan, name));
    LIBBPF_OPTS(bpf_object_open_opts, options, .object_name = name.c_str());
    const OwnedObject object(bpf_object__open_mem(elf.data(), elf.size(), &options));
    if (!object)
        return input_error(name, "libbpf cannot open this object");
    return facts_of(object.get(), scan, name);
}

} // namespace ecc
