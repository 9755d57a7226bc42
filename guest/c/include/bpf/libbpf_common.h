/* SPDX-License-Identifier: (LGPL-2.1 OR BSD-2-Clause) */
/*
 * Option structures: libbpf's macros, used under the BSD licence.
 *
 * Copyright (c) 2019 Facebook
 */
#ifndef __LIBBPF_LIBBPF_COMMON_H
#define __LIBBPF_LIBBPF_COMMON_H

#include <string.h>

#include "libbpf_version.h"

#define LIBBPF_API

/*
 * Declares an option structure, zeroes it (padding included), sets its size and then the named members:
 *
 *     LIBBPF_OPTS(bpf_object_open_opts, opts, .kernel_log_level = 1);
 */
#define LIBBPF_OPTS(TYPE, NAME, ...)					    \
	struct TYPE NAME = ({						    \
		memset(&NAME, 0, sizeof(struct TYPE));			    \
		(struct TYPE) {						    \
			.sz = sizeof(struct TYPE),			    \
			__VA_ARGS__					    \
		};							    \
	})

/* The same for a structure that exists already. */
#define LIBBPF_OPTS_RESET(NAME, ...)					    \
	do {								    \
		typeof(NAME) ___##NAME = ({				    \
			memset(&___##NAME, 0, sizeof(NAME));		    \
			(typeof(NAME)) {				    \
				.sz = sizeof(NAME),			    \
				__VA_ARGS__				    \
			};						    \
		});							    \
		memcpy(&NAME, &___##NAME, sizeof(NAME));		    \
	} while (0)

#endif /* __LIBBPF_LIBBPF_COMMON_H */
