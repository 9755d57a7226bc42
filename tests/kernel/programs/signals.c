// SPDX-License-Identifier: GPL-2.0 OR BSD-3-Clause
// signals MODE: how a program that sleeps, or computes, meets a signal.
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static volatile sig_atomic_t last;

static void on_signal(int number)
{
	last = number;
}

static void say(const char *text)
{
	puts(text);
	fflush(stdout);
}

static int sleep_through(void)
{
	struct timespec day = { 86400, 0 }, left = { 0, 0 };
	int result = nanosleep(&day, &left);

	printf("slept %d %s, signal %d, time left %d\n", result, result ? strerror(errno) : "", (int)last,
	       left.tv_sec > 80000 && left.tv_sec < 86401);
	return 0;
}

int main(int argc, char **argv)
{
	const char *mode = argc > 1 ? argv[1] : "";
	struct sigaction action = { .sa_handler = on_signal };

	if (!strcmp(mode, "handle"))
		signal(SIGINT, on_signal);
	if (!strcmp(mode, "sigaction"))
		sigaction(SIGTERM, &action, NULL);
	if (!strcmp(mode, "ignore"))
		signal(SIGINT, SIG_IGN);
	if (signal(SIGKILL, on_signal) == SIG_ERR && errno == EINVAL)
		say("ready");
	while (!strcmp(mode, "compute"))
		__asm__ volatile("");
	if (!strcmp(mode, "raise")) {
		raise(SIGTERM);
		say("still here");
	}
	return sleep_through();
}
