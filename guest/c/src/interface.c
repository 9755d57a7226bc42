/* SPDX-License-Identifier: Apache-2.0 */
#include <net/if.h>
#include <string.h>

#include "internal.h"

unsigned int if_nametoindex(const char *name)
{
	int index = ecc_result(ecc_interface_index(name, strlen(name)));

	return index < 0 ? 0 : (unsigned int)index;
}
