#include "runtime-min/object_facts.h"

#include "runtime-min/bpf_objects.h"
#include "runtime-min/object_trial.h"
#include "runtime-min/permissions.h"
#include "runtime-min/preflight.h"

#include <bpf/btf.h>

namespace ecc {

namespace {

std::string text_or(const char* text, const char* otherwise) {
    return text != nullptr ? text : otherwise;
}

std::vector<ProgramFacts> programs_of(const bpf_object* object) {
    std::vector<ProgramFacts> programs;
    bpf_program* program = nullptr;
    bpf_object__for_each_program(program, object) {
        const auto type = bpf_program__type(program);
        programs.push_back({bpf_program__name(program), bpf_program__section_name(program), type,
                            text_or(libbpf_bpf_prog_type_str(type), "unknown")});
    }
    return programs;
}

std::vector<MapFacts> maps_of(const bpf_object* object) {
    std::vector<MapFacts> maps;
    bpf_map* map = nullptr;
    bpf_object__for_each_map(map, object) {
        const auto type = bpf_map__type(map);
        const auto entries = bpf_map__max_entries(map);
        maps.push_back({bpf_map__name(map), type, text_or(libbpf_bpf_map_type_str(type), "unknown"), entries,
                        map_memory(map), text_or(bpf_map__pin_path(map), "")});
    }
    return maps;
}

/// Untyped `extern ... __ksym` variables are addresses that libbpf takes from /proc/kallsyms.
bool has_symbol_variables(const bpf_object* object) {
    const btf* types = bpf_object__btf(object);
    const int section = types != nullptr ? btf__find_by_name_kind(types, ".ksyms", BTF_KIND_DATASEC) : -1;
    if (section < 0)
        return false;
    const btf_type* entries = btf__type_by_id(types, static_cast<__u32>(section));
    for (int i = 0; i < btf_vlen(entries); ++i) {
        const btf_type* type = btf__type_by_id(types, btf_var_secinfos(entries)[i].type);
        if (type != nullptr && btf_is_var(type))
            return true;
    }
    return false;
}

/// "fentry/module:function" and freplace: libbpf finds the module's types and the program by numbers that
/// only CAP_SYS_ADMIN may look up.
bool looks_up_by_id(const bpf_program* program) {
    const auto type = bpf_program__type(program);
    const std::string_view section = bpf_program__section_name(program);
    return type == BPF_PROG_TYPE_EXT || type == BPF_PROG_TYPE_STRUCT_OPS ||
           (type == BPF_PROG_TYPE_TRACING && section.find(':') != section.npos);
}

bool any_program(const bpf_object* object, bool (*predicate)(const bpf_program*)) {
    bpf_program* program = nullptr;
    bpf_object__for_each_program(program, object) {
        if (predicate(program))
            return true;
    }
    return false;
}

struct CloseObject {
    void operator()(bpf_object* object) const { bpf_object__close(object); }
};

} // namespace

ObjectFacts facts_of(const bpf_object* object, const ElfScan& scan, const std::string& name) {
    return {.name = name,
            .programs = programs_of(object),
            .maps = maps_of(object),
            .acting = acting_reasons(object, scan),
            .reads_kernel_symbols = has_symbol_variables(object),
            .writes_processes = scan.helpers.contains(BPF_FUNC_probe_write_user),
            .needs_tracefs = any_program(object, needs_tracefs),
            .looks_up_by_id = any_program(object, looks_up_by_id)};
}

Result<ObjectFacts> examine_object(ByteView elf, const std::string& name) {
    ECC_CHECK(try_object(elf, name));
    ECC_TRY(const auto scan, scan_elf(elf, name));
    LibbpfLog log;
    const LibbpfLogScope scope(log, false);
    LIBBPF_OPTS(bpf_object_open_opts, options, .object_name = name.c_str());
    const std::unique_ptr<bpf_object, CloseObject> object(
        bpf_object__open_mem(elf.data(), elf.size(), &options));
    if (!object)
        return input_error(name,
                           "libbpf cannot open this object\n" + explain_load_failure(log.text()).details);
    return facts_of(object.get(), scan, name);
}

} // namespace ecc
