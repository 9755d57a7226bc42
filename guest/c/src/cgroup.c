/* SPDX-License-Identifier: Apache-2.0 */
#include <ecc/cgroup.h>
#include <errno.h>
#include <string.h>

#include "internal.h"

enum {
	max_cgroups = 16,
	/* Below the runtime's handles, far above WASI's descriptors. */
	first_cgroup = ECC_HANDLE_FIRST - max_cgroups,
};

static char *paths[max_cgroups];
static int path_count;

int ecc_cgroup_open(const char *path)
{
	if (path_count == max_cgroups) {
		errno = EMFILE;
		return -1;
	}
	paths[path_count] = strdup(path);
	if (!paths[path_count])
		return -1;
	return first_cgroup + path_count++;
}

const char *ecc_cgroup_path(int fd)
{
	int index = fd - first_cgroup;

	return index >= 0 && index < path_count ? paths[index] : NULL;
}
