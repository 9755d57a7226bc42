/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdlib.h>

#include "internal.h"

int bpf_link__fd(const struct bpf_link *link)
{
	return link ? link->handle : ecc_fail(-EINVAL);
}

int bpf_link__detach(struct bpf_link *link)
{
	return ecc_result(ecc_link_detach(link->handle));
}

int bpf_link__update_program(struct bpf_link *link, struct bpf_program *prog)
{
	ecc_sync_windows();
	return ecc_result(ecc_link_update(link->handle, prog->handle));
}

int bpf_link__pin(struct bpf_link *link, const char *path)
{
	return ecc_result(ecc_link_pin(link->handle, path, strlen(path)));
}

void bpf_link__disconnect(struct bpf_link *link)
{
	link->disconnected = true;
}

int bpf_link__destroy(struct bpf_link *link)
{
	int err = 0;

	if (!link)
		return 0;
	if (!link->disconnected)
		err = ecc_result(ecc_link_detach(link->handle));
	free(link);
	return err;
}
