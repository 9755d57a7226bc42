#include "runtime-min/wasi.h"

#include "runtime-min/linking.h"
#include "runtime-min/wasi_poll.h"

#include <cstdlib>
#include <fmt/format.h>

namespace ecc {

namespace {

constexpr const char* wasi_module = "wasi_snapshot_preview1";

std::vector<std::pair<std::string, std::string>> environment_of(const Permissions& permissions) {
    std::vector<std::pair<std::string, std::string>> environment;
    for (const auto& name : permissions.environment) {
        if (const char* value = std::getenv(name.c_str()))
            environment.emplace_back(name, value);
    }
    return environment;
}

} // namespace

Result<> configure_wasi(wasmtime::Store& store, const std::vector<std::string>& arguments,
                        const Permissions& permissions) {
    wasmtime::WasiConfig config;
    config.argv(arguments);
    config.env(environment_of(permissions));
    config.inherit_stdin();
    config.inherit_stdout();
    config.inherit_stderr();
    for (const auto& folder : permissions.files) {
        if (!config.preopen_dir(folder.path, folder.path, folder.writable))
            return environment_error(folder.path, "cannot be opened as a folder",
                                     "--allow files=DIR with a folder that exists");
    }
    if (auto set = store.context().set_wasi(std::move(config)); !set)
        return environment_error("", "cannot set up WASI: " + set.err().message());
    return {};
}

std::optional<std::string> WasiHost::take_trap() {
    if (exit_status_)
        return "exited";
    if (session_.signals.ending())
        return "ended by a signal";
    return std::nullopt;
}

Result<> WasiHost::link(wasmtime::Linker& linker) {
    linker.allow_shadowing(true);
    if (auto defined = linker.define_wasi(); !defined)
        return environment_error("", "cannot define WASI: " + defined.err().message());
    ECC_CHECK(link_method(linker, wasi_module, "poll_oneoff", *this, &WasiHost::poll_oneoff));
    ECC_CHECK(link_method(linker, wasi_module, "clock_time_get", *this, &WasiHost::clock_time_get));
    auto exit = [this](std::uint32_t status) -> wasmtime::Result<std::monostate, wasmtime::Trap> {
        exit_status_ = static_cast<int>(status & 0xff);
        return wasmtime::Trap("exited");
    };
    if (auto defined = linker.func_wrap(wasi_module, "proc_exit", std::move(exit)); !defined)
        return environment_error("", "cannot define proc_exit: " + defined.err().message());
    linker.allow_shadowing(false);
    return {};
}

OrErrno<std::int32_t> WasiHost::poll_oneoff(std::uint32_t in, std::uint32_t out, std::uint32_t count,
                                            std::uint32_t event_count) {
    return wasi_poll_oneoff(session_.memory, session_.signals, in, out, count, event_count);
}

OrErrno<std::int32_t> WasiHost::clock_time_get(std::uint32_t clock, std::uint64_t, std::uint32_t time) {
    const auto now = wasi_clock_now(clock);
    if (!now)
        return wasi_inval;
    std::array<std::uint8_t, sizeof *now> bytes;
    std::memcpy(bytes.data(), &*now, sizeof *now);
    return session_.memory.copy_out(time, bytes) ? wasi_success : wasi_fault;
}

} // namespace ecc
