#include "runtime-min/address_space.h"

#include <fmt/format.h>
#include <sys/resource.h>

namespace ecc {
namespace {

/// What Wasmtime reserves for a memory that never moves: every address that 32 bits can name, and pages
/// behind them that fault.
constexpr rlim_t reserved = (rlim_t{1} << 32) + (rlim_t{64} << 20);

rlim_t address_limit() {
    rlimit limit{};
    return ::getrlimit(RLIMIT_AS, &limit) == 0 ? limit.rlim_cur : RLIM_INFINITY;
}

} // namespace

Result<> check_address_space(std::string_view where) {
    if (address_limit() < reserved)
        return std::unexpected(address_space_error(where));
    return {};
}

Error address_space_error(std::string_view where) {
    const rlim_t limit = address_limit();
    const std::string found = limit == RLIM_INFINITY
                                  ? std::string("this machine does not give it")
                                  : fmt::format("this process is limited to {} MiB of it", limit >> 20);
    return {
        Fault::environment, std::string(where),
        fmt::format("its memory needs {} MiB of address space (not of RAM), and {}", reserved >> 20, found),
        "ulimit -v unlimited, LimitAS=infinity in a systemd unit; --limit memory=SIZE limits what is used"};
}

} // namespace ecc
