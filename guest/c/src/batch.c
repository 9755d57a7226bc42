/* SPDX-License-Identifier: Apache-2.0 */
/* Many elements of a map at once. */
#include <errno.h>

#include "internal.h"

static uint32_t address(const void *place)
{
	return (uint32_t)(uintptr_t)place;
}

static int run(int fd, struct ecc_map_batch *batch, __u32 *count, const struct bpf_map_batch_opts *opts)
{
	__u32 done = 0;

	if (ECC_OPTION(opts, flags, 0))
		return ecc_fail(-EINVAL);
	batch->size = sizeof(*batch);
	batch->count = *count;
	batch->flags = ECC_OPTION(opts, elem_flags, 0);
	ecc_sync_windows();

	int err = ecc_map_batch(fd, batch, &done);

	*count = done;
	return ecc_result(err);
}

int bpf_map_lookup_batch(int fd, void *in_batch, void *out_batch, void *keys, void *values, __u32 *count,
			 const struct bpf_map_batch_opts *opts)
{
	struct ecc_map_batch batch = { .operation = ECC_BATCH_LOOKUP,
				       .keys = address(keys),
				       .values = address(values),
				       .from = address(in_batch),
				       .next = address(out_batch) };

	return run(fd, &batch, count, opts);
}

int bpf_map_lookup_and_delete_batch(int fd, void *in_batch, void *out_batch, void *keys, void *values, __u32 *count,
				    const struct bpf_map_batch_opts *opts)
{
	struct ecc_map_batch batch = { .operation = ECC_BATCH_LOOKUP_AND_DELETE,
				       .keys = address(keys),
				       .values = address(values),
				       .from = address(in_batch),
				       .next = address(out_batch) };

	return run(fd, &batch, count, opts);
}

int bpf_map_update_batch(int fd, const void *keys, const void *values, __u32 *count,
			 const struct bpf_map_batch_opts *opts)
{
	struct ecc_map_batch batch = { .operation = ECC_BATCH_UPDATE, .keys = address(keys), .values = address(values) };

	return run(fd, &batch, count, opts);
}

int bpf_map_delete_batch(int fd, const void *keys, __u32 *count, const struct bpf_map_batch_opts *opts)
{
	struct ecc_map_batch batch = { .operation = ECC_BATCH_DELETE, .keys = address(keys) };

	return run(fd, &batch, count, opts);
}
