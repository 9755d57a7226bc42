/* SPDX-License-Identifier: Apache-2.0 */
/* A WASI program without BPF; its first argument says how it is to end. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int recurse(volatile int depth)
{
	volatile char frame[4096];

	frame[0] = (char)depth;
	if (depth < 0)
		return 0;
	return recurse(depth + 1) + frame[0];
}

static void say(const char *text)
{
	puts(text);
	fflush(stdout);
}

int main(int argc, char **argv)
{
	const char *mode = argc > 1 ? argv[1] : "";
	char byte;

	if (!strcmp(mode, "exit"))
		return atoi(argv[2]);
	if (!strcmp(mode, "trap"))
		__builtin_trap();
	if (!strcmp(mode, "deep"))
		return recurse(0);
	if (!strcmp(mode, "environment")) {
		say(getenv(argv[2]) ? getenv(argv[2]) : "(unset)");
		return 0;
	}
	if (!strcmp(mode, "print-file") || !strcmp(mode, "write-file")) {
		FILE *file = fopen(argv[2], mode[0] == 'p' ? "r" : "w");

		if (!file)
			return 1;
		char line[80] = "";

		if (mode[0] == 'p' && fgets(line, sizeof(line), file))
			say(line);
		return mode[0] == 'w' && fputs("written", file) < 0;
	}
	if (!strcmp(mode, "short-sleep")) {
		say(usleep(10000) ? "interrupted" : "slept");
		return 0;
	}
	say("ready");
	if (!strcmp(mode, "spin"))
		for (volatile int forever = 1; forever;)
			;
	if (!strcmp(mode, "sleep"))
		sleep(1000);
	if (!strcmp(mode, "flood"))
		for (volatile int forever = 1; forever;)
			puts("flood");
	if (!strcmp(mode, "write")) /* as much as it is told */
		for (long left = atol(argv[2]); left > 0; left -= 6)
			if (puts("flood") < 0)
				return 1;
	if (!strcmp(mode, "reopen")) { /* what is opened in the place of standard output is a file */
		close(1);
		int file = open(argv[2], O_WRONLY | O_CREAT | O_TRUNC, 0600);

		return file != 1 || write(1, "written", 7) != 7;
	}
	if (!strcmp(mode, "read"))
		return (int)read(0, &byte, 1);
	return 0;
}
