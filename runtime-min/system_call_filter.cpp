#include "runtime-min/system_call_filter.h"

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <vector>

namespace ecc {

namespace {

#if defined(__x86_64__)
constexpr std::uint32_t architecture = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr std::uint32_t architecture = AUDIT_ARCH_AARCH64;
#elif defined(__riscv)
constexpr std::uint32_t architecture = AUDIT_ARCH_RISCV64;
#endif

/// Jumps reach 255 instructions.
constexpr std::size_t number_limit = 200;

sock_filter statement(unsigned code, std::uint32_t value) {
    return {static_cast<std::uint16_t>(code), 0, 0, value};
}

sock_filter jump_if_equal(std::uint32_t value, std::size_t then, std::size_t otherwise) {
    return {BPF_JMP | BPF_JEQ | BPF_K, static_cast<std::uint8_t>(then), static_cast<std::uint8_t>(otherwise),
            value};
}

} // namespace

bool allow_system_calls(std::span<const int> numbers) {
    if (numbers.size() > number_limit)
        return false;
    const auto kill = statement(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS);
    const auto refuse = statement(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM);
    const auto allow = statement(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    // A call of another architecture has other numbers.
    std::vector program{statement(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, arch)),
                        jump_if_equal(architecture, 1, 0), kill,
                        statement(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr))};
    for (std::size_t i = 0; i < numbers.size(); ++i)
        program.push_back(jump_if_equal(static_cast<std::uint32_t>(numbers[i]), numbers.size() - i, 0));
    program.push_back(refuse);
    program.push_back(allow);
    const sock_fprog filter{static_cast<unsigned short>(program.size()), program.data()};
    return ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
           ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) == 0;
}

} // namespace ecc
