/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Opens `lending` again and again until one cannot be loaded. All but the first are closed at once, after the first took
 * their maps into its map of maps. Then closes the first, too, and loads one more.
 */
#include <ecc/host.h>
#include <stdio.h>

static int open_and_load(ecc_handle_t *object)
{
	*object = ecc_object_open("lending", 7, 0);
	return *object < 0 ? *object : ecc_object_load(*object);
}

static int lend(ecc_handle_t outer, uint32_t key, ecc_handle_t object)
{
	ecc_handle_t inner = ecc_map_find(object, "inner", 5);

	return ecc_map_update(outer, &key, sizeof(key), &inner, sizeof(inner), 0);
}

int main(void)
{
	ecc_handle_t first, next;
	int error = open_and_load(&first);
	ecc_handle_t outer = ecc_map_find(first, "outer", 5);
	uint32_t lent = 0;

	while (!error && lent < 64) {
		error = open_and_load(&next);
		if (!error)
			error = lend(outer, lent++, next);
		ecc_object_close(next);
	}
	printf("lent %u, then %d\n", lent, error);
	ecc_object_close(first);
	printf("after the borrower was closed %d\n", open_and_load(&next));
	return 0;
}
