// SPDX-License-Identifier: GPL-2.0 OR BSD-3-Clause
// Loads and attaches the example's programs, says so and ends with its input. The same source is a native program and a user part.
#include <bpf/libbpf.h>
#include <stdio.h>

#include "bootstrap.skel.h"

int main(void)
{
	struct bootstrap_bpf *skel = bootstrap_bpf__open_and_load();

	if (!skel || bootstrap_bpf__attach(skel))
		return 1;
	puts("attached");
	fflush(stdout);
	(void)getchar();
	bootstrap_bpf__destroy(skel);
	return 0;
}
