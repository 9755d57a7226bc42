// SPDX-License-Identifier: GPL-2.0 OR BSD-3-Clause
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "values.types.h"
#include "values.skel.h"

#include <bpf/bpf.h>
#include <ecc/struct_ops.h>

static void print_bytes(const char *name, const void *start, size_t length)
{
	const unsigned char *bytes = start;

	printf("%s", name);
	for (size_t i = 0; i < length; i++)
		printf(" %u", bytes[i]);
	printf("\n");
}

static void print_scalars(const struct every *e)
{
	printf("first %u\nnumber %lld\naddress %llx\n", e->first, e->number, e->address);
	printf("pointers %llx %llx %llx\n", e->pointer, e->task, e->text_of_user);
	printf("colour %d\nsize %llx\ntiny %u\nyes %d\n", e->colour, e->size, e->tiny, e->yes);
	printf("text %s\n", e->text);
	print_bytes("bytes", e->bytes, sizeof(e->bytes));
	printf("keywords %u %u %u %u %u %u\n", e->class_, e->new_, e->private_, e->type, e->func, e->match);
}

static void print_parts(const struct every *e)
{
	printf("bits %x %x %x %d %d\n", e->low, e->middle, e->high, e->negative, e->flag);
	printf("wide bits %" PRIx64 " %" PRId64 " %d\n", (uint64_t)e->wide_bits, (int64_t)e->long_bits, e->colour_bits);
	print_bytes("odd", e->odd, sizeof(e->odd));
	printf("packed %u %x %llx\n", e->packed.kind, e->packed.number, e->packed.wide);
	printf("half %x %x %x\n", e->half.first, e->half.second, e->half.third);
	printf("code %x %x %x\n", e->code, e->minor, e->major);
	printf("inner %llx %u %d\n", e->inner.either, e->inner.parts[7], e->inner.last);
	printf("ratio %d\n", (int)(e->ratio * 100));
	printf("matrix %u %u %u %u\n", e->matrix[0][0], e->matrix[0][2], e->matrix[1][0], e->matrix[1][2]);
	printf("items");
	for (int i = 0; i < e->count; i++)
		printf(" %u:%u", e->items[i].key, e->items[i].value);
	printf("\n");
}

static int print_record(void *context, void *data, size_t length)
{
	(void)context;
	printf("length %zu\n", length);
	print_scalars(data);
	print_parts(data);
	return 0;
}

static void print_wide(const struct values_bpf *skel)
{
	const struct odd key = { { 1, 2, 3 } };
	struct wide wide;

	bpf_map__lookup_elem(skel->maps.wides, &key, sizeof(key), &wide, sizeof(wide), 0);
	printf("wide %u %016llx%016llx %lld %x\n", wide.first, (unsigned long long)(wide.positive >> 64),
	       (unsigned long long)wide.positive, (long long)wide.negative, wide.last);
}

static void print_counts(const struct values_bpf *skel)
{
	const int cpus = libbpf_num_possible_cpus();
	const unsigned key = 0;
	struct {
		struct odd odd;
		char rounded[5];
	} counts[cpus];
	unsigned sum = 0;

	bpf_map__lookup_elem(skel->maps.counts, &key, sizeof(key), counts, sizeof(counts), 0);
	for (int i = 0; i < cpus; i++)
		sum += counts[i].odd.bytes[1];
	printf("counts %u\n", sum);
}

static void print_queues(const struct values_bpf *skel)
{
	struct item peeked, first, second, none, top;
	bool left, full;

	bpf_map__lookup_elem(skel->maps.queue, NULL, 0, &peeked, sizeof(peeked), 0);
	bpf_map__lookup_and_delete_elem(skel->maps.queue, NULL, 0, &first, sizeof(first), 0);
	bpf_map__lookup_and_delete_elem(skel->maps.queue, NULL, 0, &second, sizeof(second), 0);
	left = !bpf_map__lookup_and_delete_elem(skel->maps.queue, NULL, 0, &none, sizeof(none), 0);
	bpf_map__lookup_elem(skel->maps.stack, NULL, 0, &top, sizeof(top), 0);
	full = bpf_map__update_elem(skel->maps.stack, NULL, 0, &top, sizeof(top), 0) == -E2BIG;
	printf("queue %u %u %u %d, stack %u, full %d\n", peeked.value, first.value, second.value, left, top.value, full);
}

static void print_statics(const struct values_bpf *skel)
{
	typeof(*skel->data_tries) tries;
	const unsigned key = 0;

	bpf_map__lookup_elem(skel->maps.data_tries, &key, sizeof(key), &tries, sizeof(tries), 0);
	printf("statics %u %u %lld %u\n", skel->bss->calls, skel->data->change_globals_own, tries.tries, tries.more_tries);
}

static void print_globals(const struct values_bpf *skel)
{
	printf("globals %u %u %llu %lld %lld\n", skel->bss->last_packed.kind, skel->bss->last_packed.number,
	       skel->bss->last_packed.wide, skel->data_sums->sums[0], skel->data_sums->sums[1]);
	print_statics(skel);
	printf("kernel %x %llu %d %d\n", skel->kconfig->LINUX_KERNEL_VERSION, skel->kconfig->CONFIG_HZ,
	       skel->kconfig->CONFIG_BPF_SYSCALL, skel->kconfig->CONFIG_NO_SUCH_OPTION);
}

/* While the struct_ops map is attached. */
static int run(struct values_bpf *skel)
{
	LIBBPF_OPTS(bpf_test_run_opts, opts);
	struct ring_buffer *ring = ring_buffer__new(bpf_map__fd(skel->maps.records), print_record, NULL, NULL);
	char name[256] = "";
	FILE *list = fopen("/proc/sys/net/ipv4/tcp_available_congestion_control", "r");

	if (!ring || !list || !fgets(name, sizeof(name), list))
		return 1;
	fclose(list);
	printf("attached %d %d\n", skel->links.congestion != NULL, strstr(name, "ecc_values") != NULL);
	if (bpf_prog_test_run_opts(bpf_program__fd(skel->progs.fill), &opts) || opts.retval)
		return 1;
	ring_buffer__consume(ring);
	ring_buffer__free(ring);
	print_wide(skel);
	print_counts(skel);
	print_queues(skel);
	print_globals(skel);
	return 0;
}

int main(void)
{
	struct values_bpf *skel = values_bpf__open();

	if (!skel)
		return 1;
	skel->rodata->addend = 41;
	skel->data_tries->tries = 170;
	skel->data_tries->more_tries = 90;
	skel->data_sums->sums[1] = -100;
	skel->struct_ops.congestion->undo_cwnd = ecc_program_handle(skel->progs.undo_cwnd);
	strcpy(skel->struct_ops.congestion->name, "ecc_values");

	int err = values_bpf__load(skel) || values_bpf__attach(skel) || run(skel);

	values_bpf__destroy(skel);
	return err;
}
