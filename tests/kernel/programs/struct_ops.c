// SPDX-License-Identifier: Apache-2.0
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "struct_ops.skel.h"

static volatile sig_atomic_t stopping;

static void stop(int number)
{
	(void)number;
	stopping = 1;
}

int main(void)
{
	struct struct_ops_bpf *skel = struct_ops_bpf__open_and_load();

	if (!skel)
		return 1;
	signal(SIGINT, stop);

	int err = struct_ops_bpf__attach(skel);

	printf("attached %d\n", err);
	fflush(stdout);
	while (!err && !stopping)
		sleep(10);
	struct_ops_bpf__destroy(skel);
	return err != 0;
}
