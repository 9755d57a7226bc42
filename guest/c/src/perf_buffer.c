/* SPDX-License-Identifier: Apache-2.0 */
/* libbpf's perf buffers: the host copies the samples of all CPUs into one buffer, framed as struct ecc_perf_record. */
#include <errno.h>
#include <stdlib.h>

#include "internal.h"

enum {
	buffer_size = 2 * ECC_WINDOW_ALIGN,
	waits_forever = -1,
	does_not_wait = 0,
};

struct perf_buffer {
	perf_buffer_sample_fn sample_cb;
	perf_buffer_lost_fn lost_cb;
	void *ctx;
	ecc_handle_t map;
	char *records;
};

static struct perf_buffer *allocate(void)
{
	struct perf_buffer *pb = calloc(1, sizeof(*pb));

	if (pb)
		pb->records = malloc(buffer_size);
	if (pb && pb->records)
		return pb;
	free(pb);
	errno = ENOMEM;
	return NULL;
}

struct perf_buffer *perf_buffer__new(int map_fd, size_t page_cnt, perf_buffer_sample_fn sample_cb,
				     perf_buffer_lost_fn lost_cb, void *ctx, const struct perf_buffer_opts *opts)
{
	struct perf_buffer *pb;

	if (opts && opts->sz < sizeof(opts->sz)) {
		errno = EINVAL;
		return NULL;
	}
	if (!page_cnt || page_cnt & (page_cnt - 1)) {
		ecc_warn("page count should be power of two", NULL);
		errno = EINVAL;
		return NULL;
	}
	pb = allocate();
	if (!pb)
		return NULL;
	pb->map = map_fd;
	pb->sample_cb = sample_cb;
	pb->lost_cb = lost_cb;
	pb->ctx = ctx;

	int err = ecc_result(ecc_perfbuf_open(map_fd, page_cnt));

	if (!err)
		return pb;
	ecc_warn_error(err, "failed to open the map's perf buffers", NULL);
	free(pb->records);
	free(pb);
	errno = -err;
	return NULL;
}

void perf_buffer__free(struct perf_buffer *pb)
{
	if (!pb)
		return;
	(void)ecc_perfbuf_close(pb->map);
	free(pb->records);
	free(pb);
}

/* Returns how often the next sample is of another CPU than the one before: the number of CPUs, for the host takes one
 * after the other. */
static int process(const struct perf_buffer *pb, int length)
{
	int64_t cpu = -1;
	int cpus = 0;

	for (int at = 0; at < length;) {
		const struct ecc_perf_record *record = (const struct ecc_perf_record *)(pb->records + at);

		cpus += record->cpu != cpu;
		cpu = record->cpu;
		if (record->lost_before && pb->lost_cb)
			pb->lost_cb(pb->ctx, (int)record->cpu, record->lost_before);
		if (pb->sample_cb)
			pb->sample_cb(pb->ctx, (int)record->cpu, (void *)(record + 1), record->length);
		at += (int)(sizeof(*record) + (record->length + 7) / 8 * 8);
	}
	return cpus;
}

static int read_all(const struct perf_buffer *pb, int timeout_ms)
{
	int total = 0;

	ecc_sync_windows();
	for (;;) {
		int length = ecc_from_linux(ecc_perfbuf_acquire(pb->map, pb->records, buffer_size, timeout_ms));

		if (length < 0 && !total)
			total = length;
		if (length <= 0)
			break;
		total += process(pb, length);
		timeout_ms = does_not_wait;
	}
	ecc_sync_windows();
	ecc_deliver_signals();
	return total < 0 ? ecc_fail(total) : total;
}

int perf_buffer__poll(struct perf_buffer *pb, int timeout_ms)
{
	return read_all(pb, timeout_ms < 0 ? waits_forever : timeout_ms);
}

int perf_buffer__consume(struct perf_buffer *pb)
{
	int result = read_all(pb, does_not_wait);

	return result < 0 ? result : 0;
}

int perf_buffer__epoll_fd(const struct perf_buffer *pb)
{
	(void)pb;
	return ecc_fail(-ENOTSUP);
}
