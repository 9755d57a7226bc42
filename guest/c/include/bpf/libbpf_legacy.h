/* SPDX-License-Identifier: Apache-2.0 */
/* What programs written for libbpf before 1.0 still call. */
#ifndef LIBBPF_LEGACY_H
#define LIBBPF_LEGACY_H

#include "libbpf_common.h"

#ifdef __cplusplus
extern "C" {
#endif

#define DECLARE_LIBBPF_OPTS LIBBPF_OPTS

enum libbpf_strict_mode {
	LIBBPF_STRICT_ALL = 0xffffffff,
	LIBBPF_STRICT_NONE = 0x00,
	LIBBPF_STRICT_CLEAN_PTRS = 0x01,
	LIBBPF_STRICT_DIRECT_ERRS = 0x02,
	LIBBPF_STRICT_SEC_NAME = 0x04,
	LIBBPF_STRICT_NO_OBJECT_LIST = 0x08,
	LIBBPF_STRICT_AUTO_RLIMIT_MEMLOCK = 0x10,
	LIBBPF_STRICT_MAP_DEFINITIONS = 0x20,
};

/* No effect, returns 0. */
int libbpf_set_strict_mode(enum libbpf_strict_mode mode);

/* 0 for a pointer, -errno for NULL. */
long libbpf_get_error(const void *ptr);

#ifdef __cplusplus
}
#endif

#endif /* LIBBPF_LEGACY_H */
