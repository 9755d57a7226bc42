/* SPDX-License-Identifier: Apache-2.0 */
#include "internal.h"

#define STRING(x) #x
#define VERSION(major, minor) "v" STRING(major) "." STRING(minor)

__u32 libbpf_major_version(void)
{
	return LIBBPF_MAJOR_VERSION;
}

__u32 libbpf_minor_version(void)
{
	return LIBBPF_MINOR_VERSION;
}

const char *libbpf_version_string(void)
{
	return VERSION(LIBBPF_MAJOR_VERSION, LIBBPF_MINOR_VERSION);
}

int libbpf_set_strict_mode(enum libbpf_strict_mode mode)
{
	(void)mode;
	return 0;
}

int libbpf_set_memlock_rlim(size_t memlock_bytes)
{
	(void)memlock_bytes;
	return 0;
}
