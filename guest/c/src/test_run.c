/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>

#include "internal.h"

static uint32_t address(const void *place)
{
	return (uint32_t)(uintptr_t)place;
}

int bpf_prog_test_run_opts(int prog_fd, struct bpf_test_run_opts *opts)
{
	if (!opts || opts->sz < sizeof(*opts))
		return ecc_fail(-EINVAL);

	struct ecc_test_run run = {
		.size = sizeof(run),
		.data = address(opts->data_in),
		.data_length = opts->data_size_in,
		.data_out = address(opts->data_out),
		.data_out_length = opts->data_size_out,
		.context = address(opts->ctx_in),
		.context_length = opts->ctx_size_in,
		.context_out = address(opts->ctx_out),
		.context_out_length = opts->ctx_size_out,
		.repeat = (uint32_t)opts->repeat,
		.flags = opts->flags,
		.cpu = opts->cpu,
		.batch_size = opts->batch_size,
	};
	struct ecc_test_run_result result = { .size = sizeof(result) };

	ecc_sync_windows();

	int err = ecc_program_test_run(prog_fd, &run, &result);

	ecc_sync_windows();
	opts->retval = result.return_value;
	opts->duration = result.duration;
	opts->data_size_out = result.data_out_length;
	opts->ctx_size_out = result.context_out_length;
	return ecc_result(err);
}
