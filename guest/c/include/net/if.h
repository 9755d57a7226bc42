/* SPDX-License-Identifier: Apache-2.0 */
/* The part of <net/if.h> that BPF user parts need: wasi-libc has no such header. */
#ifndef ECC_NET_IF_H
#define ECC_NET_IF_H

#ifdef __cplusplus
extern "C" {
#endif

#define IF_NAMESIZE 16
#define IFNAMSIZ IF_NAMESIZE

/* The index of the host's network interface of that name, or 0 with errno set: ENODEV if there is none. */
unsigned int if_nametoindex(const char *name);

#ifdef __cplusplus
}
#endif

#endif /* ECC_NET_IF_H */
