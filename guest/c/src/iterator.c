/* SPDX-License-Identifier: Apache-2.0 */
/* Iterators of BPF programs. */
#include <errno.h>
#include <string.h>

#include "internal.h"

static void describe(const union bpf_iter_link_info *info, struct ecc_attach_opts *opts)
{
	const char *cgroup = ecc_cgroup_path((int)info->cgroup.cgroup_fd);

	if (info->map.map_fd >= ECC_HANDLE_FIRST) {
		opts->map = (ecc_handle_t)info->map.map_fd;
	} else if (cgroup) {
		opts->target = (uint32_t)(uintptr_t)cgroup;
		opts->target_length = strlen(cgroup);
		opts->flags = info->cgroup.order;
	} else {
		opts->pid = (int32_t)info->task.pid;
	}
}

struct bpf_link *bpf_program__attach_iter(const struct bpf_program *prog, const struct bpf_iter_attach_opts *opts)
{
	struct ecc_attach_opts attach = { .size = sizeof(attach), .kind = ECC_ATTACH_ITERATOR, .pid = -1, .cpu = -1 };
	const union bpf_iter_link_info *info = ECC_OPTION(opts, link_info, NULL);

	if (info && opts->link_info_len >= sizeof(*info))
		describe(info, &attach);
	return ecc_attach(prog, &attach);
}

int bpf_iter_create(int link_fd)
{
	ecc_sync_windows();
	return ecc_result(ecc_iterator_open(link_fd));
}

ssize_t ecc_read_iterator(int fd, void *buffer, size_t size)
{
	int count = ecc_result(ecc_iterator_read(fd, buffer, size));

	return count < 0 ? -1 : count;
}

void ecc_close_iterator(int fd)
{
	(void)ecc_iterator_close(fd);
}
