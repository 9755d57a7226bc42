/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdlib.h>

#include "internal.h"

const char *bpf_program__name(const struct bpf_program *prog)
{
	return prog->name;
}

bool bpf_program__autoload(const struct bpf_program *prog)
{
	return prog->autoload;
}

int bpf_program__set_autoload(struct bpf_program *prog, bool autoload)
{
	if (prog->obj->loaded)
		return ecc_fail(-EINVAL);

	int err = ecc_result(ecc_program_set_autoload(prog->handle, autoload));

	if (!err)
		prog->autoload = autoload;
	return err;
}

bool bpf_program__autoattach(const struct bpf_program *prog)
{
	return prog->autoattach;
}

void bpf_program__set_autoattach(struct bpf_program *prog, bool autoattach)
{
	prog->autoattach = autoattach;
}

static struct bpf_link *attach(const struct bpf_program *prog, const struct ecc_attach_opts *opts)
{
	struct bpf_link *link = calloc(1, sizeof(*link));

	if (!link) {
		errno = ENOMEM;
		return NULL;
	}
	ecc_sync_windows();
	link->handle = ecc_program_attach(prog->handle, opts);
	if (link->handle < 0) {
		ecc_result(link->handle);
		free(link);
		return NULL;
	}
	return link;
}

struct bpf_link *bpf_program__attach(const struct bpf_program *prog)
{
	struct ecc_attach_opts opts = { .size = sizeof(opts), .kind = ECC_ATTACH_SECTION };

	return attach(prog, &opts);
}

struct bpf_link *bpf_program__attach_xdp(const struct bpf_program *prog, int ifindex)
{
	struct ecc_attach_opts opts = {
		.size = sizeof(opts),
		.kind = ECC_ATTACH_INTERFACE,
		.ifindex = (uint32_t)ifindex,
	};

	return attach(prog, &opts);
}

struct bpf_link *bpf_program__attach_cgroup(const struct bpf_program *prog, int cgroup_fd)
{
	const char *path = ecc_cgroup_path(cgroup_fd);

	if (!path) {
		ecc_warn("program '", prog->name, "': a cgroup is named with ecc_cgroup_open() of <ecc/cgroup.h>", NULL);
		errno = EBADF;
		return NULL;
	}

	struct ecc_attach_opts opts = {
		.size = sizeof(opts),
		.kind = ECC_ATTACH_CGROUP,
		.target = (uint32_t)(uintptr_t)path,
		.target_length = strlen(path),
	};

	return attach(prog, &opts);
}
