/* SPDX-License-Identifier: Apache-2.0 */
/* The Rust and Go bindings of the older interface declared pointers of 64 bits, which no runtime has. */
#include <stdint.h>

__attribute__((import_module("wasm_bpf"), import_name("wasm_bpf_map_operate"))) extern int
wasm_bpf_map_operate(int fd, int command, uint64_t key, uint64_t value, uint64_t next, uint64_t flags);

int main(void)
{
	return wasm_bpf_map_operate(0, 0, 0, 0, 0, 0);
}
