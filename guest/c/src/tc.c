/* SPDX-License-Identifier: Apache-2.0 */
/* bpf_tc_*(): the runtime makes the qdisc or uses a tcx link; filters here are links with libbpf's names for them. */
#include <errno.h>
#include <stdlib.h>

#include "internal.h"

struct filter {
	struct filter *next;
	ecc_handle_t link;
	int ifindex;
	__u32 point;
	__u32 handle;
	__u32 priority;
};

static struct filter *filters;

static bool is_direction(__u32 point)
{
	return point == BPF_TC_INGRESS || point == BPF_TC_EGRESS;
}

int bpf_tc_hook_create(struct bpf_tc_hook *hook)
{
	return hook && hook->ifindex > 0 ? 0 : ecc_fail(-EINVAL);
}

int bpf_tc_hook_destroy(struct bpf_tc_hook *hook)
{
	if (!hook || hook->ifindex <= 0)
		return ecc_fail(-EINVAL);
	for (struct filter **at = &filters; *at;) {
		struct filter *filter = *at;

		if (filter->ifindex != hook->ifindex || !(filter->point & hook->attach_point)) {
			at = &filter->next;
			continue;
		}
		ecc_link_detach(filter->link);
		*at = filter->next;
		free(filter);
	}
	return 0;
}

static struct filter **find(const struct bpf_tc_hook *hook, const struct bpf_tc_opts *opts)
{
	struct filter **at = &filters;

	while (*at && !((*at)->ifindex == hook->ifindex && (*at)->point == (__u32)hook->attach_point &&
			(*at)->handle == opts->handle && (*at)->priority == opts->priority))
		at = &(*at)->next;
	return at;
}

int bpf_tc_attach(const struct bpf_tc_hook *hook, struct bpf_tc_opts *opts)
{
	if (!hook || !opts || hook->ifindex <= 0 || !is_direction(hook->attach_point) || opts->prog_id)
		return ecc_fail(-EINVAL);
	if (!opts->handle)
		opts->handle = 1;
	if (!opts->priority)
		opts->priority = 1;

	struct filter **old = find(hook, opts);
	struct filter *filter = malloc(sizeof(*filter));
	struct ecc_attach_opts attach = {
		.size = sizeof(attach),
		.kind = ECC_ATTACH_TC,
		.ifindex = (uint32_t)hook->ifindex,
		.hook = hook->attach_point == BPF_TC_INGRESS ? ECC_TC_INGRESS : ECC_TC_EGRESS,
		.priority = (int32_t)opts->priority,
	};

	if (!filter)
		return ecc_fail(-ENOMEM);
	if (*old && !(opts->flags & BPF_TC_F_REPLACE)) {
		free(filter);
		return ecc_fail(-EEXIST);
	}

	ecc_handle_t link = ecc_program_attach(opts->prog_fd, &attach);

	if (link < 0) {
		free(filter);
		return ecc_result(link);
	}
	if (*old) {
		ecc_link_detach((*old)->link);
		(*old)->link = link;
		free(filter);
		return 0;
	}
	*filter = (struct filter){ filters, link, hook->ifindex, hook->attach_point, opts->handle, opts->priority };
	filters = filter;
	return 0;
}

int bpf_tc_detach(const struct bpf_tc_hook *hook, const struct bpf_tc_opts *opts)
{
	if (!hook || !opts)
		return ecc_fail(-EINVAL);

	struct filter **at = find(hook, opts);
	struct filter *filter = *at;

	if (!filter)
		return ecc_fail(-ENOENT);
	*at = filter->next;

	int err = ecc_result(ecc_link_detach(filter->link));

	free(filter);
	return err;
}
