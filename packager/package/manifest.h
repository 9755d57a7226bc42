// The JSON document in the custom section `ecc.package`: what a package contains and what it will ask for,
// for people, scanners and registries. The runtime never trusts it: what counts is derived from the ELF.
// Schema: docs/schema/ecc.package.schema.json.
#pragma once

#include "support/result.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ecc {

/// The newest format that this code writes and reads.
inline constexpr unsigned package_format = 1;

struct ManifestInput {
    std::string path; ///< as the user named it, without folders
    std::string digest;
    bool operator==(const ManifestInput&) const = default;
};

struct ManifestBuild {
    std::string tool;   ///< "ecc 0.1.0"
    std::string llvm;   ///< "22.1.8"
    std::string libbpf; ///< "1.7.0"
    std::vector<ManifestInput> inputs; ///< source files, and the module that a folder in Rust or Go became
    std::string btf_digest; ///< of the BTF that vmlinux.h was made from; empty if none was needed
    bool operator==(const ManifestBuild&) const = default;
};

struct ManifestObject {
    std::string name;
    std::string architecture; ///< the kernel's name: "x86", "arm64", "riscv"
    std::string digest;
    std::uint64_t size = 0;
    bool operator==(const ManifestObject&) const = default;
};

struct ManifestProgram {
    std::string name;
    std::string section;
    std::string type;   ///< libbpf_bpf_prog_type_str: "tracepoint", "xdp"
    std::string target; ///< what follows the type in the section name; empty if nothing does
    bool operator==(const ManifestProgram&) const = default;
};

struct ManifestMap {
    std::string name;
    std::string type; ///< libbpf_bpf_map_type_str: "ringbuf", "hash"
    std::uint32_t key_size = 0;
    std::uint32_t value_size = 0;
    std::uint32_t max_entries = 0;
    std::uint32_t flags = 0;
    std::string key_type;             ///< C spelling; empty if BTF has none
    std::string value_type;           ///< the same
    std::vector<std::string> records; ///< names in `types` of what a ring or perf buffer carries
    bool operator==(const ManifestMap&) const = default;
};

struct ManifestMember {
    std::string name; ///< empty: anonymous
    std::string type; ///< spelling with fixed widths, right on wasm32
    std::uint32_t offset_bits = 0;
    std::uint32_t size_bits = 0;
    bool operator==(const ManifestMember&) const = default;
};

struct ManifestType {
    std::string name; ///< "struct event"
    std::uint32_t size = 0;
    std::uint32_t alignment = 1;
    std::vector<ManifestMember> members;
    bool operator==(const ManifestType&) const = default;
};

struct ManifestSetting { ///< a `const volatile` global: configuration before load
    std::string name;
    std::string type;
    std::string section; ///< ".rodata"
    std::uint32_t offset = 0;
    std::uint32_t size = 0;
    std::string help;
    bool operator==(const ManifestSetting&) const = default;
};

struct Manifest {
    unsigned format = package_format;
    std::string name;
    std::string version;
    std::string license; ///< of the kernel part, from its `license` section
    std::string description;
    std::string abi = "ecc_bpf_v1";
    ManifestBuild build;
    std::vector<ManifestObject> objects;
    std::vector<ManifestProgram> programs;
    std::vector<ManifestMap> maps;
    std::vector<ManifestType> types;
    std::vector<ManifestSetting> settings;
    std::vector<std::string> permissions; ///< "observe", "act"
    std::vector<std::string> features;    ///< kernel features needed: "btf", "ringbuf"
    bool operator==(const Manifest&) const = default;
};

/// Sorted keys, no white space, one line: the same manifest is always the same bytes.
std::string manifest_to_json(const Manifest& manifest);

/// Unknown keys are ignored; a missing or ill-typed one is an input error that names it; a `format` above
/// `package_format` is an input error that says so and to update ecc.
Result<Manifest> manifest_from_json(std::string_view json, const std::string& where);

} // namespace ecc
