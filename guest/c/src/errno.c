/* SPDX-License-Identifier: Apache-2.0 */
/* The host answers with Linux' error numbers; wasi-libc has others. */
#include <errno.h>

#include "internal.h"

/* By Linux number (asm-generic/errno.h). Numbers without a counterpart take the nearest meaning; 0 becomes EIO. */
static const uint8_t wasi_errno[] = {
	[1] = EPERM,		[2] = ENOENT,		[3] = ESRCH,		[4] = EINTR,
	[5] = EIO,		[6] = ENXIO,		[7] = E2BIG,		[8] = ENOEXEC,
	[9] = EBADF,		[10] = ECHILD,		[11] = EAGAIN,		[12] = ENOMEM,
	[13] = EACCES,		[14] = EFAULT,		[16] = EBUSY,		[17] = EEXIST,
	[18] = EXDEV,		[19] = ENODEV,		[20] = ENOTDIR,		[21] = EISDIR,
	[22] = EINVAL,		[23] = ENFILE,		[24] = EMFILE,		[25] = ENOTTY,
	[26] = ETXTBSY,		[27] = EFBIG,		[28] = ENOSPC,		[29] = ESPIPE,
	[30] = EROFS,		[31] = EMLINK,		[32] = EPIPE,		[33] = EDOM,
	[34] = ERANGE,		[35] = EDEADLK,		[36] = ENAMETOOLONG,	[37] = ENOLCK,
	[38] = ENOSYS,		[39] = ENOTEMPTY,	[40] = ELOOP,		[42] = ENOMSG,
	[43] = EIDRM,		[61] = ENOENT,		[62] = ETIMEDOUT,	[67] = ENOLINK,
	[71] = EPROTO,		[72] = EMULTIHOP,	[74] = EBADMSG,		[75] = EOVERFLOW,
	[84] = EILSEQ,		[88] = ENOTSOCK,	[89] = EDESTADDRREQ,	[90] = EMSGSIZE,
	[91] = EPROTOTYPE,	[92] = ENOPROTOOPT,	[93] = EPROTONOSUPPORT, [94] = ENOTSUP,
	[95] = EOPNOTSUPP,	[96] = ENOTSUP,		[97] = EAFNOSUPPORT,	[98] = EADDRINUSE,
	[99] = EADDRNOTAVAIL,	[100] = ENETDOWN,	[101] = ENETUNREACH,	[102] = ENETRESET,
	[103] = ECONNABORTED,	[104] = ECONNRESET,	[105] = ENOBUFS,	[106] = EISCONN,
	[107] = ENOTCONN,	[108] = EPIPE,		[110] = ETIMEDOUT,	[111] = ECONNREFUSED,
	[112] = EHOSTUNREACH,	[113] = EHOSTUNREACH,	[114] = EALREADY,	[115] = EINPROGRESS,
	[116] = ESTALE,		[122] = EDQUOT,		[125] = ECANCELED,	[130] = EOWNERDEAD,
	[131] = ENOTRECOVERABLE,
};

enum {
	linux_enotsupp = 524, /* the kernel's internal number, which bpf(2) lets out */
	first_libbpf_error = 4000,
};

static int from_linux(int number)
{
	if (number >= first_libbpf_error)
		return number;
	if (number == linux_enotsupp)
		return ENOTSUP;
	if ((size_t)number < sizeof(wasi_errno) && wasi_errno[number])
		return wasi_errno[number];
	return EIO;
}

int ecc_from_linux(int host_result)
{
	return host_result < 0 ? -from_linux(-host_result) : host_result;
}

int ecc_fail(int err)
{
	errno = -err;
	return err;
}

int ecc_result(int host_result)
{
	return host_result < 0 ? ecc_fail(ecc_from_linux(host_result)) : host_result;
}
