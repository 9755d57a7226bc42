/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <ecc/struct_ops.h>
#include <string.h>

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

int bpf_program__set_attach_target(struct bpf_program *prog, int attach_prog_fd, const char *attach_func_name)
{
	if (prog->obj->loaded || (!attach_prog_fd && !attach_func_name))
		return ecc_fail(-EINVAL);
	return ecc_result(ecc_program_set_attach_target(prog->handle, attach_prog_fd, attach_func_name,
							attach_func_name ? strlen(attach_func_name) : 0));
}

bool bpf_program__autoattach(const struct bpf_program *prog)
{
	return prog->autoattach;
}

void bpf_program__set_autoattach(struct bpf_program *prog, bool autoattach)
{
	prog->autoattach = autoattach;
}

uint64_t ecc_program_handle(const struct bpf_program *prog)
{
	return prog->handle;
}

int bpf_program__fd(const struct bpf_program *prog)
{
	return prog->obj->loaded && prog->autoload ? prog->handle : ecc_fail(-ENOENT);
}
