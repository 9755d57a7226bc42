/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Signals for BPF user parts. WASI has none; the runtime reports those that it received, and this library runs the
 * handler at the next call that waits (ring_buffer__poll, sleep, nanosleep …), which then fails with EINTR as on
 * Linux. Without a handler the default action ends the program with status 128 + signal.
 */
#ifndef ECC_SIGNAL_H
#define ECC_SIGNAL_H

#ifndef _WASI_EMULATED_SIGNAL
#define _WASI_EMULATED_SIGNAL
#endif
#include_next <signal.h>
#include <sys/types.h>

#ifdef __cplusplus
extern "C" {
#endif

#define SA_NOCLDSTOP 1
#define SA_NOCLDWAIT 2
#define SA_SIGINFO 4 /* refused with EINVAL: there is nothing to put in a siginfo_t */
#define SA_RESTART 0x10000000 /* accepted; a wait for events is not restarted, as on Linux */
#define SA_NODEFER 0x40000000
#define SA_RESETHAND 0x80000000


struct sigaction {
	void (*sa_handler)(int);
	sigset_t sa_mask; /* without effect: handlers never nest */
	unsigned int sa_flags;
};

int sigaction(int signum, const struct sigaction *action, struct sigaction *old);

/* A set is a placeholder (one byte in wasi-libc): these only let programs that fill sa_mask compile. */
static inline int sigemptyset(sigset_t *set)
{
	*set = 0;
	return 0;
}

static inline int sigfillset(sigset_t *set)
{
	*set = (sigset_t)~0;
	return 0;
}

#ifdef __cplusplus
}
#endif

#endif /* ECC_SIGNAL_H */
