/* SPDX-License-Identifier: Apache-2.0 */
#include "internal.h"

int libbpf_num_possible_cpus(void)
{
	return ecc_result(ecc_possible_cpus());
}
