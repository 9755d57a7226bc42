/* SPDX-License-Identifier: Apache-2.0 */
__attribute__((import_module("ecc_bpf_v9"), import_name("newer"))) extern int newer(void);

int main(void)
{
	return newer();
}
