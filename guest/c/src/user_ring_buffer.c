/* SPDX-License-Identifier: Apache-2.0 */
/* libbpf's user ring buffers: a sample lies in memory of the guest's until the host copies it into its slot. */
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>

#include "internal.h"

enum {
	waits_forever = -1,
	does_not_wait = 0,
};

struct sample {
	struct sample *next;
	int32_t slot;
	uint32_t size;
	_Alignas(8) char data[];
};

struct user_ring_buffer {
	ecc_handle_t map;
	struct sample *reserved;
};

/* A negative error if the descriptor is no user ring buffer's. */
static int check_map(int map_fd)
{
	struct ecc_map_info info = { .size = sizeof(info) };
	int err = ecc_from_linux(ecc_map_info(map_fd, &info));

	if (err < 0)
		ecc_warn_error(err, "user ringbuf: failed to get map info", NULL);
	else if (info.type != BPF_MAP_TYPE_USER_RINGBUF) {
		ecc_warn("user ringbuf: map is not BPF_MAP_TYPE_USER_RINGBUF", NULL);
		err = -EINVAL;
	}
	return err;
}

struct user_ring_buffer *user_ring_buffer__new(int map_fd, const struct user_ring_buffer_opts *opts)
{
	struct user_ring_buffer *rb;
	int err = opts && opts->sz < sizeof(opts->sz) ? -EINVAL : check_map(map_fd);

	if (err < 0) {
		ecc_fail(err);
		return NULL;
	}
	rb = calloc(1, sizeof(*rb));
	if (rb)
		rb->map = map_fd;
	else
		errno = ENOMEM;
	return rb;
}

static void *reserve(struct user_ring_buffer *rb, __u32 size, int timeout_ms)
{
	int slot = ecc_result(ecc_user_ringbuf_reserve(rb->map, size, timeout_ms));

	if (slot < 0)
		return NULL;

	/* Zero, for what the program does not write is sent, too. */
	struct sample *sample = calloc(1, sizeof(*sample) + size);

	if (!sample) {
		(void)ecc_user_ringbuf_discard(rb->map, slot);
		errno = ENOMEM;
		return NULL;
	}
	*sample = (struct sample){ .next = rb->reserved, .slot = slot, .size = size };
	rb->reserved = sample;
	return sample->data;
}

void *user_ring_buffer__reserve(struct user_ring_buffer *rb, __u32 size)
{
	return reserve(rb, size, does_not_wait);
}

void *user_ring_buffer__reserve_blocking(struct user_ring_buffer *rb, __u32 size, int timeout_ms)
{
	if (timeout_ms < waits_forever) {
		errno = EINVAL;
		return NULL;
	}
	ecc_sync_windows();

	void *sample = reserve(rb, size, timeout_ms);
	int err = errno;

	ecc_sync_windows();
	ecc_deliver_signals();
	errno = err;
	return sample;
}

/* The reservation whose memory that is, no longer among the others; NULL if there is none. */
static struct sample *take(struct user_ring_buffer *rb, const void *data)
{
	for (struct sample **at = &rb->reserved; *at; at = &(*at)->next) {
		struct sample *sample = *at;

		if (sample->data == data) {
			*at = sample->next;
			return sample;
		}
	}
	return NULL;
}

void user_ring_buffer__submit(struct user_ring_buffer *rb, void *sample)
{
	struct sample *submitted = take(rb, sample);

	if (submitted)
		(void)ecc_user_ringbuf_submit(rb->map, submitted->slot, submitted->data, submitted->size);
	free(submitted);
}

void user_ring_buffer__discard(struct user_ring_buffer *rb, void *sample)
{
	struct sample *discarded = take(rb, sample);

	if (discarded)
		(void)ecc_user_ringbuf_discard(rb->map, discarded->slot);
	free(discarded);
}

void user_ring_buffer__free(struct user_ring_buffer *rb)
{
	if (!rb)
		return;
	while (rb->reserved)
		user_ring_buffer__discard(rb, rb->reserved->data);
	free(rb);
}
