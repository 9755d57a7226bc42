#include "runtime-min/engine.h"

#include "runtime-min/address_space.h"
#include "runtime-min/exit_status.h"
#include "runtime-min/host_ecc.h"
#include "runtime-min/host_wasm_bpf.h"
#include "runtime-min/privileges.h"
#include "runtime-min/resource_hint.h"
#include "runtime-min/wasi.h"
#include "support/files.h"

#include <charconv>
#include <fmt/format.h>
#include <sstream>
#include <wasmtime.hh>

namespace ecc {

namespace {

constexpr std::size_t stack_limit = 512 * 1024;
/// The limiter takes no larger numbers, and no module can ask for more.
constexpr std::uint64_t largest_memory = std::uint64_t{1} << 32;
constexpr std::uint64_t largest_table = UINT32_MAX;
/// The guest's and the passage to WASI.
constexpr std::int64_t most_instances = 2;
constexpr std::int64_t most_tables = 16;
constexpr std::size_t shown_frames = 16;

wasmtime::Config engine_config() {
    wasmtime::Config config;
    config.epoch_interruption(true);
    config.max_wasm_stack(stack_limit);
    // Windows are places in linear memory; it must stay where it is.
    config.memory_may_move(false);
    config.wasm_memory64(false);
    config.wasm_multi_memory(false);
    wasmtime_config_gc_support_set(config.capi(), false);
    return config;
}

std::string first_line(std::string_view text) {
    return std::string(text.substr(0, text.find('\n')));
}

std::string_view trimmed(std::string_view text) {
    const auto start = std::min(text.find_first_not_of(" \n"), text.size());
    return text.substr(start, text.find_last_not_of(" \n") + 1 - start);
}

/// The engine's message is where, then "Caused by:", then what: a line, or several with numbers of which the
/// last is the cause and the others are details. Where is ours to print.
std::string cause_of(const std::string& message) {
    constexpr std::string_view heading = "Caused by:", trap = "wasm trap: ";
    const auto at = message.rfind(heading);
    if (at == message.npos)
        return first_line(message);
    std::vector<std::string> causes;
    std::istringstream lines(message.substr(at + heading.size()));
    for (std::string line; std::getline(lines, line);) {
        auto text = trimmed(line);
        const auto digits = std::min(text.find_first_not_of("0123456789"), text.size());
        if (digits > 0 && text.substr(digits).starts_with(": "))
            text.remove_prefix(digits + 2);
        if (text.starts_with(trap))
            text.remove_prefix(trap.size());
        if (!text.empty())
            causes.emplace_back(text);
    }
    if (causes.empty())
        return first_line(message);
    return causes.size() == 1 ? causes[0] : fmt::format("{}: {}", causes.back(), causes.front());
}

/// Which import cannot be satisfied, and why.
std::string link_failure(const std::string& message) {
    const auto cause = cause_of(message);
    const auto import = first_line(message);
    return cause == import ? import : import + ": " + cause;
}

/// Of a message of the Rust library that names one: "File too large (os error 27)".
int errno_in(const std::string& message) {
    constexpr std::string_view before = "(os error ";
    const auto at = message.rfind(before);
    int number = 0;
    if (at != message.npos)
        std::from_chars(message.data() + at + before.size(), message.data() + message.size(), number);
    return number;
}

Error instantiation_error(const std::string& message, const std::string& where) {
    const auto cause = link_failure(message);
    if (cause.find("mmap failed to reserve") != cause.npos)
        return address_space_error(where);
    if (cause.find("cannot create a memfd") != cause.npos) // without its errno
        return {Fault::environment, where, "the memory of the guest cannot be made: " + errno_text(EMFILE),
                resource_hint(EMFILE)};
    if (const int number = errno_in(cause))
        return {Fault::environment, where, "the memory of the guest cannot be made: " + errno_text(number),
                resource_hint(number)};
    return {Fault::input, where, "cannot be linked: " + cause,
            cause.find("limits") != cause.npos
                ? "--limit memory=SIZE or tables=NUMBER, if it may have that much"
                : "a newer ecc-run, if the module was built for one"};
}

std::string backtrace_of(const wasmtime::Trap& trap) {
    std::string text;
    std::size_t number = 0;
    for (const auto& frame : trap.trace()) {
        if (number == shown_frames)
            return text + "\n    ...";
        const auto name = frame.func_name();
        text += fmt::format("\n    {}: {} (at {:#x})", number++,
                            name ? std::string(*name) : fmt::format("function {}", frame.func_index()),
                            frame.module_offset());
    }
    return text;
}

/// `cause` is what is known beyond the engine's own message, or null. Without `error` the guest ended
/// meanwhile.
void report_trap(const std::optional<wasmtime::TrapError>& error, const Run& run, const char* cause) {
    auto what = "the program trapped: " + (cause != nullptr ? cause : cause_of(error->message()));
    if (const auto* trap = error ? std::get_if<wasmtime::Trap>(&error->data) : nullptr)
        what += backtrace_of(*trap);
    run.policy.diagnostics->error({Fault::input, run.where, what, {}});
}

/// Of a load or store that the pages do not permit.
std::optional<std::uint64_t> fault_address(const std::string& message) {
    constexpr std::string_view before = "memory fault at wasm address 0x";
    const auto at = message.find(before);
    std::uint64_t address = 0;
    if (at == message.npos)
        return std::nullopt;
    const auto* digits = message.data() + at + before.size();
    const auto parsed = std::from_chars(digits, message.data() + message.size(), address, 16);
    return parsed.ec == std::errc() ? std::optional(address) : std::nullopt;
}

class Guest {
public:
    explicit Guest(const Run& run) : run_(run), engine_(engine_config()), store_(engine_), linker_(engine_) {}

    Result<int> run();

private:
    Result<wasmtime::Module> compile();
    Result<> link(Session& session);
    std::span<std::uint8_t> memory();
    Result<int> start(const wasmtime::Module& module, Session& session);
    std::optional<wasmtime::Func> start_function();
    int status_of(const std::optional<wasmtime::TrapError>& failure, const Session& session);
    void report_out_of_cpu() const;
    const char* known_cause(const std::optional<wasmtime::TrapError>& failure);

    const Run& run_;
    WindowGuard guard_{[this] { engine_.increment_epoch(); }};
    wasmtime::Engine engine_;
    wasmtime::Store store_;
    wasmtime::Linker linker_;
    std::optional<wasmtime::Instance> instance_;
    std::optional<wasmtime::Memory> memory_;
    std::optional<WasiHost> wasi_;
    std::optional<EccHost> ecc_;
    std::optional<WasmBpfHost> wasm_bpf_;
};

Result<wasmtime::Module> Guest::compile() {
    const Timer timer(run_.stats->compile);
    const auto key = code_cache_key(run_.wasm);
    auto cached = run_.cache.find(engine_, key);
    run_.stats->from_cache = cached.has_value();
    if (cached)
        return std::move(*cached);
    const wasmtime::Span<std::uint8_t> code(const_cast<std::uint8_t*>(run_.wasm.data()), run_.wasm.size());
    auto module = wasmtime::Module::compile(engine_, code);
    if (!module)
        return input_error(run_.where, "not a valid Wasm module: " + cause_of(module.err().message()),
                           "pulling or building it again");
    run_.cache.keep(module.ok_ref(), key);
    return module.ok();
}

Result<> Guest::link(Session& session) {
    ECC_CHECK(wasi_.emplace(session, engine_).link(linker_));
    ECC_CHECK(ecc_.emplace(session).link(linker_));
    return wasm_bpf_.emplace(session).link(linker_);
}

std::span<std::uint8_t> Guest::memory() {
    if (!memory_)
        return {};
    const auto data = memory_->data(store_);
    return {data.data(), data.size()};
}

std::optional<wasmtime::Func> Guest::start_function() {
    auto exported = instance_->get(store_, "_start");
    auto* function = exported ? std::get_if<wasmtime::Func>(&*exported) : nullptr;
    if (function == nullptr || !function->typed<std::monostate, std::monostate>(store_))
        return std::nullopt;
    return *function;
}

Result<int> Guest::start(const wasmtime::Module& module, Session& session) {
    store_.context().set_epoch_deadline(1);
    auto instance = linker_.instantiate(store_, module);
    if (!instance) {
        auto error = instance.err();
        if (std::holds_alternative<wasmtime::Trap>(error.data))
            return status_of(std::move(error), session);
        return std::unexpected(instantiation_error(error.message(), run_.where));
    }
    instance_ = instance.ok();
    auto exported = instance_->get(store_, "memory");
    if (auto* memory = exported ? std::get_if<wasmtime::Memory>(&*exported) : nullptr)
        memory_ = *memory;
    const auto function = start_function();
    if (!memory_ || !function)
        return input_error(run_.where, fmt::format("exports no {}", memory_ ? "function _start" : "memory"),
                           "a WASI command module, as ecc makes them; one that was cut off lacks it");
    auto outcome = function->call(store_, {});
    if (outcome)
        return status_of(std::nullopt, session);
    return status_of(outcome.err(), session);
}

/// The engine takes a store to a window that is within its memory for one out of bounds.
const char* Guest::known_cause(const std::optional<wasmtime::TrapError>& failure) {
    if (guard_.poisoned() != nullptr || !failure)
        return guard_.poisoned();
    const auto address = fault_address(failure->message());
    const auto all = memory();
    const bool within_window = address && *address < all.size() && guard_.covers(all.subspan(*address, 1));
    return within_window ? forbidden_write : nullptr;
}

int Guest::status_of(const std::optional<wasmtime::TrapError>& failure, const Session& session) {
    const bool poisoned = guard_.poisoned() != nullptr;
    const bool trapped = poisoned || (failure && !wasi_->exit_status() && !session.signals.ending());
    if (trapped)
        report_trap(failure, run_, known_cause(failure));
    if (failure && session.signals.out_of_cpu())
        report_out_of_cpu();
    // As timeout(1) has it, whatever the program made of the signal.
    if (session.signals.timed_out())
        return status_timeout;
    if (trapped)
        return status_trap;
    if (wasi_->exit_status())
        return *wasi_->exit_status();
    return failure ? session.signals.end_status() : 0;
}

void Guest::report_out_of_cpu() const {
    const auto& policy = run_.policy;
    policy.diagnostics->error(limit_reached(limit_kind(&Limits::cpu), policy.limits.cpu, run_.where));
}

std::optional<std::chrono::milliseconds> cpu_time(const Limits& limits) {
    if (limits.cpu == no_limit)
        return std::nullopt;
    return std::chrono::milliseconds(limits.cpu);
}

Result<int> Guest::run() {
    ECC_TRY(const auto module, compile());
    const auto& limits = run_.policy.limits;
    store_.limiter(static_cast<std::int64_t>(std::min(limits.memory, largest_memory)),
                   static_cast<std::int64_t>(std::min(limits.tables, largest_table)), most_instances,
                   most_tables, 1);
    ECC_CHECK(configure_wasi(store_, run_.arguments, run_.policy.permissions));
    ECC_TRY(const auto signals, Signals::start({.guest_takes_signals = run_.module->takes_signals,
                                                .timeout = run_.startup->finish(),
                                                .interrupt = [this] { engine_.increment_epoch(); },
                                                .cpu_time = cpu_time(limits),
                                                .report_out_of_cpu = [this] { report_out_of_cpu(); }}));
    Session session(run_.module->package ? &*run_.module->package : nullptr, run_.policy,
                    GuestMemory([this] { return memory(); }, &guard_), guard_, *signals, *run_.stats);
    ECC_CHECK(link(session));
    ECC_CHECK(start_wasi(store_, linker_));
    ECC_CHECK(limit_open_files(limits.files));
    const Timer timer(run_.stats->run);
    auto status = start(module, session);
    signals->finish();
    run_.stats->linear_memory = memory().size();
    return status;
}

} // namespace

Result<int> run_guest(const Run& run) {
    return Guest(run).run();
}

} // namespace ecc
