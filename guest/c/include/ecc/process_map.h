/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which file a process has mapped at an address of its stack, for tools that read stacks of processes. The runtime looks it
 * up, if that is allowed (`--allow symbols`).
 */
#ifndef ECC_PROCESS_MAP_H
#define ECC_PROCESS_MAP_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A path of the kernel and its NUL: PATH_MAX, and what it may add, such as " (deleted)". */
#define ECC_PROCESS_MAP_NAME 4352

struct ecc_process_map {
	uint64_t start;  /* where the mapping starts */
	uint64_t offset; /* where the address lies in the file; program headers (PT_LOAD) lead to that of a symbol */
	char name[ECC_PROCESS_MAP_NAME]; /* the file's path, "[vdso]" and the like, or empty: anonymous memory */
};

/*
 * Fills `map` with what process `pid` (or the one that this thread belongs to) has mapped at `address` now. 0, or a negated
 * errno, which is in errno too: ESRCH: there is no such process any more, or it is a thread of the kernel; ENOENT: nothing is
 * mapped there; EPERM: not allowed, or the kernel hides the process. Tools keep what they learn about a process: it may
 * end before they print.
 */
int ecc_process_map(int pid, uint64_t address, struct ecc_process_map *map);

#ifdef __cplusplus
}
#endif

#endif /* ECC_PROCESS_MAP_H */
