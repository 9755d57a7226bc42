// SPDX-License-Identifier: GPL-2.0 OR BSD-3-Clause
// Prints when processes begin to execute a program and when they end, with how long they lived.
#include <bpf/libbpf.h>
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bootstrap.h"
#include "bootstrap.skel.h"

static volatile sig_atomic_t exiting;

static const struct option options[] = {
	{ "duration", required_argument, NULL, 'd' },
	{ "verbose", no_argument, NULL, 'v' },
	{ "help", no_argument, NULL, 'h' },
	{ 0 },
};

static struct {
	bool verbose;
	__u64 min_duration_ms;
} settings;

static void print_usage(FILE *stream)
{
	fputs("Usage: bootstrap [-d MS] [-v]\n"
	      "\n"
	      "Trace when processes begin to execute a program and when they end.\n"
	      "\n"
	      "  -d, --duration MS  Only processes that lived at least so long, when they end\n"
	      "  -v, --verbose      Print what libbpf says\n"
	      "  -h, --help         Show this help\n",
	      stream);
}

static bool parse_duration(const char *text)
{
	char *end;

	errno = 0;
	settings.min_duration_ms = strtoull(text, &end, 10);
	return !errno && *text >= '0' && *text <= '9' && !*end && settings.min_duration_ms < 1000000000;
}

// Returns the exit status if the program shall end now, else -1.
static int parse_arguments(int argc, char **argv)
{
	int option;

	while ((option = getopt_long(argc, argv, "d:vh", options, NULL)) != -1) {
		if (option == 'h') {
			print_usage(stdout);
			return 0;
		}
		if (option == 'v') {
			settings.verbose = true;
		} else if (option != 'd' || !parse_duration(optarg)) {
			if (option == 'd')
				fprintf(stderr, "bootstrap: '%s' is no duration in milliseconds\n", optarg);
			print_usage(stderr);
			return 2;
		}
	}
	return -1;
}

static int print_message(enum libbpf_print_level level, const char *format, va_list args)
{
	if (level == LIBBPF_DEBUG && !settings.verbose)
		return 0;
	return vfprintf(stderr, format, args);
}

static void handle_signal(int number)
{
	(void)number;
	exiting = 1;
}

static int print_event(void *context, void *data, size_t size)
{
	const struct event *event = data;
	char clock[sizeof("00:00:00")];
	time_t now = time(NULL);

	(void)context;
	if (size < sizeof(*event))
		return 0;
	strftime(clock, sizeof(clock), "%H:%M:%S", localtime(&now));
	printf("%-8s %-5s %-16s %-7u %-7u ", clock, event->kind == EVENT_EXIT ? "EXIT" : "EXEC", event->comm,
	       event->pid, event->ppid);
	if (event->kind == EVENT_EXEC)
		printf("%s\n", event->filename);
	else if (event->duration_ns)
		printf("[%u] (%llums)\n", event->exit_code, (unsigned long long)event->duration_ns / 1000000);
	else
		printf("[%u]\n", event->exit_code);
	return 0;
}

// Prints events until a signal. Returns 0 or a negated errno.
static int run(struct bootstrap_bpf *skel, struct ring_buffer *rb)
{
	int err = 0;

	printf("%-8s %-5s %-16s %-7s %-7s %s\n", "TIME", "EVENT", "COMM", "PID", "PPID", "FILENAME/EXIT CODE");
	while (!exiting && err >= 0) {
		fflush(stdout);
		err = ring_buffer__poll(rb, 100);
		if (err == -EINTR)
			err = 0;
	}
	if (skel->bss->lost)
		fprintf(stderr, "bootstrap: %llu events were lost\n", (unsigned long long)skel->bss->lost);
	return err < 0 ? err : 0;
}

static int load_and_run(struct bootstrap_bpf *skel)
{
	struct ring_buffer *rb;
	int err = bootstrap_bpf__load(skel);

	if (!err)
		err = bootstrap_bpf__attach(skel);
	if (err)
		return err;
	rb = ring_buffer__new(bpf_map__fd(skel->maps.events), print_event, NULL, NULL);
	if (!rb)
		return -errno;
	err = run(skel, rb);
	ring_buffer__free(rb);
	return err;
}

int main(int argc, char **argv)
{
	int status = parse_arguments(argc, argv);
	struct bootstrap_bpf *skel;
	int err;

	if (status >= 0)
		return status;
	libbpf_set_print(print_message);
	signal(SIGINT, handle_signal);
	signal(SIGTERM, handle_signal);

	skel = bootstrap_bpf__open();
	if (!skel) {
		fprintf(stderr, "bootstrap: cannot open the BPF object: %s\n", strerror(errno));
		return 1;
	}
	skel->rodata->min_duration_ns = settings.min_duration_ms * 1000000;
	err = load_and_run(skel);
	bootstrap_bpf__destroy(skel);
	if (err)
		fprintf(stderr, "bootstrap: %s\n", strerror(-err));
	return err ? 1 : 0;
}
