// A BPF object as libbpf sees it. In: a relocatable ELF (hostile). Out: its programs, maps, data sections and
// types.
#pragma once

#include "btfgen/layout.h"

namespace ecc {

struct BpfProgram {
    std::string name;
    std::string section;    ///< "tracepoint/syscalls/sys_enter_openat"
    std::string type;       ///< libbpf_bpf_prog_type_str
    std::string target;     ///< what follows the first '/' of the section; empty if nothing does
    bool is_loaded = false; ///< with the object; not if its section begins with '?'
};

struct BpfMap {
    std::string name;  ///< as libbpf reports it: "rb", "bootstra.rodata"
    std::string ident; ///< the C identifier in skeletons: "rb", "rodata"; no two maps have the same
    std::string type;  ///< libbpf_bpf_map_type_str
    std::uint32_t type_number = 0;
    std::uint32_t key_size = 0;
    std::uint32_t value_size = 0;
    std::uint32_t max_entries = 0;
    std::uint32_t flags = 0;
    TypeId key_type = 0;
    TypeId value_type = 0;
    TypeId inner_key_type = 0; ///< of the maps in a map of maps
    TypeId inner_value_type = 0;
    bool is_internal = false; ///< libbpf's own: a data section
    bool mmapable = false;    ///< a data section that libbpf maps into memory
};

struct GlobalVariable {
    std::string name; ///< as in BTF: "total", "handle_exec.calls" for a `static` of a function
    /// In skeletons; no two variables of a section have the same, though functions and files may have statics
    /// of one name: "total", "handle_exec_calls". Empty for what no source names, such as the text of
    /// bpf_printk(): in no skeleton.
    std::string ident;
    TypeId type = 0;
    std::uint32_t offset = 0;
    std::uint32_t size = 0;
    bool is_const = false;  ///< `const volatile`: set before load only
    bool is_static = false; ///< not visible outside its file or function
};

struct DataSection {
    std::string name;  ///< ".rodata"
    std::string ident; ///< "rodata"
    std::string map_name;
    Bytes initial;
    std::vector<GlobalVariable> variables; ///< by offset
};

struct BpfObject {
    std::string name; ///< "bootstrap_bpf": a C identifier
    Bytes elf;
    std::string license;
    LayoutSet layouts;
    std::vector<BpfProgram> programs;
    std::vector<BpfMap> maps;
    std::vector<DataSection> data_sections;
};

/// The skeleton name that bpftool gives a file: base name without `.o`, other characters than letters, digits
/// and '_' replaced by '_'. "bootstrap.bpf.o" -> "bootstrap_bpf".
std::string skeleton_name(std::string_view file_name);

/// An input error if libbpf does not open it, it has no BTF, no program, or a map of a type that is not
/// known.
/// `opaque_types` become bytes (btfgen/opaque_types.h).
Result<BpfObject> read_bpf_object(std::string name, Bytes elf, const std::string& where,
                                  const std::vector<std::string>& opaque_types = {});

} // namespace ecc
