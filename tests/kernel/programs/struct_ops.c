// SPDX-License-Identifier: Apache-2.0
// Attaches the congestion control, with undo_cwnd being what the argument says.
#include <ecc/host.h>
#include <ecc/struct_ops.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "struct_ops.skel.h"

static volatile sig_atomic_t stopping;

static void stop(int number)
{
	(void)number;
	stopping = 1;
}

static void choose(struct struct_ops_bpf *skel, const char *program)
{
	__typeof__(skel->struct_ops.test_congestion->undo_cwnd) *undo = &skel->struct_ops.test_congestion->undo_cwnd;

	if (!strcmp(program, "nothing"))
		*undo = 0;
	else if (!strcmp(program, "unknown"))
		*undo = ECC_HANDLE_FIRST + 4096;
	else if (!strcmp(program, "huge"))
		*undo |= 1ull << 32;
	else if (!strcmp(program, "no program"))
		*undo = ECC_HANDLE_FIRST;
	else if (!strcmp(program, "another"))
		*undo = ecc_program_handle(skel->progs.test_ssthresh);
}

int main(int argc, char **argv)
{
	struct struct_ops_bpf *skel = struct_ops_bpf__open();

	if (!skel)
		return 1;
	signal(SIGINT, stop);
	printf("as in the source %d\n", skel->struct_ops.test_congestion->undo_cwnd ==
						ecc_program_handle(skel->progs.test_undo_cwnd));
	if (argc > 1)
		choose(skel, argv[1]);

	int err = struct_ops_bpf__load(skel);

	if (!err)
		err = struct_ops_bpf__attach(skel);
	printf("attached %d\n", err);
	fflush(stdout);
	while (!err && !stopping)
		sleep(10);
	struct_ops_bpf__destroy(skel);
	return err != 0;
}
