/* SPDX-License-Identifier: Apache-2.0 */
/* The functions of the older interface, with the types that modules for wasm-bpf import them by. */
#include <stdint.h>

#define OLD(name) __attribute__((import_module("wasm_bpf"), import_name(#name))) extern

OLD(wasm_load_bpf_object) uint64_t wasm_load_bpf_object(const void *bytes, int size);
OLD(wasm_close_bpf_object) int wasm_close_bpf_object(uint64_t object);
OLD(wasm_attach_bpf_program) int wasm_attach_bpf_program(uint64_t object, const char *name, const char *target);
OLD(wasm_bpf_map_fd_by_name) int wasm_bpf_map_fd_by_name(uint64_t object, const char *name);
OLD(wasm_bpf_map_operate) int wasm_bpf_map_operate(int fd, int command, void *key, void *value, void *next,
						   uint64_t flags);
OLD(wasm_bpf_buffer_poll) int wasm_bpf_buffer_poll(uint64_t object, int fd, int32_t sample, uint32_t context,
						   void *data, uint32_t max, int timeout);

/* Commands of wasm_bpf_map_operate. */
enum { OLD_LOOKUP = 1, OLD_UPDATE = 2, OLD_DELETE = 3, OLD_NEXT_KEY = 4 };
