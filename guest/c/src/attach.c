/* SPDX-License-Identifier: Apache-2.0 */
/* bpf_program__attach_*(): each says in ecc_attach_opts what libbpf says in its arguments. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"

static uint32_t address(const char *text)
{
	return (uint32_t)(uintptr_t)text;
}

/* `target` and `function` may be NULL. */
static struct ecc_attach_opts options(enum ecc_attach_kind kind, const char *target, const char *function)
{
	return (struct ecc_attach_opts){
		.size = sizeof(struct ecc_attach_opts),
		.kind = kind,
		.target = address(target),
		.target_length = target ? strlen(target) : 0,
		.function = address(function),
		.function_length = function ? strlen(function) : 0,
		.pid = -1,
		.cpu = -1,
	};
}

/* A link for what the host attached, or NULL with errno. */
static struct bpf_link *new_link(ecc_handle_t handle)
{
	if (handle < 0) {
		ecc_result(handle);
		return NULL;
	}

	struct bpf_link *link = calloc(1, sizeof(*link));

	if (!link) {
		ecc_link_detach(handle);
		errno = ENOMEM;
		return NULL;
	}
	link->handle = handle;
	return link;
}

struct bpf_link *ecc_attach(const struct bpf_program *prog, const struct ecc_attach_opts *opts)
{
	ecc_sync_windows();
	return new_link(ecc_program_attach(prog->handle, opts));
}

struct bpf_link *bpf_map__attach_struct_ops(const struct bpf_map *map)
{
	return new_link(ecc_map_attach(map->handle));
}

/* "FIRST:SECOND" in memory of the caller's, or NULL with errno. */
static char *joined(const char *first, const char *second)
{
	size_t length = strlen(first);
	char *text = malloc(length + strlen(second) + 2);

	if (!text) {
		errno = ENOMEM;
		return NULL;
	}
	memcpy(text, first, length);
	text[length] = ':';
	strcpy(text + length + 1, second);
	return text;
}

struct bpf_link *bpf_program__attach(const struct bpf_program *prog)
{
	struct ecc_attach_opts opts = options(ECC_ATTACH_SECTION, NULL, NULL);

	return ecc_attach(prog, &opts);
}

/* ---- networking ---- */

struct bpf_link *bpf_program__attach_xdp(const struct bpf_program *prog, int ifindex)
{
	struct ecc_attach_opts opts = options(ECC_ATTACH_INTERFACE, NULL, NULL);

	opts.ifindex = (uint32_t)ifindex;
	return ecc_attach(prog, &opts);
}

struct bpf_link *bpf_program__attach_cgroup(const struct bpf_program *prog, int cgroup_fd)
{
	const char *path = ecc_cgroup_path(cgroup_fd);

	if (!path) {
		ecc_warn("program '", prog->name, "': a cgroup is named with ecc_cgroup_open() of <ecc/cgroup.h>", NULL);
		errno = EBADF;
		return NULL;
	}

	struct ecc_attach_opts opts = options(ECC_ATTACH_CGROUP, path, NULL);

	return ecc_attach(prog, &opts);
}

struct bpf_link *bpf_program__attach_netfilter(const struct bpf_program *prog, const struct bpf_netfilter_opts *given)
{
	struct ecc_attach_opts opts = options(ECC_ATTACH_NETFILTER, NULL, NULL);

	opts.family = ECC_OPTION(given, pf, 0);
	opts.hook = ECC_OPTION(given, hooknum, 0);
	opts.priority = ECC_OPTION(given, priority, 0);
	opts.flags = ECC_OPTION(given, flags, 0);
	return ecc_attach(prog, &opts);
}

/* ---- tracepoints ---- */

struct bpf_link *bpf_program__attach_tracepoint_opts(const struct bpf_program *prog, const char *tp_category,
						     const char *tp_name, const struct bpf_tracepoint_opts *given)
{
	char *target = joined(tp_category, tp_name);

	if (!target)
		return NULL;

	struct ecc_attach_opts opts = options(ECC_ATTACH_TRACEPOINT, target, NULL);

	opts.cookie = ECC_OPTION(given, bpf_cookie, 0);

	struct bpf_link *link = ecc_attach(prog, &opts);

	free(target);
	return link;
}

struct bpf_link *bpf_program__attach_tracepoint(const struct bpf_program *prog, const char *tp_category,
						const char *tp_name)
{
	return bpf_program__attach_tracepoint_opts(prog, tp_category, tp_name, NULL);
}

struct bpf_link *bpf_program__attach_raw_tracepoint_opts(const struct bpf_program *prog, const char *tp_name,
							 struct bpf_raw_tracepoint_opts *given)
{
	struct ecc_attach_opts opts = options(ECC_ATTACH_RAW_TRACEPOINT, tp_name, NULL);

	opts.cookie = ECC_OPTION(given, cookie, 0);
	return ecc_attach(prog, &opts);
}

struct bpf_link *bpf_program__attach_raw_tracepoint(const struct bpf_program *prog, const char *tp_name)
{
	return bpf_program__attach_raw_tracepoint_opts(prog, tp_name, NULL);
}

/* ---- probes ---- */

struct bpf_link *bpf_program__attach_kprobe_opts(const struct bpf_program *prog, const char *func_name,
						 const struct bpf_kprobe_opts *given)
{
	struct ecc_attach_opts opts = options(ECC_ATTACH_KPROBE, func_name, NULL);

	opts.flags = ECC_OPTION(given, retprobe, false) ? ECC_ATTACH_RETURN : 0;
	opts.cookie = ECC_OPTION(given, bpf_cookie, 0);
	opts.offset = ECC_OPTION(given, offset, 0);
	return ecc_attach(prog, &opts);
}

struct bpf_link *bpf_program__attach_kprobe(const struct bpf_program *prog, bool retprobe, const char *func_name)
{
	LIBBPF_OPTS(bpf_kprobe_opts, opts, .retprobe = retprobe);

	return bpf_program__attach_kprobe_opts(prog, func_name, &opts);
}

struct bpf_link *bpf_program__attach_uprobe_opts(const struct bpf_program *prog, pid_t pid, const char *binary_path,
						 size_t func_offset, const struct bpf_uprobe_opts *given)
{
	struct ecc_attach_opts opts = options(ECC_ATTACH_UPROBE, binary_path, ECC_OPTION(given, func_name, NULL));

	opts.flags = ECC_OPTION(given, retprobe, false) ? ECC_ATTACH_RETURN : 0;
	opts.cookie = ECC_OPTION(given, bpf_cookie, 0);
	opts.offset = func_offset;
	opts.pid = pid;
	return ecc_attach(prog, &opts);
}

struct bpf_link *bpf_program__attach_uprobe(const struct bpf_program *prog, bool retprobe, pid_t pid,
					    const char *binary_path, size_t func_offset)
{
	LIBBPF_OPTS(bpf_uprobe_opts, opts, .retprobe = retprobe);

	return bpf_program__attach_uprobe_opts(prog, pid, binary_path, func_offset, &opts);
}

struct bpf_link *bpf_program__attach_usdt(const struct bpf_program *prog, pid_t pid, const char *binary_path,
					  const char *usdt_provider, const char *usdt_name,
					  const struct bpf_usdt_opts *given)
{
	char *probe = joined(usdt_provider, usdt_name);

	if (!probe)
		return NULL;

	struct ecc_attach_opts opts = options(ECC_ATTACH_USDT, binary_path, probe);

	opts.cookie = ECC_OPTION(given, usdt_cookie, 0);
	opts.pid = pid;

	struct bpf_link *link = ecc_attach(prog, &opts);

	free(probe);
	return link;
}

/* ---- perf events ---- */

struct bpf_link *bpf_program__attach_perf_event_opts(const struct bpf_program *prog, int pfd,
						     const struct bpf_perf_event_opts *given)
{
	const struct ecc_attach_opts *event = ecc_perf_event(pfd);

	if (!event) {
		ecc_warn("program '", prog->name, "': a perf event is opened with syscall(SYS_perf_event_open, ...)", NULL);
		errno = EBADF;
		return NULL;
	}

	struct ecc_attach_opts opts = *event;

	opts.cookie = ECC_OPTION(given, bpf_cookie, 0);
	return ecc_attach(prog, &opts);
}

struct bpf_link *bpf_program__attach_perf_event(const struct bpf_program *prog, int pfd)
{
	return bpf_program__attach_perf_event_opts(prog, pfd, NULL);
}
