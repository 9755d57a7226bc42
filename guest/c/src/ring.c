/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A ring buffer in a window of guest memory: the host shows it there and tells which span of it holds records. The
 * framing and who may touch what: ringbuf_acquire in <ecc/host.h>.
 */
#include <ecc/ring.h>
#include <errno.h>
#include <stdlib.h>

#include "internal.h"

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

int ecc_ring_open(struct ecc_ring *ring, int map_fd)
{
	struct ecc_map_info info = { .size = sizeof(info) };

	*ring = (struct ecc_ring){ .map_fd = map_fd };
	if (ecc_result(ecc_map_info(map_fd, &info)) < 0) {
		ecc_warn_error(errno, "ringbuf: failed to get map info", NULL);
		return -errno;
	}
	if (info.type != BPF_MAP_TYPE_RINGBUF) {
		ecc_warn("ringbuf: map is not BPF_MAP_TYPE_RINGBUF", NULL);
		return ecc_fail(-EINVAL);
	}
	ring->window = map_window(map_fd, info.max_entries);
	if (!ring->window) {
		ecc_warn_error(errno, "ringbuf: failed to show the ring buffer's memory", NULL);
		return -errno;
	}
	ring->max_entries = info.max_entries;
	ring->at = ring->end = ring->start = ring->window;
	return 0;
}

int ecc_ring_next_span(struct ecc_ring *ring, int timeout_ms)
{
	int64_t span = ecc_ringbuf_acquire(ring->map_fd, (uint32_t)(ring->at - ring->start), timeout_ms);

	ring->at = ring->end = ring->start;
	if (span <= 0)
		return ecc_from_linux((int)span);
	ring->at = ring->start = ring->window + (uint32_t)(span >> 32);
	ring->end = ring->start + (uint32_t)span;
	return 1;
}

int ecc_ring_acquire(struct ecc_ring *ring, int timeout_ms)
{
	ecc_sync_windows();

	int result = ecc_ring_next_span(ring, timeout_ms < 0 ? -1 : timeout_ms);

	ecc_sync_windows();
	ecc_deliver_signals();
	return result < 0 ? ecc_fail(result) : result;
}

void ecc_ring_close(struct ecc_ring *ring)
{
	if (ring->window)
		(void)ecc_ring_next_span(ring, 0);
	/* Memory that the host still shows something in must not be used again. */
	if (!ring->window || ecc_map_munmap(ring->map_fd) >= 0)
		free(ring->window);
	*ring = (struct ecc_ring){ 0 };
}
