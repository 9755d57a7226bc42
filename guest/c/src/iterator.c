/* SPDX-License-Identifier: Apache-2.0 */
/* Iterators of BPF programs, and the two functions of unistd.h that know their descriptors as well as WASI's. */
#include <errno.h>
#include <string.h>
#include <unistd.h>
#include <wasi/api.h>

#include "internal.h"

/* Linked only if the program opens files by path; it wants to see the folders before one of them is closed. */
void __wasilibc_populate_preopens(void) __attribute__((weak));

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

static int posix_result(__wasi_errno_t error, int result)
{
	if (!error)
		return result;
	errno = error == __WASI_ERRNO_NOTCAPABLE ? EBADF : error;
	return -1;
}

ssize_t read(int fd, void *buffer, size_t size)
{
	if (fd >= ECC_HANDLE_FIRST) {
		int count = ecc_result(ecc_iterator_read(fd, buffer, size));

		return count < 0 ? -1 : count;
	}

	__wasi_iovec_t part = { buffer, size };
	__wasi_size_t count = 0;

	return posix_result(__wasi_fd_read(fd, &part, 1, &count), (int)count);
}

/* The descriptors of maps, programs and links belong to what they were asked of. */
int close(int fd)
{
	if (fd >= ECC_HANDLE_FIRST) {
		(void)ecc_iterator_close(fd);
		return 0;
	}
	if (__wasilibc_populate_preopens)
		__wasilibc_populate_preopens();
	return posix_result(__wasi_fd_close(fd), 0);
}
