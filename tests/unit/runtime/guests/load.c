/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Opens and loads the object that its argument names; prints what the host said and the end of the log. More arguments:
 * "open", until the host refuses; "again" loads once more; "test PROGRAM" on a packet, without end; "perf MAP PAGES";
 * "update MAP" with zeros at key 0; "attach PROGRAM" as its section says; "tc PROGRAM" to lo; "tracepoint PROGRAM
 * TARGET"; "function PROGRAM FUNCTION" before the load; "resize MAP" in place of the load.
 */
#include <ecc/host.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static ecc_handle_t open_object(const char *name)
{
	return ecc_object_open(name, (uint32_t)strlen(name), 0);
}

static int attach(ecc_handle_t object, const char *name, uint32_t kind, const char *target)
{
	struct ecc_attach_opts opts = { .size = sizeof(opts), .kind = kind, .hook = ECC_TC_INGRESS, .pid = -1, .cpu = -1 };

	opts.target = (uint32_t)(uintptr_t)target;
	opts.target_length = target ? (uint32_t)strlen(target) : 0;
	return ecc_program_attach(ecc_program_find(object, name, (uint32_t)strlen(name)), &opts);
}

static int load(ecc_handle_t object, int argc, char **argv)
{
	const char *what = argc > 2 ? argv[2] : "";
	uint32_t length = argc > 3 ? (uint32_t)strlen(argv[3]) : 0;

	if (!strcmp(what, "resize"))
		return ecc_map_set_max_entries(ecc_map_find(object, argv[3], length), 2);
	if (!strcmp(what, "function")) {
		int error = ecc_program_set_attach_target(ecc_program_find(object, argv[3], length), 0, argv[4],
							  (uint32_t)strlen(argv[4]));
		if (error)
			return error;
	}
	return ecc_object_load(object);
}

/* Runs it for as long as the host lets it. */
static int test(ecc_handle_t program)
{
	static unsigned char packet[64];
	struct ecc_test_run run = { .size = sizeof(run), .data = (uint32_t)(uintptr_t)packet, .repeat = INT32_MAX };
	struct ecc_test_run_result result = { .size = sizeof(result) };

	run.data_length = sizeof(packet);
	return ecc_program_test_run(program, &run, &result);
}

static int update(ecc_handle_t map)
{
	static unsigned char zeros[4096];
	struct ecc_map_info info = { .size = sizeof(info) };

	ecc_map_info(map, &info);
	return ecc_map_update(map, zeros, info.key_size, zeros, info.value_bytes, 0);
}

static int go_on(ecc_handle_t object, char **argv)
{
	ecc_handle_t next = object;

	if (!strcmp(argv[2], "resize"))
		return 0;
	if (!strcmp(argv[2], "again"))
		return ecc_object_load(object);
	if (!strcmp(argv[2], "test"))
		return test(ecc_program_find(object, argv[3], (uint32_t)strlen(argv[3])));
	if (!strcmp(argv[2], "attach") || !strcmp(argv[2], "function"))
		return attach(object, argv[3], ECC_ATTACH_SECTION, 0);
	if (!strcmp(argv[2], "tc"))
		return attach(object, argv[3], ECC_ATTACH_TC, "lo");
	if (!strcmp(argv[2], "tracepoint"))
		return attach(object, argv[3], ECC_ATTACH_TRACEPOINT, argv[4]);
	if (!strcmp(argv[2], "perf"))
		return ecc_perfbuf_open(ecc_map_find(object, argv[3], (uint32_t)strlen(argv[3])), (uint32_t)atoi(argv[4]));
	if (!strcmp(argv[2], "update"))
		return update(ecc_map_find(object, argv[3], (uint32_t)strlen(argv[3])));
	while (next > 0)
		next = open_object(argv[1]);
	open_object(argv[1]);
	return next;
}

int main(int argc, char **argv)
{
	static char log[400];
	ecc_handle_t object = open_object(argv[1]);
	int error = object < 0 ? object : load(object, argc, argv);
	int length = object < 0 ? 0 : ecc_object_log(object, log, sizeof(log) - 1);

	printf("status %d\nlog %d\n%s\n", error, length, log);
	if (argc > 2)
		printf("then %d\n", go_on(object, argv));
	return 0;
}
