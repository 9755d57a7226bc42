/* SPDX-License-Identifier: Apache-2.0 */
/* The two functions of unistd.h that know the runtime's descriptors as well as WASI's. */
#include <errno.h>
#include <unistd.h>
#include <wasi/api.h>

#include "internal.h"

/* Linked only if the program opens files by path; it wants to see the folders before one of them is closed. */
void __wasilibc_populate_preopens(void) __attribute__((weak));

/* iterator.c, in programs that have iterators: others are not to import the host's functions. */
ssize_t ecc_read_iterator(int fd, void *buffer, size_t size) __attribute__((weak));
void ecc_close_iterator(int fd) __attribute__((weak));

static int posix_result(__wasi_errno_t error, int result)
{
	if (!error)
		return result;
	errno = error == __WASI_ERRNO_NOTCAPABLE ? EBADF : error;
	return -1;
}

ssize_t read(int fd, void *buffer, size_t size)
{
	if (fd >= ECC_HANDLE_FIRST && ecc_read_iterator)
		return ecc_read_iterator(fd, buffer, size);

	__wasi_iovec_t part = { buffer, size };
	__wasi_size_t count = 0;

	return posix_result(__wasi_fd_read(fd, &part, 1, &count), (int)count);
}

/* The descriptors of maps, programs and links belong to what they were asked of. */
int close(int fd)
{
	if (fd >= ECC_HANDLE_FIRST) {
		if (ecc_close_iterator)
			ecc_close_iterator(fd);
		return 0;
	}
	if (__wasilibc_populate_preopens)
		__wasilibc_populate_preopens();
	return posix_result(__wasi_fd_close(fd), 0);
}
