/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>

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

int bpf_program__fd(const struct bpf_program *prog)
{
	return prog->obj->loaded && prog->autoload ? prog->handle : ecc_fail(-ENOENT);
}
