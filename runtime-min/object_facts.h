// What a BPF object is and asks for, derived from its ELF alone: what permissions, policies, privileges and
// `--explain` go by.
#pragma once

#include "runtime-min/elf_scan.h"
#include "support/bytes.h"
#include "support/result.h"

#include <cstdint>
#include <linux/bpf.h>
#include <string>
#include <vector>

struct bpf_object;

namespace ecc {

struct ProgramFacts {
    std::string name;
    std::string section;
    bpf_prog_type type = BPF_PROG_TYPE_UNSPEC;
    std::string type_name; ///< libbpf's: "tracepoint", "xdp"
};

struct MapFacts {
    std::string name;
    bpf_map_type type = BPF_MAP_TYPE_UNSPEC;
    std::string type_name;
    std::uint32_t max_entries = 0;
    std::uint64_t bytes = 0; ///< of keys and values, about; what the kernel adds is not counted
    std::string pin_path;    ///< empty: it does not ask to be pinned
};

struct ObjectFacts {
    std::string name;
    std::vector<ProgramFacts> programs;
    std::vector<MapFacts> maps;
    std::vector<std::string> acting;   ///< why it acts on the system; empty if it only observes
    bool reads_kernel_symbols = false; ///< addresses from /proc/kallsyms
    bool writes_processes = false;     ///< calls bpf_probe_write_user
    bool needs_tracefs = false;
    bool looks_up_by_id = false; ///< types of kernel modules, or another BPF program: CAP_SYS_ADMIN
};

/// Of an object that libbpf has opened.
ObjectFacts facts_of(const bpf_object* object, const ElfScan& scan, const std::string& name);

/// Opens it by way of trial (object_trial.h), then here. The error says what is wrong with it.
Result<ObjectFacts> examine_object(ByteView elf, const std::string& name);

} // namespace ecc
