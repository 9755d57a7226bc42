#include "runtime-min/wasi.h"

#include "runtime-min/linking.h"
#include "runtime-min/resource_hint.h"
#include "runtime-min/thread.h"
#include "runtime-min/wasi_poll.h"
#include "support/files.h"

#include <cstdlib>
#include <fcntl.h>
#include <fmt/format.h>

namespace ecc {

namespace {

/// What its runtime opens (an epoll, an event and two sockets), and some more.
constexpr std::size_t descriptors_of_wasi = 8;
constexpr const char* wasi_module = "wasi_snapshot_preview1";

std::vector<std::pair<std::string, std::string>> environment_of(const Permissions& permissions) {
    std::vector<std::pair<std::string, std::string>> environment;
    for (const auto& name : permissions.environment) {
        if (const char* value = std::getenv(name.c_str()))
            environment.emplace_back(name, value);
    }
    return environment;
}

/// `ciovec` of the specification.
struct Part {
    std::uint32_t address;
    std::uint32_t length;
};
/// A call that takes more writes the first of them and says how much that was.
constexpr std::uint32_t most_parts = 64;

std::int32_t wasi_errno(int negated) {
    switch (-negated) {
    case EPIPE:
        return wasi_pipe;
    case ENOSPC:
        return wasi_nospc;
    case EBADF:
        return wasi_badf;
    case EFAULT:
        return wasi_fault;
    case EINVAL:
        return wasi_inval;
    default:
        return wasi_io;
    }
}

/// What `start_wasi` is about to make can be made now.
Result<> check_room_for_wasi() {
    std::array<FileDescriptor, descriptors_of_wasi> room;
    for (auto& one : room) {
        one = FileDescriptor(::fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 0));
        if (!one)
            return environment_error("", "cannot start WASI: " + errno_text(errno), resource_hint(errno));
    }
    ECC_TRY(auto thread, start_thread("start WASI", [] {}));
    thread.join();
    return {};
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

Result<> start_wasi(wasmtime::Store& store, wasmtime::Linker& linker) {
    ECC_CHECK(check_room_for_wasi());
    // Not one for every CPU: only one guest waits for them.
    ::setenv("TOKIO_WORKER_THREADS", "1", 1);
    // Fails for want of a memory, with the runtime made in which it would have been called.
    const auto found = linker.get(store, wasi_module, "fd_sync");
    if (const auto* sync = found ? std::get_if<wasmtime::Func>(&*found) : nullptr)
        static_cast<void>(sync->call(store, {std::int32_t{-1}}));
    return {};
}

std::optional<std::string> WasiHost::take_trap() {
    if (exit_status_)
        return "exited";
    return session_.end_reason();
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
    ECC_CHECK(link_output(linker));
    linker.allow_shadowing(false);
    return {};
}

Result<> WasiHost::link_output(wasmtime::Linker& linker) {
    using Outcome = WasiPassage::Outcome;
    using wasmtime::Caller;
    const auto pass = [this](Caller& caller, const auto& call) -> Outcome {
        const auto* passage = this->passage(caller);
        return passage != nullptr ? call(*passage, caller.context()) : Outcome(wasi_badf);
    };
    auto write = [=, this](Caller caller, std::uint32_t fd, std::uint32_t parts, std::uint32_t count,
                           std::uint32_t written) -> Outcome {
        if (!output_.has(fd))
            return pass(caller, [&](const WasiPassage& passage, auto store) {
                return passage.fd_write(store, fd, parts, count, written);
            });
        const auto result = write_output(fd, parts, count, written);
        if (output_.exhausted())
            return wasmtime::Trap(
                limit_reached(limit_kind(&Limits::output), session_.limits().output, "").what);
        if (auto trap = take_trap())
            return wasmtime::Trap(*trap);
        return result;
    };
    auto renumber = [=, this](Caller caller, std::uint32_t from, std::uint32_t to) -> Outcome {
        output_.forget(from);
        output_.forget(to);
        return pass(caller, [&](const WasiPassage& passage, auto store) {
            return passage.fd_renumber(store, from, to);
        });
    };
    auto close = [=, this](Caller caller, std::uint32_t fd) -> Outcome {
        output_.forget(fd);
        return pass(caller,
                    [&](const WasiPassage& passage, auto store) { return passage.fd_close(store, fd); });
    };
    auto defined = linker.func_wrap(wasi_module, "fd_write", std::move(write));
    if (defined)
        defined = linker.func_wrap(wasi_module, "fd_renumber", std::move(renumber));
    if (defined)
        defined = linker.func_wrap(wasi_module, "fd_close", std::move(close));
    if (!defined)
        return environment_error("", "cannot define WASI's output: " + defined.err().message());
    return {};
}

const WasiPassage* WasiHost::passage(wasmtime::Caller& caller) {
    if (passage_)
        return &*passage_;
    auto exported = caller.get_export("memory");
    const auto* memory = exported ? std::get_if<wasmtime::Memory>(&*exported) : nullptr;
    if (memory == nullptr)
        return nullptr;
    auto opened = WasiPassage::open(engine_, caller.context(), *memory);
    if (!opened)
        return nullptr;
    return &passage_.emplace(*std::move(opened));
}

std::int32_t WasiHost::write_output(std::uint32_t fd, std::uint32_t parts, std::uint32_t count,
                                    std::uint32_t written) {
    std::array<Part, most_parts> wanted{};
    count = std::min(count, most_parts);
    const auto bytes = session_.memory.input(parts, count * sizeof(Part));
    if (!bytes)
        return wasi_fault;
    std::memcpy(wanted.data(), bytes->data(), bytes->size());
    std::array<iovec, most_parts> vectors{};
    for (std::uint32_t i = 0; i < count; ++i) {
        const auto part = session_.memory.input(wanted[i].address, wanted[i].length);
        if (!part)
            return wasi_fault;
        vectors[i] = {const_cast<std::uint8_t*>(part->data()), part->size()};
    }
    const auto length = output_.write(fd, std::span(vectors).first(count));
    if (!length)
        return wasi_errno(length.error());
    const auto stated = static_cast<std::uint32_t>(*length);
    std::array<std::uint8_t, sizeof stated> out;
    std::memcpy(out.data(), &stated, sizeof stated);
    return session_.memory.copy_out(written, out) ? wasi_success : wasi_fault;
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
