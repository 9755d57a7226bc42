/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <string.h>

#include "internal.h"

enum { first_libbpf_error = 4000 };

/* By enum libbpf_errno, from 4000. */
static const char *const libbpf_errors[] = {
	"Something wrong in libelf",
	"BPF object format invalid",
	"'version' section incorrect or lost",
	"Endian mismatch",
	"Internal error in libbpf",
	"Relocation failed",
	"Failed to load program",
	"Kernel verifier blocks program loading",
	"Program too big",
	"Incorrect kernel version",
	"Kernel doesn't support this program type",
	"Wrong pid in netlink message",
	"Invalid netlink sequence",
	"Incorrect netlink message parsing",
};

const char *ecc_error_text(int err)
{
	unsigned int number = err < 0 ? -(unsigned int)err : (unsigned int)err;
	unsigned int index = number - first_libbpf_error;

	if (number >= first_libbpf_error)
		return index < sizeof(libbpf_errors) / sizeof(libbpf_errors[0]) ? libbpf_errors[index]
										: "Unknown libbpf error";
	return strerror((int)number);
}

int libbpf_strerror(int err, char *buf, size_t size)
{
	if (!buf || !size)
		return ecc_fail(-EINVAL);

	const char *text = ecc_error_text(err);
	size_t length = strnlen(text, size - 1);

	memcpy(buf, text, length);
	buf[length] = '\0';
	return text[length] ? ecc_fail(-ERANGE) : 0;
}

long libbpf_get_error(const void *ptr)
{
	return ptr ? 0 : -errno;
}
