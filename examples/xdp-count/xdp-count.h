/* SPDX-License-Identifier: GPL-2.0 OR BSD-3-Clause */
#ifndef XDP_COUNT_H
#define XDP_COUNT_H

#define PROTOCOL_COUNT 256

struct traffic {
	__u64 packets;
	__u64 bytes;
};

#endif /* XDP_COUNT_H */
