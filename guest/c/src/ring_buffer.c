/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Ring buffers whose records are read in place: the host shows the buffer in a window of guest memory and tells which
 * span of it holds records. The framing and who may touch what: ringbuf_acquire in <ecc/host.h>.
 */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>

#include "internal.h"

enum {
	header_size = 8,
	waits_forever = -1,
	does_not_wait = 0,
};

static const uint32_t busy_bit = 1u << 31;
static const uint32_t discard_bit = 1u << 30;

struct ring {
	ring_buffer_sample_fn sample_cb;
	void *ctx;
	char *window;
	int map_fd;
	uint32_t max_entries;
	uint32_t consumed; /* of the last span, not given back yet */
};

struct ring_buffer {
	struct ring **rings;
	struct ecc_wait_item *items;
	unsigned int ring_count;
};

static uint32_t record_size(uint32_t header)
{
	uint32_t length = header & ~(busy_bit | discard_bit);

	return (length + header_size + 7) / 8 * 8;
}

/* Gives the span's records to the callback, up to `limit` of them. Returns how many, or the callback's negative
 * result; `r->consumed` says how far it came. */
static int64_t process_span(struct ring *r, const char *span, uint32_t length, size_t limit)
{
	int64_t count = 0;

	while (length - r->consumed >= header_size && (uint64_t)count < limit) {
		const char *record = span + r->consumed;
		uint32_t header = __atomic_load_n((const uint32_t *)record, __ATOMIC_ACQUIRE);
		uint32_t size = record_size(header);

		if (header & busy_bit || size > length - r->consumed)
			break;
		r->consumed += size;
		if (header & discard_bit)
			continue;

		int err = r->sample_cb(r->ctx, (void *)(record + header_size), header);

		if (err < 0)
			return err;
		count++;
	}
	return count;
}

static int64_t acquire(struct ring *r, int timeout_ms)
{
	int64_t span = ecc_ringbuf_acquire(r->map_fd, r->consumed, timeout_ms);

	r->consumed = 0;
	return span < 0 ? ecc_from_linux((int)span) : span;
}

/* Returns the number of records, at most `limit`, or a negative error. On return all that was consumed is given back,
 * so that the kernel can use the space while the program does other things. */
static int64_t process_ring(struct ring *r, size_t limit, int timeout_ms)
{
	int64_t total = 0;

	for (;;) {
		int64_t span = acquire(r, timeout_ms);

		if (span <= 0)
			return span < 0 && !total ? span : total;

		int64_t count = process_span(r, r->window + (uint32_t)(span >> 32), (uint32_t)span, limit - total);

		if (count > 0)
			total += count;
		if (count < 0 || (uint64_t)total >= limit) {
			(void)acquire(r, does_not_wait);
			return count < 0 ? count : total;
		}
		/* A record that is still being written: its commit ends the next wait. */
		if (!r->consumed)
			return total;
		timeout_ms = does_not_wait;
	}
}

static int to_int(int64_t count)
{
	return count > INT_MAX ? INT_MAX : (int)count;
}

/* Around every call that waits: what the program wrote to its globals before, and what the kernel wrote meanwhile. */
static int finish(int64_t result)
{
	ecc_sync_windows();
	ecc_deliver_signals();
	return result < 0 ? ecc_fail((int)result) : to_int(result);
}

static void free_ring(struct ring *r)
{
	/* Memory that the host still shows something in must not be used again. */
	if (!r->window || ecc_map_munmap(r->map_fd) >= 0)
		free(r->window);
	free(r);
}

static char *map_window(int map_fd, uint32_t max_entries)
{
	uint64_t size = ((uint64_t)max_entries * 2 + ECC_WINDOW_ALIGN - 1) / ECC_WINDOW_ALIGN * ECC_WINDOW_ALIGN;
	struct ecc_mmap_info info = { .size = sizeof(info) };
	char *window = size <= INT32_MAX ? aligned_alloc(ECC_WINDOW_ALIGN, size) : NULL;

	if (!window) {
		errno = ENOMEM;
		return NULL;
	}
	if (ecc_result(ecc_map_mmap(map_fd, window, size, 0, &info)) < 0) {
		free(window);
		return NULL;
	}
	return window;
}

static struct ring *new_ring(int map_fd, ring_buffer_sample_fn sample_cb, void *ctx)
{
	struct ecc_map_info info = { .size = sizeof(info) };
	struct ring *r = calloc(1, sizeof(*r));

	if (!r) {
		errno = ENOMEM;
		return NULL;
	}
	if (ecc_result(ecc_map_info(map_fd, &info)) < 0) {
		ecc_warn_error(errno, "ringbuf: failed to get map info", NULL);
	} else if (info.type != BPF_MAP_TYPE_RINGBUF) {
		ecc_warn("ringbuf: map is not BPF_MAP_TYPE_RINGBUF", NULL);
		errno = EINVAL;
	} else if ((r->window = map_window(map_fd, info.max_entries))) {
		r->map_fd = map_fd;
		r->max_entries = info.max_entries;
		r->sample_cb = sample_cb;
		r->ctx = ctx;
		return r;
	} else {
		ecc_warn_error(errno, "ringbuf: failed to show the ring buffer's memory", NULL);
	}
	free(r);
	return NULL;
}

int ring_buffer__add(struct ring_buffer *rb, int map_fd, ring_buffer_sample_fn sample_cb, void *ctx)
{
	size_t count = rb->ring_count + 1;
	struct ring **rings = realloc(rb->rings, count * sizeof(*rings));

	if (!rings)
		return ecc_fail(-ENOMEM);
	rb->rings = rings;

	struct ecc_wait_item *items = realloc(rb->items, count * sizeof(*items));

	if (!items)
		return ecc_fail(-ENOMEM);
	rb->items = items;

	struct ring *r = new_ring(map_fd, sample_cb, ctx);

	if (!r)
		return -errno;
	items[rb->ring_count] = (struct ecc_wait_item){ .kind = ECC_WAIT_RINGBUF, .handle = map_fd };
	rings[rb->ring_count++] = r;
	return 0;
}

struct ring_buffer *ring_buffer__new(int map_fd, ring_buffer_sample_fn sample_cb, void *ctx,
				     const struct ring_buffer_opts *opts)
{
	struct ring_buffer *rb;

	if (opts && opts->sz < sizeof(opts->sz)) {
		errno = EINVAL;
		return NULL;
	}
	rb = calloc(1, sizeof(*rb));
	if (!rb) {
		errno = ENOMEM;
		return NULL;
	}

	int err = ring_buffer__add(rb, map_fd, sample_cb, ctx);

	if (err) {
		ring_buffer__free(rb);
		errno = -err;
		return NULL;
	}
	return rb;
}

void ring_buffer__free(struct ring_buffer *rb)
{
	if (!rb)
		return;
	for (unsigned int i = 0; i < rb->ring_count; i++)
		free_ring(rb->rings[i]);
	free(rb->rings);
	free(rb->items);
	free(rb);
}

static int64_t consume(struct ring_buffer *rb, size_t limit)
{
	int64_t total = 0;

	ecc_sync_windows();
	for (unsigned int i = 0; i < rb->ring_count && (uint64_t)total < limit; i++) {
		int64_t count = process_ring(rb->rings[i], limit - total, does_not_wait);

		if (count < 0)
			return count;
		total += count;
	}
	return total;
}

int ring_buffer__consume_n(struct ring_buffer *rb, size_t n)
{
	return finish(consume(rb, n));
}

int ring_buffer__consume(struct ring_buffer *rb)
{
	return ring_buffer__consume_n(rb, INT_MAX);
}

static int64_t poll_several(struct ring_buffer *rb, int timeout_ms)
{
	int ready = ecc_from_linux(ecc_wait(rb->items, rb->ring_count, timeout_ms));
	int64_t total = 0;

	if (ready <= 0)
		return ready;
	for (unsigned int i = 0; i < rb->ring_count; i++) {
		int64_t count = rb->items[i].ready ? process_ring(rb->rings[i], INT_MAX, does_not_wait) : 0;

		if (count < 0)
			return count;
		total += count;
	}
	return total;
}

int ring_buffer__poll(struct ring_buffer *rb, int timeout_ms)
{
	if (timeout_ms < 0)
		timeout_ms = waits_forever;
	ecc_sync_windows();
	return finish(rb->ring_count == 1 ? process_ring(rb->rings[0], INT_MAX, timeout_ms)
					  : poll_several(rb, timeout_ms));
}

int ring_buffer__epoll_fd(const struct ring_buffer *rb)
{
	(void)rb;
	return ecc_fail(-ENOTSUP);
}

struct ring *ring_buffer__ring(struct ring_buffer *rb, unsigned int idx)
{
	if (idx >= rb->ring_count) {
		errno = ERANGE;
		return NULL;
	}
	return rb->rings[idx];
}

int ring__consume_n(struct ring *r, size_t n)
{
	ecc_sync_windows();
	return finish(process_ring(r, n, does_not_wait));
}

int ring__consume(struct ring *r)
{
	return ring__consume_n(r, INT_MAX);
}

int ring__map_fd(const struct ring *r)
{
	return r->map_fd;
}

size_t ring__size(const struct ring *r)
{
	return r->max_entries;
}
