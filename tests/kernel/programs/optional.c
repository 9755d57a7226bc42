// SPDX-License-Identifier: GPL-2.0 OR BSD-3-Clause
// Asks for one of the optional programs and says which of them are loaded and run.
#include <stdio.h>
#include <unistd.h>

#include "optional.skel.h"

int main(void)
{
	struct optional_bpf *skel = optional_bpf__open();

	if (!skel)
		return 1;
	printf("autoload %d %d %d\n", bpf_program__autoload(skel->progs.always),
	       bpf_program__autoload(skel->progs.left_out), bpf_program__autoload(skel->progs.asked_for));
	printf("set %d\n", bpf_program__set_autoload(skel->progs.asked_for, true));
	printf("autoload %d\n", bpf_program__autoload(skel->progs.asked_for));
	if (optional_bpf__load(skel) || optional_bpf__attach(skel))
		return 1;
	printf("loaded %d %d %d\n", bpf_program__fd(skel->progs.always) >= 0,
	       bpf_program__fd(skel->progs.left_out) >= 0, bpf_program__fd(skel->progs.asked_for) >= 0);
	printf("attached %d %d %d\n", !!skel->links.always, !!skel->links.left_out, !!skel->links.asked_for);
	fflush(stdout);
	while (!skel->bss->calls[0] || !skel->bss->calls[2])
		usleep(1000);
	printf("ran %d %d %d\n", skel->bss->calls[0], skel->bss->calls[1], skel->bss->calls[2]);
	optional_bpf__destroy(skel);
	return 0;
}
