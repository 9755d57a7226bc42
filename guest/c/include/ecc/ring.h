/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reading a ring buffer record by record, without a callback: for programs that have many events. The records lie in the
 * ring buffer itself and must not be written to.
 *
 *	struct ecc_ring ring;
 *	int err = ecc_ring_open(&ring, bpf_map__fd(skel->maps.events));
 *
 *	while (!err && (err = ecc_ring_acquire(&ring, -1)) > 0) {
 *		const struct event *event;
 *		size_t size;
 *
 *		while ((event = ecc_ring_next(&ring, &size)))
 *			use(event);
 *		err = 0;
 *	}
 *	ecc_ring_close(&ring);
 *
 * A map has one reader: this, or a struct ring_buffer.
 */
#ifndef ECC_RING_H
#define ECC_RING_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct ecc_ring {
	const char *at;  /* the next record of the span that the host gave */
	const char *end;
	const char *start;
	char *window; /* owned */
	int map_fd;
	uint32_t max_entries;
};

/* Returns 0, or -errno with errno set. */
int ecc_ring_open(struct ecc_ring *ring, int map_fd);
/* Gives back the records that ecc_ring_next() went through and waits for others, up to `timeout_ms` (-1: for ever). Returns
 * 1, 0 after the timeout, -EINTR after a signal whose handler has run, or another -errno. */
int ecc_ring_acquire(struct ecc_ring *ring, int timeout_ms);
/* Gives back the records and the window. Does nothing if `ring` is all zero. */
void ecc_ring_close(struct ecc_ring *ring);

enum {
	ECC_RING_HEADER = 8, /* bytes before each record */
};

#define ECC_RING_BUSY (1u << 31)
#define ECC_RING_DISCARD (1u << 30)

/* Where the record behind this one of `length` bytes starts. */
static inline const char *ecc_ring_behind(const char *record, uint32_t length)
{
	return record + (length + ECC_RING_HEADER + 7) / 8 * 8;
}

/* The next record and its size, or NULL: the next one is still being written, or ecc_ring_acquire() must look for more. The
 * record stays until then. */
static inline const void *ecc_ring_next(struct ecc_ring *ring, size_t *size)
{
	while (ring->at < ring->end) {
		const char *record = ring->at;
		uint32_t header = __atomic_load_n((const uint32_t *)record, __ATOMIC_ACQUIRE);

		if (header & ECC_RING_BUSY)
			break;
		ring->at = ecc_ring_behind(record, header & ~ECC_RING_DISCARD);
		if (header & ECC_RING_DISCARD)
			continue;
		*size = header;
		return record + ECC_RING_HEADER;
	}
	return NULL;
}

#ifdef __cplusplus
}
#endif

#endif /* ECC_RING_H */
