/* SPDX-License-Identifier: Apache-2.0 */
/*
 * signal(), raise() and sigaction() over the host's signal_take(). wasi-libc's emulation is not used: its default
 * action prints to standard error and aborts, where a program ended by a signal has status 128 + its number.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdlib.h>

#include "internal.h"

enum { signal_count = _NSIG };

static void (*handlers[signal_count])(int);
static unsigned int handler_flags[signal_count];

/* SIG_IGN and SIG_ERR are addresses of functions on Wasm. */
void __SIG_IGN(int signum)
{
	(void)signum;
}

void __SIG_ERR(int signum)
{
	(void)signum;
	__builtin_trap();
}

static bool is_signal(int signum)
{
	return signum > 0 && signum < signal_count;
}

static bool can_be_handled(int signum)
{
	return is_signal(signum) && signum != SIGKILL && signum != SIGSTOP;
}

static void take_default_action(int signum)
{
	if (signum == SIGCHLD || signum == SIGCONT || signum == SIGURG || signum == SIGWINCH)
		return;
	_Exit(128 + signum);
}

int raise(int signum)
{
	if (!is_signal(signum)) {
		errno = EINVAL;
		return -1;
	}

	void (*handler)(int) = handlers[signum];

	if (!handler) {
		take_default_action(signum);
		return 0;
	}
	if (handler_flags[signum] & SA_RESETHAND)
		handlers[signum] = SIG_DFL;
	handler(signum);
	return 0;
}

int sigaction(int signum, const struct sigaction *action, struct sigaction *old)
{
	if (!can_be_handled(signum) || (action && action->sa_flags & SA_SIGINFO)) {
		errno = EINVAL;
		return -1;
	}
	if (old)
		*old = (struct sigaction){ .sa_handler = handlers[signum], .sa_flags = handler_flags[signum] };
	if (action) {
		handlers[signum] = action->sa_handler;
		handler_flags[signum] = action->sa_flags;
	}
	return 0;
}

void (*signal(int signum, void (*handler)(int)))(int)
{
	struct sigaction action = { .sa_handler = handler, .sa_flags = SA_RESTART };
	struct sigaction old;

	return sigaction(signum, &action, &old) ? SIG_ERR : old.sa_handler;
}

void (*bsd_signal(int signum, void (*handler)(int)))(int)
{
	return signal(signum, handler);
}

void (*__sysv_signal(int signum, void (*handler)(int)))(int);
void (*__sysv_signal(int signum, void (*handler)(int)))(int)
{
	return signal(signum, handler);
}

void ecc_deliver_signals(void)
{
	int saved_errno = errno;

	for (int signum = ecc_signal_take(); signum > 0; signum = ecc_signal_take())
		raise(signum);
	errno = saved_errno;
}
