/* SPDX-License-Identifier: GPL-2.0 OR BSD-3-Clause */
/* What both parts know: only types that have the same size in the kernel and in the guest. */
#ifndef BOOTSTRAP_H
#define BOOTSTRAP_H

#define COMM_SIZE 16
#define FILENAME_SIZE 128

enum event_kind {
	EVENT_EXEC,
	EVENT_EXIT,
};

struct event {
	enum event_kind kind;
	__u32 pid;
	__u32 ppid;
	__u32 exit_code;
	__u64 duration_ns;
	char comm[COMM_SIZE];
	char filename[FILENAME_SIZE];
};

#endif /* BOOTSTRAP_H */
