/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The kernel's functions by address and by name, for stack traces: the functions that tools written for libbpf have for
 * this, with addresses of 64 bits. The runtime looks them up, if that is allowed (`--allow symbols`).
 */
#ifndef ECC_KSYMS_H
#define ECC_KSYMS_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct ksym {
	const char *name;
	uint64_t addr; /* where the function starts */
};

struct ksyms;

/* Null with errno EPERM if looking symbols up is not allowed, or the kernel hides them. */
struct ksyms *ksyms__load(void);
void ksyms__free(struct ksyms *ksyms);
/* The function that `addr` lies in, good until ksyms__free; null if it lies in none. */
const struct ksym *ksyms__map_addr(struct ksyms *ksyms, uint64_t addr);
/* The first function of that name, likewise. */
const struct ksym *ksyms__get_symbol(struct ksyms *ksyms, const char *name);

#ifdef __cplusplus
}
#endif

#endif /* ECC_KSYMS_H */
