/* SPDX-License-Identifier: Apache-2.0 */
/* Linked without an entry, so that the module has no _start. */
__attribute__((export_name("other"))) int other(void)
{
	return 0;
}
