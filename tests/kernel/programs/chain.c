// SPDX-License-Identifier: Apache-2.0
// Follows a tail call, and says of programs before they are loaded what they attach to.
#include <bpf/bpf.h>
#include <stdio.h>
#include <string.h>

#include "chain.skel.h"

static int returned(const struct bpf_program *program, unsigned int length)
{
	static char packet[200], out[256];
	LIBBPF_OPTS(bpf_test_run_opts, opts, .data_in = packet, .data_size_in = length, .data_out = out,
		    .data_size_out = sizeof(out));
	int err = bpf_prog_test_run_opts(bpf_program__fd(program), &opts);

	return err ? err : (int)opts.retval;
}

static void set_target(const char *what, struct bpf_program *program, int target, const char *function)
{
	int err = bpf_program__set_attach_target(program, target, function);

	printf("%s: %s\n", what, err ? strerror(-err) : "done");
}

int main(void)
{
	struct chain_bpf *loaded = chain_bpf__open_and_load(), *open = chain_bpf__open();

	if (!loaded || !open)
		return 1;
	printf("no jump %d\n", returned(loaded->progs.jump, 64));
	printf("jump %d\n", returned(loaded->progs.jump, 150));

	struct bpf_program *replacement = open->progs.other_answer;
	int target = bpf_program__fd(loaded->progs.entry);

	set_target("nothing", replacement, 0, NULL);
	set_target("no such function of a program", replacement, target, "question");
	set_target("a function of a program", replacement, target, "answer");
	set_target("the function in its section", replacement, target, NULL);
	set_target("no program", replacement, bpf_map__fd(loaded->maps.jumps), "answer");
	set_target("too late", loaded->progs.other_answer, target, "answer");
	set_target("no such function of the kernel", open->progs.on_call, 0, "no such function");
	set_target("a function of the kernel", open->progs.on_call, 0, "vfs_read");
	chain_bpf__destroy(open);
	chain_bpf__destroy(loaded);
	return 0;
}
