#include "runtime-min/guest_module.h"

#include "guest/c/include/ecc/host.h"
#include "packager/package/manifest_check.h"
#include "packager/package/wasm_module.h"
#include "runtime-min/libbpf_log.h"
#include "runtime-min/object_trial.h"
#include "runtime-min/session.h"

#include <algorithm>
#include <fmt/format.h>
#include <set>

namespace ecc {

namespace {

constexpr std::string_view package_section = "ecc.package";
/// What the names of all sections of a package begin with.
constexpr std::string_view section_prefix = "ecc.";
constexpr const char* whole_file = "the file as ecc wrote it, if this one was cut off or stripped "
                                   "(wasm-strip, wasm-opt)";
constexpr std::string_view old_interface = "wasm_bpf";
/// Where TinyGo's variant of the older interface has its poll function.
constexpr std::string_view old_interface_go = "callback-wrapper";

Result<> check_architectures(const Package& package, const std::string& where) {
    std::set<std::string> names, present;
    std::string architectures;
    for (const auto& object : package.objects) {
        names.insert(object.name);
        if (object.architecture == machine_architecture())
            present.insert(object.name);
        else if (architectures.find(object.architecture) == std::string::npos)
            architectures += (architectures.empty() ? "" : ", ") + object.architecture;
    }
    for (const auto& name : names) {
        if (!present.contains(name))
            return environment_error(
                where,
                fmt::format("the BPF object '{}' is for {}, and this machine is {}", name, architectures,
                            machine_architecture()),
                fmt::format("ecc --arch {} when building the package", machine_architecture()));
    }
    return {};
}

bool is_host_function(const WasmImport& import, std::string_view name) {
    return import.module == ECC_HOST_MODULE && import.name == name;
}

bool opens_objects(const WasmImport& import) {
    return is_host_function(import, "object_open") || is_host_function(import, "object_open_bytes");
}

/// Parts of a package, without the manifest that describes them.
Result<> check_no_remains(const std::vector<WasmSection>& sections, const std::string& where) {
    const auto remains = std::ranges::find_if(
        sections, [](const WasmSection& section) { return section.name.starts_with(section_prefix); });
    if (remains == sections.end())
        return {};
    return input_error(
        where, fmt::format("has a section {} but no section {}", remains->name, package_section), whole_file);
}

} // namespace

Result<GuestModule> inspect_module(ByteView wasm, const std::string& where) {
    ECC_TRY(const auto sections, wasm_sections(wasm, where));
    ECC_TRY(const auto imports, wasm_imports(wasm, where));
    GuestModule module;
    ECC_TRY(module.code, wasm_code(wasm, where));
    for (const auto& import : imports) {
        module.imports_wasm_bpf |= import.module == old_interface || import.module == old_interface_go;
        module.opens_objects |= opens_objects(import);
        module.takes_signals |= is_host_function(import, "signal_take");
        module.reads_process_maps |= is_host_function(import, "process_map_at");
        module.chooses_programs |= is_host_function(import, "program_set_autoload");
        module.resizes_maps |= is_host_function(import, "map_set_max_entries");
    }
    const bool packaged = std::ranges::any_of(sections, [](const WasmSection& section) {
        return section.id == 0 && section.name == package_section;
    });
    if (packaged) {
        ECC_TRY(module.package, read_package(wasm, where));
    } else {
        ECC_CHECK(check_no_remains(sections, where));
    }
    return module;
}

Result<> check_module(const GuestModule& module, const Permissions& permissions, const std::string& where) {
    if (module.imports_wasm_bpf && !permissions.bytes)
        return environment_error(
            where,
            "this module uses the older wasm_bpf interface and brings its BPF object in its own "
            "memory, where nobody can look at it before it runs",
            "ecc-run --allow bytes, if you trust it");
    if (module.opens_objects && !module.package && !permissions.bytes)
        return input_error(where,
                           fmt::format("opens BPF objects ({}) but is no package: it has no section {}",
                                       ECC_HOST_MODULE, package_section),
                           fmt::format("{}; {}, if it brings its objects in its own memory and you trust it",
                                       whole_file, permission_flag(Permission::bytes)));
    return {};
}

Result<> check_code_size(const WasmCode& code, const Limits& limits, const std::string& where) {
    const std::pair<std::uint64_t, std::uint64_t Limits::*> sizes[] = {
        {code.functions, &Limits::functions}, {code.bytes, &Limits::code}, {code.largest, &Limits::body}};
    for (const auto& [size, limit] : sizes) {
        if (size > limits.*limit)
            return std::unexpected(limit_reached(limit_kind(limit), limits.*limit, where));
    }
    return {};
}

Result<std::vector<ObjectFacts>> examine_objects(const GuestModule& module, const std::string& where) {
    std::vector<ObjectFacts> facts;
    if (!module.package)
        return facts;
    ECC_CHECK(check_architectures(*module.package, where));
    for (const auto& object : module.package->objects) {
        if (object.architecture != machine_architecture())
            continue;
        ECC_CHECK(try_object(object.elf, object.name));
        LibbpfLog log;
        const LibbpfLogScope scope(log);
        ECC_TRY(auto examined, read_object_facts(object.elf, object.name));
        facts.push_back(std::move(examined));
    }
    if (!module.package->objects.empty())
        ECC_CHECK(check_manifest(module.package->manifest, facts, where));
    return facts;
}

} // namespace ecc
