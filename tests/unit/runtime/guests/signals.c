/* SPDX-License-Identifier: Apache-2.0 */
/* Takes signals: prints without end, looks for a signal after every line, and ends with its number. */
#include <ecc/host.h>
#include <stdio.h>
#include <string.h>

int main(int argc, char **argv)
{
	int number = 0;
	const int ignores_pipe = argc > 1 && !strcmp(argv[1], "ignore-pipe");
	int pipes = 0;

	puts("ready");
	fflush(stdout);
	while (!number || (ignores_pipe && number == 13)) {
		pipes += number == 13;
		if (pipes == 3)
			return 33;
		puts("line");
		fflush(stdout);
		number = ecc_signal_take();
	}
	puts("last line");
	fflush(stdout);
	return number;
}
