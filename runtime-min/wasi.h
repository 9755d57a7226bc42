// WASI preview 1: Wasmtime's own, except for what must know about signals and the guest's end.
#pragma once

#include "runtime-min/permissions.h"
#include "runtime-min/session.h"
#include "runtime-min/standard_output.h"
#include "runtime-min/wasi_passage.h"

namespace ecc {

/// The guest sees these arguments, standard input and output, and what `permissions` names.
Result<> configure_wasi(wasmtime::Store& store, const std::vector<std::string>& arguments,
                        const Permissions& permissions);

/// Makes what Wasmtime's WASI makes at its first call, a thread and what it waits for: without room for them
/// it would end the process, and by then a guest may have used up the descriptors.
Result<> start_wasi(wasmtime::Store& store, wasmtime::Linker& linker);

/// Functions that take the place of Wasmtime's: waits end at a signal; any exit status is passed on (Wasmtime
/// refuses those above 125); clocks are the system's, so that waiting until a time means the same as reading
/// it; writing to a pipe that nobody reads ends the guest as SIGPIPE does.
class WasiHost {
public:
    WasiHost(Session& session, wasmtime::Engine& engine)
        : session_(session), engine_(engine), output_(session.signals, session.limits().output) {}

    /// Defines all of WASI.
    Result<> link(wasmtime::Linker& linker);
    /// What the guest gave to proc_exit, if it did.
    std::optional<int> exit_status() const { return exit_status_; }
    std::optional<std::string> take_trap();

private:
    OrErrno<std::int32_t> poll_oneoff(std::uint32_t in, std::uint32_t out, std::uint32_t count,
                                      std::uint32_t event_count);
    OrErrno<std::int32_t> clock_time_get(std::uint32_t clock, std::uint64_t precision, std::uint32_t time);

    Result<> link_output(wasmtime::Linker& linker);
    /// Made when it is first needed; null if the guest has no memory.
    const WasiPassage* passage(wasmtime::Caller& caller);
    std::int32_t write_output(std::uint32_t fd, std::uint32_t parts, std::uint32_t count,
                              std::uint32_t written);

    Session& session_;
    wasmtime::Engine& engine_;
    StandardOutput output_;
    std::optional<WasiPassage> passage_;
    std::optional<int> exit_status_;
};

} // namespace ecc
