/* SPDX-License-Identifier: Apache-2.0 */
/* Looks a kernel function up by its name and by an address in it. */
#include <ecc/ksyms.h>
#include <stdio.h>

int main(void)
{
	struct ksyms *ksyms = ksyms__load();

	if (!ksyms) {
		perror("ksyms");
		return 1;
	}

	const struct ksym *named = ksyms__get_symbol(ksyms, "schedule");
	const struct ksym *at = named ? ksyms__map_addr(ksyms, named->addr + 1) : NULL;

	printf("%s %s\n", at ? at->name : "none", at == named ? "same" : "another");
	printf("%s\n", ksyms__map_addr(ksyms, 1) ? "found" : "none");
	ksyms__free(ksyms);
	return 0;
}
