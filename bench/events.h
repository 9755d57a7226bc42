// SPDX-License-Identifier: GPL-2.0 OR BSD-3-Clause
// What both programs that consume events share: the command line and the requests for records.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"

struct settings {
	unsigned long long magic;
	unsigned int count;
	unsigned int large;
};

static unsigned long long sum;

static struct settings settings_of(char **argv)
{
	return (struct settings){ strtoull(argv[1], NULL, 10), (unsigned int)atoi(argv[3]), !strcmp(argv[4], "large") };
}

static void ask_for_records(void)
{
	fputs("more\n", stderr);
	if (getchar() != '\n')
		exit(1);
}

/* Prints the nanoseconds that a record takes in an undisturbed round, without those of the clock itself. */
static void measure(int rounds, int count, int (*consume)(void))
{
	double *times = calloc(rounds, sizeof(*times));
	double unavoidable = clock_cost();

	for (int i = 0; i < rounds; i++) {
		ask_for_records();

		double start = now();
		int consumed = consume();

		fflush(stdout);
		times[i] = (now() - start - unavoidable) / count;
		if (consumed != count) {
			fprintf(stderr, "%d records instead of %d\n", consumed, count);
			exit(1);
		}
	}
	fprintf(stderr, "%.3f ns, sum %llu\n", undisturbed(times, rounds), sum);
	free(times);
}
