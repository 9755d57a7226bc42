// A Wasm file looked at before anything of it runs: a package of ours, a module for the older interface, or a
// plain WASI program.
#pragma once

#include "packager/package/object_facts.h"
#include "packager/package/package.h"
#include "packager/package/wasm_module.h"
#include "runtime-min/limits.h"
#include "runtime-min/permissions.h"

#include <optional>

namespace ecc {

struct GuestModule {
    std::optional<Package> package;
    bool imports_wasm_bpf = false;   ///< brings its BPF object in its own memory
    bool opens_objects = false;      ///< imports object_open or object_open_bytes
    bool takes_signals = false;      ///< imports signal_take
    bool reads_process_maps = false; ///< imports process_map_at
    bool chooses_programs = false;   ///< imports program_set_autoload
    bool resizes_maps = false;       ///< imports map_set_max_entries
    WasmCode code;
};

/// An input error: not a Wasm module, a damaged package, one of a newer format, or one without its manifest.
Result<GuestModule> inspect_module(ByteView wasm, const std::string& where);

/// Whether it may run here at all: bringing its own objects needs permission, and what opens objects and may
/// not bring them must be a package.
Result<> check_module(const GuestModule& module, const Permissions& permissions, const std::string& where);

/// Before anything is compiled, which takes far more memory and time than what is compiled has bytes.
Result<> check_code_size(const WasmCode& code, const Limits& limits, const std::string& where);

/// The objects of a package that are for this machine's architecture, each after its trial. An environment
/// error: some are for other machines only. An input error: one cannot be opened, or they are not what the
/// manifest says.
Result<std::vector<ObjectFacts>> examine_objects(const GuestModule& module, const std::string& where);

} // namespace ecc
