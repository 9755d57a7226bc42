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

/// BPF_MAXINSNS, divided by what one rule takes.
constexpr std::size_t rule_limit = 600;

sock_filter statement(unsigned code, std::uint32_t value) {
    return {static_cast<std::uint16_t>(code), 0, 0, value};
}

sock_filter load_word(std::size_t offset) {
    return statement(BPF_LD | BPF_W | BPF_ABS, static_cast<std::uint32_t>(offset));
}

/// Passes `skipped` instructions over if the word is another.
sock_filter unless_equal(std::uint32_t value, std::uint8_t skipped) {
    return {BPF_JMP | BPF_JEQ | BPF_K, 0, skipped, value};
}

sock_filter end_with(const SystemCallRule& rule) {
    return statement(BPF_RET | BPF_K, rule.answer == SystemCallRule::performed
                                          ? SECCOMP_RET_ALLOW
                                          : SECCOMP_RET_ERRNO | static_cast<std::uint32_t>(rule.answer));
}

void append(std::vector<sock_filter>& program, const SystemCallRule& rule) {
    const auto number = static_cast<std::uint32_t>(rule.number);
    program.push_back(load_word(offsetof(seccomp_data, nr)));
    if (rule.mask == 0) {
        program.push_back(unless_equal(number, 1));
    } else {
        program.push_back(unless_equal(number, 4));
        program.push_back(load_word(offsetof(seccomp_data, args) + rule.argument * sizeof(std::uint64_t)));
        program.push_back(statement(BPF_ALU | BPF_AND | BPF_K, rule.mask));
        program.push_back(unless_equal(rule.value, 1));
    }
    program.push_back(end_with(rule));
}

} // namespace

bool filter_system_calls(std::span<const SystemCallRule> rules) {
    if (rules.size() > rule_limit) {
        errno = E2BIG;
        return false;
    }
    // A call of another architecture has other numbers.
    std::vector program{load_word(offsetof(seccomp_data, arch)), unless_equal(architecture, 1),
                        sock_filter{BPF_JMP | BPF_JA, 0, 0, 1},
                        statement(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS)};
    for (const auto& rule : rules)
        append(program, rule);
    program.push_back(end_with({.answer = EPERM}));
    const sock_fprog filter{static_cast<unsigned short>(program.size()), program.data()};
    return ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
           ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) == 0;
}

} // namespace ecc
