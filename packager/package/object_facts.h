// What a BPF object is and asks for, derived from its ELF alone. The compiler writes it into the manifest;
// the runtime decides by it and holds the manifest against it.
#pragma once

#include "packager/package/elf_scan.h"

#include <cstdint>
#include <linux/bpf.h>
#include <string>
#include <vector>

struct bpf_map;
struct bpf_object;
struct bpf_program;

namespace ecc {

/// enum bpf_prog_type and enum bpf_map_type. libbpf may know types that the kernel header which this was
/// built with does not, and such an enum cannot hold them.
using ProgramType = std::uint32_t;
using MapType = std::uint32_t;

struct ProgramFacts {
    std::string name;
    std::string section; ///< "tracepoint/syscalls/sys_enter_openat"
    ProgramType type = BPF_PROG_TYPE_UNSPEC;
    std::string type_name; ///< libbpf_bpf_prog_type_str: "tracepoint", "xdp"
    bool modifies = false; ///< fmod_ret: of type tracing, but it changes a return value
    bool autoload = true;  ///< is loaded with the object unless the user part says otherwise
};

struct MapFacts {
    std::string name; ///< as libbpf reports it: "events", "bootstra.rodata"
    MapType type = BPF_MAP_TYPE_UNSPEC;
    std::string type_name; ///< libbpf_bpf_map_type_str
    std::uint32_t key_size = 0;
    std::uint32_t value_size = 0;
    std::uint32_t max_entries = 0; ///< of ring buffers: bytes
    std::uint32_t flags = 0;       ///< BPF_F_*
    bool pinned_by_name = false;   ///< asks to be pinned
    bool autocreate = true;        ///< is created with the object
};

struct ObjectFacts {
    std::string name;
    std::vector<ProgramFacts> programs;
    std::vector<MapFacts> maps;
    std::set<std::int32_t> helpers;            ///< BPF_FUNC_*
    std::vector<std::string> kernel_functions; ///< kfuncs that it may call
    std::vector<std::string> kernel_symbols;   ///< addresses that it gets from /proc/kallsyms or BTF
    bool calls_kernel_by_id = false;           ///< calls kernel functions by BTF id, whose names nobody knows
};

ProgramFacts facts_of(const bpf_program* program);
MapFacts facts_of(const bpf_map* map);

/// Of an object that libbpf has opened and not loaded. An input error if a map has a name that none may have
/// (map_rules.h): libbpf would make a path of it.
Result<ObjectFacts> facts_of(const bpf_object* object, const ElfScan& scan, std::string name);

/// Opens `elf` with libbpf. An input error also if it does not: libbpf's print function says why.
Result<ObjectFacts> read_object_facts(ByteView elf, const std::string& name);

/// Why this object acts on the system ("program 'drop' is of type xdp"), one entry for each cause; empty if
/// it only observes. Whatever is not known to only observe acts: every program type and kernel function that
/// nobody has classified, and helpers that write to processes or signal them.
std::vector<std::string> acting_reasons(const ObjectFacts& object);
bool acts(const ProgramFacts& program);
bool acts(const MapFacts& map);

} // namespace ecc
