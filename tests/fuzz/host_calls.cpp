// Random calls of the host interfaces. An input says what is prepared, then one call after the other: the
// function's number, and for each argument how to choose it. The functions and their types are those that the
// runtime defines for the names in host.h, so that a new one takes part by itself.
#include "runtime-min/host_ecc.h"
#include "runtime-min/host_wasm_bpf.h"
#include "support/files.h"
#include "tests/fuzz/call_module.h"
#include "tests/fuzz/targets.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <regex>
#include <wasmtime.hh>

namespace ecc::fuzz {

namespace {

constexpr std::size_t most_calls = 64;
constexpr std::int64_t largest_errno = 4095;

// Where the guest's memory has what calls need.
constexpr std::uint32_t names_at = 0x100, structures_at = 0x1000, structure_size = 256, scratch_at = 0x4000,
                        windows_at = 0x100000, object_at = 0x20000;
constexpr std::array names{"events", "table", "shown",   "perf",           "per_cpu", "programs",
                           ".bss",   "lo",    ".rodata", "on_getpriority", "absent",  "/sys/fs/bpf/x"};
constexpr std::uint32_t name_room = 32;
constexpr std::uint32_t structures = 8;

/// Gives up the capabilities of this process for good.
constexpr const char* left_out = "seal";

/// What would wait for ever.
struct Timeout {
    std::string_view function;
    std::size_t argument;
};
constexpr std::array timeouts{Timeout{"ringbuf_acquire", 2}, Timeout{"perfbuf_acquire", 3},
                              Timeout{"user_ringbuf_reserve", 2}, Timeout{"wait", 2}};
constexpr std::string_view old_poll = "wasm_bpf_buffer_poll";

[[noreturn]] void fail(const std::string& what) {
    std::fprintf(stderr, "host_calls: %s\n", what.c_str());
    std::abort();
}

std::vector<HostFunction> interface_functions() {
    std::vector<HostFunction> functions;
    const auto header = read_file(ECC_SOURCE_DIR "/guest/c/include/ecc/host.h").value();
    const std::string text(as_text(header));
    const std::regex declaration(R"(ECC_HOST\((\w+)\) \w+ ecc_)");
    for (std::sregex_iterator found(text.begin(), text.end(), declaration), last; found != last; ++found) {
        if ((*found)[1] != left_out)
            functions.push_back({ECC_HOST_MODULE, (*found)[1], {}, {}});
    }
    for (const auto* name : {"wasm_load_bpf_object", "wasm_close_bpf_object", "wasm_attach_bpf_program",
                             "wasm_bpf_map_fd_by_name", "wasm_bpf_map_operate", "wasm_bpf_buffer_poll"})
        functions.push_back({wasm_bpf_module, name, {}, {}});
    functions.push_back({wasm_bpf_go_module, std::string(old_poll), {}, {}});
    return functions;
}

Bytes encoded(wasmtime::ValType::ListRef list) {
    Bytes encoding;
    for (const auto type : list)
        encoding.push_back(wasmtime::ValType(type).wasmtime_capi()->kind == WASMTIME_VALTYPE_KIND_I64 ? i64
                                                                                                      : i32);
    return encoding;
}

wasmtime::Config engine_config() {
    wasmtime::Config config;
    config.memory_may_move(false);
    wasmtime_config_gc_support_set(config.capi(), false);
    return config;
}

/// One guest with everything that the runtime gives it, and nothing of another one.
class Instance {
public:
    Instance(wasmtime::Engine& engine, const Package& package, Signals& signals);

    std::span<std::uint8_t> memory();
    void fill_memory(ByteView elf);
    std::optional<wasmtime::Func> linked(const HostFunction& function) {
        const auto found = linker_.get(store_, function.module, function.name);
        return found ? std::optional(std::get<wasmtime::Func>(*found)) : std::nullopt;
    }
    wasmtime::FuncType type_of(const wasmtime::Func& function) { return function.type(store_); }
    void start(const wasmtime::Module& module);
    /// Nothing if the guest trapped.
    std::optional<std::int64_t> call(std::size_t function, const std::vector<wasmtime::Val>& arguments);

private:
    Diagnostics diagnostics_{[](const Diagnostic&) {}};
    Policy rules_;
    RunStats stats_{.counts_records = true};
    WindowGuard guard_{[] {}};
    wasmtime::Store store_;
    wasmtime::Linker linker_;
    std::optional<wasmtime::Instance> instance_;
    std::optional<wasmtime::Memory> memory_;
    Session session_;
    EccHost ecc_{session_};
    WasmBpfHost wasm_bpf_{session_};
};

BpfPolicy policy(const Diagnostics& diagnostics, const Policy& rules) {
    BpfPolicy policy;
    policy.permissions = {.bytes = true};
    policy.limits.maps = 16u << 20;
    policy.limits.programs = 16;
    policy.limits.links = 16;
    policy.rules = &rules;
    policy.diagnostics = &diagnostics;
    return policy;
}

Instance::Instance(wasmtime::Engine& engine, const Package& package, Signals& signals)
    : store_(engine), linker_(engine),
      session_(&package, policy(diagnostics_, rules_), GuestMemory([this] { return memory(); }, &guard_),
               guard_, signals, stats_) {
    if (!ecc_.link(linker_) || !wasm_bpf_.link(linker_))
        fail("the host functions cannot be defined");
}

std::span<std::uint8_t> Instance::memory() {
    if (!memory_)
        return {};
    const auto data = memory_->data(store_);
    return {data.data(), data.size()};
}

void Instance::start(const wasmtime::Module& module) {
    auto instance = linker_.instantiate(store_, module);
    if (!instance)
        fail("the module cannot be instantiated: " + instance.err().message());
    instance_ = instance.ok();
    memory_ = std::get<wasmtime::Memory>(*instance_->get(store_, "memory"));
}

void Instance::fill_memory(ByteView elf) {
    const auto bytes = memory();
    for (std::size_t i = 0; i < names.size(); ++i)
        std::strcpy(reinterpret_cast<char*>(&bytes[names_at + i * name_room]), names[i]);
    constexpr std::uint32_t sizes[structures] = {
        sizeof(ecc_object_opts), sizeof(ecc_map_info), sizeof(ecc_mmap_info),       sizeof(ecc_attach_opts),
        sizeof(ecc_map_batch),   sizeof(ecc_test_run), sizeof(ecc_test_run_result), 4096};
    for (std::size_t i = 0; i < structures; ++i)
        std::memcpy(&bytes[structures_at + i * structure_size], &sizes[i], sizeof sizes[i]);
    std::ranges::copy(elf, bytes.begin() + object_at);
}

std::optional<std::int64_t> Instance::call(std::size_t function,
                                           const std::vector<wasmtime::Val>& arguments) {
    const auto exported = instance_->get(store_, std::to_string(function));
    auto results = std::get<wasmtime::Func>(*exported).call(store_, arguments);
    if (!results)
        return std::nullopt;
    const auto& result = results.ok_ref().front();
    return result.kind() == wasmtime::ValKind::I64 ? result.i64() : result.i32();
}

/// What is made once.
class Machine {
public:
    Machine();
    void run(ByteView input);

private:
    void prepare(Instance& instance, unsigned what);
    std::int64_t call(Instance& instance, const std::string& name,
                      const std::vector<std::int64_t>& arguments);
    std::int64_t call(Instance& instance, std::size_t function, const std::vector<std::int64_t>& arguments);
    std::int64_t argument(ByteReader& input, std::uint32_t memory_size) const;

    wasmtime::Engine engine_{engine_config()};
    std::unique_ptr<Signals> signals_ = Signals::start({}).value();
    Package package_;
    std::vector<HostFunction> functions_ = interface_functions();
    std::optional<wasmtime::Module> module_;
    std::vector<std::int64_t> handles_;
    bool over_ = false;
};

Machine::Machine() {
    package_.objects.push_back(
        {"events", std::string(machine_architecture()), read_file(ECC_GUESTS "/events.bpf.o").value()});
    Instance instance(engine_, package_, *signals_);
    for (auto& function : functions_) {
        const auto linked = instance.linked(function);
        if (!linked)
            fail("the runtime has no function " + function.name);
        auto type = instance.type_of(*linked);
        function.parameters = encoded(type->params());
        function.results = encoded(type->results());
    }
    auto code = call_module(functions_);
    auto module = wasmtime::Module::compile(engine_, code);
    if (!module)
        fail("the module is not valid: " + module.err().message());
    module_ = module.ok();
}

std::int64_t Machine::call(Instance& instance, std::size_t number,
                           const std::vector<std::int64_t>& arguments) {
    const auto& function = functions_[number];
    std::vector<wasmtime::Val> values;
    for (std::size_t i = 0; i < arguments.size(); ++i)
        values.push_back(function.parameters[i] == i64
                             ? wasmtime::Val(arguments[i])
                             : wasmtime::Val(static_cast<std::int32_t>(arguments[i])));
    const auto result = instance.call(number, values);
    over_ = !result;
    if (over_)
        return -1;
    if (*result < -largest_errno)
        fail(function.name + " returned " + std::to_string(*result));
    if (*result >= ECC_HANDLE_FIRST && *result <= INT32_MAX)
        handles_.push_back(*result);
    return *result;
}

std::int64_t Machine::call(Instance& instance, const std::string& name,
                           const std::vector<std::int64_t>& arguments) {
    const auto found = std::ranges::find(functions_, name, &HostFunction::name);
    return call(instance, static_cast<std::size_t>(found - functions_.begin()), arguments);
}

/// An object with its parts, as deep as the input wants.
void Machine::prepare(Instance& instance, unsigned what) {
    const auto name_at = [](std::size_t number) {
        return static_cast<std::int64_t>(names_at + number * name_room);
    };
    const auto length = [](std::size_t number) {
        return static_cast<std::int64_t>(std::strlen(names[number]));
    };
    if ((what & 1) == 0)
        return;
    const auto object = call(instance, "object_open", {name_at(0), length(0), 0});
    if ((what & 2) != 0)
        call(instance, "object_load", {object});
    for (std::size_t i = 0; i < names.size() && (what & 4) != 0; ++i)
        call(instance, "map_find", {object, name_at(i), length(i)});
    const auto program = call(instance, "program_find", {object, name_at(9), length(9)});
    if ((what & 8) != 0)
        call(instance, "program_attach", {program, 0});
    for (std::size_t i : {0, 2}) {
        const auto map = call(instance, "map_find", {object, name_at(i), length(i)});
        if ((what & 16) != 0)
            call(instance, "map_mmap",
                 {map, windows_at + static_cast<std::int64_t>(i) * 0x10000, 0x10000, i == 0 ? 0 : 1,
                  structures_at + 2 * structure_size});
    }
    if ((what & 32) != 0)
        call(instance, "perfbuf_open", {call(instance, "map_find", {object, name_at(3), length(3)}), 1});
}

std::int64_t Machine::argument(ByteReader& input, std::uint32_t memory_size) const {
    const std::uint8_t choice = input.u8(), detail = input.u8();
    switch (choice % 10) {
    case 0:
    case 1:
        return handles_.empty() ? detail : handles_[detail % handles_.size()];
    case 2:
        return names_at + detail % names.size() * name_room;
    case 3:
        return structures_at + detail % structures * structure_size;
    case 4:
        return windows_at + detail % 4 * 0x10000 + detail / 4;
    case 5:
        return std::int64_t{memory_size} - detail;
    case 6:
        return std::int64_t{1} << detail % 64;
    case 7:
        return object_at;
    case 8:
        return detail;
    default:
        return static_cast<std::int32_t>(input.u32());
    }
}

void bound_waiting(const HostFunction& function, std::vector<std::int64_t>& arguments) {
    if (function.name == old_poll)
        arguments.back() &= 1;
    for (const auto& timeout : timeouts) {
        if (function.name == timeout.function)
            arguments[timeout.argument] &= 1;
    }
}

void Machine::run(ByteView bytes) {
    ByteReader input(bytes);
    Instance instance(engine_, package_, *signals_);
    instance.start(*module_);
    instance.fill_memory(package_.objects[0].elf);
    handles_.clear();
    over_ = false;
    prepare(instance, input.u8());
    for (std::size_t calls = 0; calls < most_calls && input.remaining() > 0 && !over_; ++calls) {
        const std::size_t number = input.u8() % (functions_.size() + 1);
        if (number == functions_.size()) { // the guest writes to its own memory
            const auto at = scratch_at + input.u8() * 4u;
            const auto target = input.u8() % 2 == 0 ? at : structures_at + at % (structures * structure_size);
            const auto value = input.u32();
            std::memcpy(&instance.memory()[target & ~3u], &value, sizeof value);
            continue;
        }
        std::vector<std::int64_t> arguments;
        for (std::size_t i = 0; i < functions_[number].parameters.size(); ++i)
            arguments.push_back(argument(input, static_cast<std::uint32_t>(instance.memory().size())));
        bound_waiting(functions_[number], arguments);
        call(instance, number, arguments);
    }
}

} // namespace

void host_calls(ByteView input) {
    static Machine machine;
    machine.run(input);
}

} // namespace ecc::fuzz
