/* SPDX-License-Identifier: Apache-2.0 */
#include <ecc/ksyms.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"

/* KSYM_NAME_LEN of the kernel. */
#define NAME_MAX_LENGTH 512

/* What was asked for once is kept, so that callers need not copy it. */
struct entry {
	struct ksym ksym;
	struct entry *next;
	char name[];
};

struct ksyms {
	struct entry *entries;
};

struct ksyms *ksyms__load(void)
{
	uint64_t start;

	/* No function lies at 0: anything but "not there" says that none can be looked up. */
	int result = ecc_symbol_at(0, NULL, 0, &start);

	if (result < 0 && result != -2 /* Linux' ENOENT */) {
		ecc_result(result);
		return NULL;
	}
	return calloc(1, sizeof(struct ksyms));
}

void ksyms__free(struct ksyms *ksyms)
{
	struct entry *next;

	if (!ksyms)
		return;
	for (struct entry *entry = ksyms->entries; entry; entry = next) {
		next = entry->next;
		free(entry);
	}
	free(ksyms);
}

static const struct ksym *keep(struct ksyms *ksyms, uint64_t start, const char *name, size_t length)
{
	struct entry *entry;

	for (entry = ksyms->entries; entry; entry = entry->next)
		if (entry->ksym.addr == start && !strncmp(entry->name, name, length) && !entry->name[length])
			return &entry->ksym;
	entry = malloc(sizeof(*entry) + length + 1);
	if (!entry)
		return NULL;
	memcpy(entry->name, name, length);
	entry->name[length] = '\0';
	entry->ksym = (struct ksym){ entry->name, start };
	entry->next = ksyms->entries;
	ksyms->entries = entry;
	return &entry->ksym;
}

const struct ksym *ksyms__map_addr(struct ksyms *ksyms, uint64_t addr)
{
	char name[NAME_MAX_LENGTH];
	uint64_t start;
	int length = ecc_result(ecc_symbol_at(addr, name, sizeof(name), &start));

	if (length < 0)
		return NULL;
	return keep(ksyms, start, name, (size_t)length < sizeof(name) ? (size_t)length : sizeof(name));
}

const struct ksym *ksyms__get_symbol(struct ksyms *ksyms, const char *name)
{
	uint64_t start;

	if (ecc_result(ecc_symbol_find(name, strlen(name), &start)) < 0)
		return NULL;
	return keep(ksyms, start, name, strlen(name));
}
