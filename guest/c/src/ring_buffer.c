/* SPDX-License-Identifier: Apache-2.0 */
/* libbpf's ring buffers: records in place (ring.c), each given to a callback. */
#include <ecc/ring.h>
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>

#include "internal.h"

enum {
	waits_forever = -1,
	does_not_wait = 0,
};

struct ring {
	struct ecc_ring records;
	ring_buffer_sample_fn sample_cb;
	void *ctx;
};

struct ring_buffer {
	struct ring **rings;
	struct ecc_wait_item *items;
	unsigned int ring_count;
};

/* What one walk over a span needs and finds. */
struct walk {
	const char *at;
	const char *end;
	uint32_t count; /* of records given to the callback */
	int err;        /* the callback's negative result, which ends the walk */
};

/* Gives the next record to the callback. False if there is none, if it is still being written, or after an error. */
static inline __attribute__((always_inline)) bool give_record(struct walk *walk, ring_buffer_sample_fn sample_cb,
							      void *ctx)
{
	const char *record = walk->at;

	if (record >= walk->end)
		return false;

	uint32_t header = __atomic_load_n((const uint32_t *)record, __ATOMIC_ACQUIRE);

	if (__builtin_expect(header >= ECC_RING_DISCARD, 0)) {
		if (header & ECC_RING_BUSY)
			return false;
		walk->at = ecc_ring_behind(record, header & ~ECC_RING_DISCARD);
		return true;
	}
	walk->at = ecc_ring_behind(record, header);
	walk->count++;

	int err = sample_cb(ctx, (void *)(record + ECC_RING_HEADER), header);

	if (__builtin_expect(err < 0, 0))
		walk->err = err;
	return err >= 0;
}

/* A function of its own with few variables, and four records in a turn, since every turn costs a look at whether the
 * program shall end: this is where a program that has many events spends its time. */
static __attribute__((noinline)) void walk_records(struct walk *walk, ring_buffer_sample_fn sample_cb, void *ctx)
{
	struct walk local = *walk;

	while (give_record(&local, sample_cb, ctx) && give_record(&local, sample_cb, ctx) &&
	       give_record(&local, sample_cb, ctx) && give_record(&local, sample_cb, ctx)) {
	}
	*walk = local;
}

/* The first `limit` records reach at least so far, for each has a header: a walk that ends there goes through no more, and
 * need not compare its count. */
static const char *end_for(const struct ecc_ring *records, uint32_t limit)
{
	size_t length = records->end - records->at;

	return limit < length / ECC_RING_HEADER ? records->at + limit * ECC_RING_HEADER : records->end;
}

/* Returns the number of records, at most `limit`, or a negative error. On return all that was consumed is given back,
 * so that the kernel can use the space while the program does other things. */
static int64_t process_ring(struct ring *r, uint32_t limit, int timeout_ms)
{
	struct ecc_ring *records = &r->records;
	uint32_t left = limit;

	while (left) {
		int more = ecc_ring_next_span(records, timeout_ms);

		if (more < 0 && left == limit)
			return more;
		if (more <= 0)
			break;

		struct walk walk = { .at = records->at, .end = end_for(records, left) };

		walk_records(&walk, r->sample_cb, r->ctx);
		/* A record that is still being written: its commit ends the next wait. */
		if (walk.at == records->start)
			break;
		records->at = walk.at;
		left -= walk.count;
		if (walk.err || !left)
			(void)ecc_ring_next_span(records, does_not_wait);
		if (walk.err)
			return walk.err;
		timeout_ms = does_not_wait;
	}
	return limit - left;
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
	ecc_ring_close(&r->records);
	free(r);
}

static struct ring *new_ring(int map_fd, ring_buffer_sample_fn sample_cb, void *ctx)
{
	struct ring *r = calloc(1, sizeof(*r));

	if (!r) {
		errno = ENOMEM;
		return NULL;
	}
	r->sample_cb = sample_cb;
	r->ctx = ctx;
	if (!ecc_ring_open(&r->records, map_fd))
		return r;
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

static int64_t consume(struct ring_buffer *rb, uint32_t limit)
{
	int64_t total = 0;

	ecc_sync_windows();
	for (unsigned int i = 0; i < rb->ring_count && total < limit; i++) {
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
	return r->records.map_fd;
}

size_t ring__size(const struct ring *r)
{
	return r->records.max_entries;
}
