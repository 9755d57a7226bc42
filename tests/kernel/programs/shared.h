/* SPDX-License-Identifier: Apache-2.0 */
/* Of both sides. */
#ifndef SHARED_H
#define SHARED_H

struct shared {
	int first;
	long long number;
	unsigned long long place;
	char last;
};

#endif
