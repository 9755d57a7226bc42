// SPDX-License-Identifier: GPL-2.0 OR BSD-3-Clause
// Batches, queues, iterators and test runs; each result is a line.
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "elements.skel.h"

enum { entries = 100, chunk = 64 };

static struct elements_bpf *skel;

static void show(const char *what, int result)
{
	char text[64] = "0";

	if (result < 0)
		libbpf_strerror(result, text, sizeof(text));
	else
		snprintf(text, sizeof(text), "%d", result);
	printf("%s: %s%s\n", what, text, result < 0 && errno != -result ? " (errno differs)" : "");
}

static void fill(int fd)
{
	unsigned int keys[entries];
	unsigned long long values[entries];
	__u32 count = entries;
	LIBBPF_OPTS(bpf_map_batch_opts, opts, .elem_flags = BPF_NOEXIST);

	for (unsigned int i = 0; i < entries; i++) {
		keys[i] = i;
		values[i] = i * 10ULL;
	}
	show("fill", bpf_map_update_batch(fd, keys, values, &count, NULL));
	printf("filled %u\n", count);
	show("fill with a flag that batches do not have", bpf_map_update_batch(fd, keys, values, &count, &opts));
}

/* Sums up every element, some at a time. */
static void sum(int fd, int (*look)(int, void *, void *, void *, void *, __u32 *, const struct bpf_map_batch_opts *))
{
	unsigned int keys[chunk], position, seen = 0;
	unsigned long long values[chunk], total = 0;
	void *from = NULL;
	int err, calls = 0;

	do {
		__u32 count = chunk;

		err = look(fd, from, &position, keys, values, &count, NULL);
		for (__u32 i = 0; i < count && (!err || err == -ENOENT); i++)
			total += values[i] == keys[i] * 10ULL ? values[i] : 1000000;
		seen += count;
		from = &position;
		calls++;
	} while (!err);
	printf("%u elements, sum %llu, more than one call %d, ", seen, total, calls > 1);
	show("end", err);
}

static void use_batches(void)
{
	int fd = bpf_map__fd(skel->maps.table);
	unsigned int keys[2] = { 3, 4 };
	__u32 count = 2;

	fill(fd);
	sum(fd, bpf_map_lookup_batch);
	show("delete two", bpf_map_delete_batch(fd, keys, &count, NULL));
	count = 2;
	show("delete them again", bpf_map_delete_batch(fd, keys, &count, NULL));
	printf("deleted %u\n", count);
	sum(fd, bpf_map_lookup_and_delete_batch);
	sum(fd, bpf_map_lookup_batch);
	count = 0x40000000;
	show("a batch larger than memory", bpf_map_lookup_batch(fd, NULL, keys, keys, keys, &count, NULL));
	show("a batch of no map", bpf_map_delete_batch(fd + 1000, keys, &count, NULL));
}

static void use_per_cpu(void)
{
	int cpus = libbpf_num_possible_cpus(), fd = bpf_map__fd(skel->maps.per_cpu);
	unsigned int keys[4] = { 0, 1, 2, 3 }, position;
	unsigned long long *values = calloc(4 * cpus, sizeof(*values)), total = 0;
	__u32 count = 4;

	for (int i = 0; i < 4 * cpus; i++)
		values[i] = 1;
	show("fill all cpus", bpf_map_update_batch(fd, keys, values, &count, NULL));
	memset(values, 0, 4 * cpus * sizeof(*values));
	show("read all cpus", bpf_map_lookup_batch(fd, NULL, &position, keys, values, &count, NULL));
	for (int i = 0; i < 4 * cpus; i++)
		total += values[i];
	printf("%u elements, a value of each cpu: %d\n", count, total == 4ULL * cpus);
	free(values);
}

static void use_queue(void)
{
	unsigned long long value = 7;
	int fd = bpf_map__fd(skel->maps.queue);

	show("push", bpf_map_update_elem(fd, NULL, &value, 0));
	value = 8;
	show("push", bpf_map_update_elem(fd, NULL, &value, 0));
	show("pop", bpf_map_lookup_and_delete_elem(fd, NULL, &value));
	printf("popped %llu\n", value);
	show("pop", bpf_map__lookup_and_delete_elem(skel->maps.queue, NULL, 0, &value, sizeof(value), 0));
	printf("popped %llu\n", value);
	show("pop", bpf_map_lookup_and_delete_elem(fd, NULL, &value));
}

static void list(struct bpf_link *link)
{
	int fd = bpf_iter_create(bpf_link__fd(link));
	char text[64];
	ssize_t length;

	printf("a descriptor %d\n", fd >= 1 << 30);
	while ((length = read(fd, text, sizeof(text))) > 0)
		fwrite(text, 1, length, stdout);
	printf("then %zd\n", length);
	printf("close %d\n", close(fd));
	printf("read of a closed one %zd %s\n", read(fd, text, sizeof(text)), strerror(errno));
}

static void use_iterators(void)
{
	union bpf_iter_link_info info = { .map.map_fd = bpf_map__fd(skel->maps.table) };
	LIBBPF_OPTS(bpf_iter_attach_opts, opts, .link_info = &info, .link_info_len = sizeof(info));
	struct bpf_link *link;
	unsigned int key = 5;
	unsigned long long value = 50;

	bpf_map_update_elem(bpf_map__fd(skel->maps.table), &key, &value, BPF_ANY);
	link = bpf_program__attach_iter(skel->progs.list_elements, &opts);
	if (!link) {
		show("attach", -errno);
		return;
	}
	list(link);
	show("another program", bpf_link__update_program(link, skel->progs.say_the_end));
	list(link);
	show("a program of another kind", bpf_link__update_program(link, skel->progs.measure));
	bpf_link__destroy(link);
	show("an iterator of no link", bpf_iter_create(1 << 30));
}

static void use_test_run(void)
{
	char packet[64], out[64] = "";
	LIBBPF_OPTS(bpf_test_run_opts, opts, .data_in = packet, .data_size_in = sizeof(packet), .data_out = out,
		    .data_size_out = sizeof(out), .repeat = 10);
	int fd = bpf_program__fd(skel->progs.measure);

	memset(packet, 'x', sizeof(packet));
	show("run", bpf_prog_test_run_opts(fd, &opts));
	printf("returned %u, %u bytes: %.3s\n", opts.retval, opts.data_size_out, out + 14);
	opts.data_size_out = 10;
	show("run without room", bpf_prog_test_run_opts(fd, &opts));
	printf("needed %u\n", opts.data_size_out);
	memset(out, 0, sizeof(out));
	opts.data_size_out = 0;
	show("run with no room at all", bpf_prog_test_run_opts(fd, &opts));
	printf("needed %u, written %d\n", opts.data_size_out, memchr(out, 'x', sizeof(out)) != NULL);
	opts.data_in = NULL;
	show("run on nothing", bpf_prog_test_run_opts(fd, &opts));
	opts.data_in = (void *)0xfffffff0;
	show("run on what is not there", bpf_prog_test_run_opts(fd, &opts));
	show("run of a map", bpf_prog_test_run_opts(bpf_map__fd(skel->maps.table), &opts));
}

int main(void)
{
	skel = elements_bpf__open_and_load();
	if (!skel)
		return 1;
	use_batches();
	use_per_cpu();
	use_queue();
	use_iterators();
	use_test_run();
	printf("close of standard input %d\n", close(0));
	printf("then read %zd\n", read(0, &skel, 1));
	elements_bpf__destroy(skel);
	return 0;
}
