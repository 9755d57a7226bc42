/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sleeping that signals end. sleep(), usleep(), nanosleep() and C++'s sleep_for() all come down to clock_nanosleep();
 * this one stands before wasi-libc's in the order of linking.
 */
#include <errno.h>
#include <time.h>
#include <wasi/api.h>

#include "internal.h"

enum { ns_per_ms = 1000000 };

static const uint64_t ns_per_second = 1000000000;
static const uint64_t longest_wait_ms = 0x7fffffff;

static uint64_t now(__wasi_clockid_t clock)
{
	__wasi_timestamp_t ns = 0;

	(void)__wasi_clock_time_get(clock, 1, &ns);
	return ns;
}

/* Less than the host's unit of a millisecond: no signal needs to be noticed in that time. */
static void wait_shortly(uint64_t ns)
{
	__wasi_subscription_t subscription = {
		.u.tag = __WASI_EVENTTYPE_CLOCK,
		.u.u.clock.id = __WASI_CLOCKID_MONOTONIC,
		.u.u.clock.timeout = ns,
	};
	__wasi_event_t event;
	__wasi_size_t count;

	(void)__wasi_poll_oneoff(&subscription, &event, 1, &count);
}

static void wait_until(uint64_t deadline, int *interrupted)
{
	for (uint64_t time = now(__WASI_CLOCKID_MONOTONIC); time < deadline && !*interrupted;
	     time = now(__WASI_CLOCKID_MONOTONIC)) {
		uint64_t ms = (deadline - time) / ns_per_ms;

		if (!ms)
			wait_shortly(deadline - time);
		else
			*interrupted = ecc_wait(NULL, 0, (int)(ms < longest_wait_ms ? ms : longest_wait_ms)) < 0;
	}
}

static uint64_t to_ns(const struct timespec *time)
{
	uint64_t seconds = (uint64_t)time->tv_sec;

	return seconds > UINT64_MAX / ns_per_second - 1 ? UINT64_MAX : seconds * ns_per_second + (uint64_t)time->tv_nsec;
}

static void to_timespec(uint64_t ns, struct timespec *time)
{
	time->tv_sec = (time_t)(ns / ns_per_second);
	time->tv_nsec = (long)(ns % ns_per_second);
}

static uint64_t add(uint64_t a, uint64_t b)
{
	return a > UINT64_MAX - b ? UINT64_MAX : a + b;
}

int clock_nanosleep(clockid_t clock, int flags, const struct timespec *request, struct timespec *remaining)
{
	if (request->tv_sec < 0 || request->tv_nsec < 0 || (uint64_t)request->tv_nsec >= ns_per_second)
		return EINVAL;

	uint64_t wanted = to_ns(request);
	uint64_t start = now(__WASI_CLOCKID_MONOTONIC);
	int interrupted = 0;

	if (flags & TIMER_ABSTIME) {
		uint64_t time = now(clock == CLOCK_REALTIME ? __WASI_CLOCKID_REALTIME : __WASI_CLOCKID_MONOTONIC);

		wanted = wanted > time ? wanted - time : 0;
	}
	ecc_sync_windows();
	wait_until(add(start, wanted), &interrupted);
	ecc_sync_windows();
	ecc_deliver_signals();
	if (!interrupted)
		return 0;

	uint64_t slept = now(__WASI_CLOCKID_MONOTONIC) - start;

	if (remaining && !(flags & TIMER_ABSTIME))
		to_timespec(slept < wanted ? wanted - slept : 0, remaining);
	return EINTR;
}
