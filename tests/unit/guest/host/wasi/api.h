/* SPDX-License-Identifier: Apache-2.0 */
/* What guest/c/ui/output.c needs of WASI, for the host: the test is the other side. */
#pragma once

#include <stddef.h>
#include <stdint.h>

typedef uint16_t __wasi_errno_t;
typedef int __wasi_fd_t;
typedef size_t __wasi_size_t;

typedef struct __wasi_ciovec_t {
	const uint8_t *buf;
	__wasi_size_t buf_len;
} __wasi_ciovec_t;

enum {
	__WASI_ERRNO_INTR = 27,
	__WASI_ERRNO_NOSPC = 51,
	__WASI_ERRNO_PIPE = 64,
};

__wasi_errno_t __wasi_fd_write(__wasi_fd_t fd, const __wasi_ciovec_t *vectors, size_t count, __wasi_size_t *written);
