// SPDX-License-Identifier: GPL-2.0 OR BSD-3-Clause
#include <stdlib.h>
#include <time.h>

/* Nanoseconds. */
static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

static int compare(const void *a, const void *b)
{
	const double *left = a, *right = b;

	return (*left > *right) - (*left < *right);
}

static double median(double *times, int count)
{
	qsort(times, count, sizeof(*times), compare);
	return times[count / 2];
}

/* What one time in ten is below: between the others, something else used the CPU and its caches. */
static inline double undisturbed(double *times, int count)
{
	qsort(times, count, sizeof(*times), compare);
	return times[count / 10];
}

/* Nanoseconds that a measurement of nothing takes: a guest's clock is a call of its host, a native program's is none. */
static double clock_cost(void)
{
	double times[101];

	for (int i = 0; i < 101; i++) {
		double start = now();

		times[i] = now() - start;
	}
	return median(times, 101);
}
