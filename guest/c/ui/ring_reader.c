/* SPDX-License-Identifier: Apache-2.0 */
/* Ring buffers, read in place (kernel: Documentation/bpf/ringbuf.rst). */
#include "ui.h"

enum { header_size = 8 };

static const uint32_t busy_bit = 1u << 31;
static const uint32_t discard_bit = 1u << 30;

static int open_ring(const struct ecc_ui_program *program, struct source *source, uint32_t max_entries)
{
	struct ecc_mmap_info shown = { .size = sizeof(shown) };
	/* The host wants whole pages of 64 KiB: what new_pages makes. */
	uint32_t size = (uint32_t)(((uint64_t)max_entries * 2 + 65535) / 65536 * 65536);
	void *window = max_entries <= INT32_MAX / 2 ? new_pages(size) : NULL;

	if (!window) {
		say(program->name, ": no memory to show the ring buffer ", source->stream->map, NULL);
		return -1;
	}
	source->window = window;

	int err = ecc_map_mmap(source->map, window, size, 0, &shown);

	if (err < 0)
		say_error(program, "cannot read ring buffer", source->stream->map, err);
	return err;
}

static int drain_ring(struct printer *printer, struct source *source, int timeout_ms)
{
	int64_t span = ecc_ringbuf_acquire(source->map, source->consumed, timeout_ms);

	source->consumed = 0;
	if (span <= 0)
		return (int)span;

	const uint8_t *start = source->window + (uint32_t)(span >> 32);
	uint32_t length = (uint32_t)span;

	while (length - source->consumed >= header_size) {
		const uint8_t *record = start + source->consumed;
		uint32_t header = __atomic_load_n((const uint32_t *)record, __ATOMIC_ACQUIRE);
		uint32_t size = header & ~(busy_bit | discard_bit);
		uint32_t whole = (size + header_size + 7) / 8 * 8;

		if (header & busy_bit || whole > length - source->consumed)
			break;
		if (!(header & discard_bit))
			print_record(printer, source->stream, record + header_size, size);
		source->consumed += whole;
	}
	return source->consumed != 0;
}

const struct ecc_ui_reader ecc_ui_ring_reader = {
	.open = open_ring,
	.drain = drain_ring,
	.wait_kind = ECC_WAIT_RINGBUF,
};
