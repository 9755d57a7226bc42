#include "runtime-min/address_space.h"

#include "runtime-min/exit_status.h"

#include <cstdlib>
#include <fmt/format.h>
#include <new>
#include <string>
#include <sys/resource.h>
#include <unistd.h>

namespace ecc {
namespace {

constexpr rlim_t mebibyte = rlim_t{1} << 20;
/// What Wasmtime reserves for a memory that never moves: every address that 32 bits can name, and pages
/// behind them that fault.
constexpr rlim_t of_memory = (rlim_t{1} << 32) + 64 * mebibyte;
/// The program, the stacks and heaps of its threads (malloc reserves 128 MiB for each), what the compiler
/// and libbpf take.
constexpr rlim_t of_runtime = 448 * mebibyte;
constexpr rlim_t needed = of_memory + of_runtime;

pid_t guarded_process = 0;

rlim_t address_limit() {
    rlimit limit{};
    return ::getrlimit(RLIMIT_AS, &limit) == 0 ? limit.rlim_cur : RLIM_INFINITY;
}

std::string what_is_there(rlim_t limit) {
    if (limit == RLIM_INFINITY)
        return "this machine does not give it";
    if (limit < needed)
        return fmt::format("this process is limited to {} MiB of it", limit / mebibyte);
    return fmt::format("compiling it took too much of the {} MiB that this process is limited to",
                       limit / mebibyte);
}

void end_without_memory() {
    constexpr std::string_view message =
        "ecc-run: error: memory or the address space of this process ran out\n"
        "  try: more memory, or a higher limit: ulimit -v unlimited\n";
    // Of a child its parent says what became of it.
    if (::getpid() != guarded_process)
        std::abort();
    static_cast<void>(::write(STDERR_FILENO, message.data(), message.size()));
    ::_exit(status_refused);
}

} // namespace

Result<> check_address_space(std::string_view where) {
    if (address_limit() < needed)
        return std::unexpected(address_space_error(where));
    return {};
}

Error address_space_error(std::string_view where) {
    const auto found = what_is_there(address_limit());
    return {
        Fault::environment, std::string(where),
        fmt::format("it needs {} MiB of address space (not of RAM), {} MiB of them for its memory, and {}",
                    needed / mebibyte, of_memory / mebibyte, found),
        "ulimit -v unlimited, LimitAS=infinity in a systemd unit; --limit memory=SIZE limits what is used"};
}

void end_when_memory_runs_out() {
    guarded_process = ::getpid();
    std::set_new_handler(end_without_memory);
}

} // namespace ecc
