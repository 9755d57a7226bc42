/* SPDX-License-Identifier: Apache-2.0 */
/*
 * System calls by number: perf_event_open(2) alone, which BPF tools have no other way to call. The numbers are x86-64's
 * and mean nothing to the host.
 *
 * syscall(SYS_perf_event_open, attr, pid, cpu, group_fd, flags) returns a number for bpf_program__attach_perf_event(),
 * nothing else: the event is opened when a program is attached, with the type, the configuration and the sample period
 * or frequency of `attr`; whether it exists shows then. Group and flags are not used. EOPNOTSUPP: tracepoints, probes
 * and breakpoints, which have attach functions of their own.
 */
#ifndef ECC_SYS_SYSCALL_H
#define ECC_SYS_SYSCALL_H

#define __NR_perf_event_open 298
#define SYS_perf_event_open __NR_perf_event_open

#ifdef __cplusplus
extern "C" {
#endif

/* -1 with ENOSYS for any other number. */
long syscall(long number, ...);

#ifdef __cplusplus
}
#endif

#endif /* ECC_SYS_SYSCALL_H */
