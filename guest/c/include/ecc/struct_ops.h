/* SPDX-License-Identifier: Apache-2.0 */
/* Choosing the programs of a struct_ops map: in libbpf a pointer, here a number as long as the kernel's pointers. */
#ifndef ECC_STRUCT_OPS_H
#define ECC_STRUCT_OPS_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct bpf_program;

/*
 * What stands for the program in the initial value of a struct_ops map, before load:
 *	skel->struct_ops.congestion->init = ecc_program_handle(skel->progs.init);
 * 0 there means no program.
 */
uint64_t ecc_program_handle(const struct bpf_program *prog);

#ifdef __cplusplus
}
#endif

#endif /* ECC_STRUCT_OPS_H */
