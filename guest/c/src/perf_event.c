/* SPDX-License-Identifier: Apache-2.0 */
/* perf_event_open(2) as far as BPF programs need it: the event is opened when a program is attached to it. */
#include <errno.h>
#include <linux/perf_event.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/syscall.h>

#include "internal.h"

enum {
	max_events = 4096, /* one per CPU and event */
	/* Below the numbers of cgroups (cgroup.c), far above WASI's descriptors. */
	first_event = ECC_HANDLE_FIRST - 65536,
};

static struct ecc_attach_opts *events;
static int event_count;
static int event_capacity;

const struct ecc_attach_opts *ecc_perf_event(int fd)
{
	int index = fd - first_event;

	return index >= 0 && index < event_count ? &events[index] : NULL;
}

static int grow(void)
{
	int capacity = event_capacity ? 2 * event_capacity : 16;

	if (event_count == max_events)
		return ecc_fail(-EMFILE);

	struct ecc_attach_opts *larger = realloc(events, (size_t)capacity * sizeof(*events));

	if (!larger)
		return ecc_fail(-ENOMEM);
	events = larger;
	event_capacity = capacity;
	return 0;
}

static int open_event(const struct perf_event_attr *attr, int pid, int cpu)
{
	if (attr->type != PERF_TYPE_HARDWARE && attr->type != PERF_TYPE_SOFTWARE && attr->type != PERF_TYPE_HW_CACHE)
		return ecc_fail(-EOPNOTSUPP);
	if (event_count == event_capacity && grow())
		return -1;
	events[event_count] = (struct ecc_attach_opts){
		.size = sizeof(*events),
		.kind = ECC_ATTACH_PERF_EVENT,
		.flags = attr->freq ? ECC_ATTACH_FREQUENCY : 0,
		.pid = pid,
		.cpu = cpu,
		.perf_type = attr->type,
		.perf_config = attr->config,
		.perf_period = attr->sample_period,
	};
	return first_event + event_count++;
}

long syscall(long number, ...)
{
	if (number != SYS_perf_event_open) {
		errno = ENOSYS;
		return -1;
	}

	va_list arguments;

	va_start(arguments, number);

	const struct perf_event_attr *attr = va_arg(arguments, const struct perf_event_attr *);
	int pid = va_arg(arguments, int);
	int cpu = va_arg(arguments, int);

	va_end(arguments);

	int fd = open_event(attr, pid, cpu);

	return fd < 0 ? -1 : fd;
}
