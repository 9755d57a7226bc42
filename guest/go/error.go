// SPDX-License-Identifier: Apache-2.0

package guest

import (
	"fmt"
	"io/fs"
	"strconv"
)

// Errno is an error number of Linux (asm-generic/errno.h), not of WASI as in package syscall.
//
// errors.Is(err, guest.EPERM) tells them apart in what this package returns; fs.ErrNotExist, fs.ErrExist and
// fs.ErrPermission work too.
type Errno int32

// The numbers that the kernel's BPF calls use.
const (
	EPERM        Errno = 1
	ENOENT       Errno = 2
	ESRCH        Errno = 3
	EINTR        Errno = 4
	EIO          Errno = 5
	ENXIO        Errno = 6
	E2BIG        Errno = 7
	ENOEXEC      Errno = 8
	EBADF        Errno = 9
	EAGAIN       Errno = 11
	ENOMEM       Errno = 12
	EACCES       Errno = 13
	EFAULT       Errno = 14
	EBUSY        Errno = 16
	EEXIST       Errno = 17
	ENODEV       Errno = 19
	ENOTDIR      Errno = 20
	EINVAL       Errno = 22
	EMFILE       Errno = 24
	ENOSPC       Errno = 28
	ERANGE       Errno = 34
	ENAMETOOLONG Errno = 36
	ENOSYS       Errno = 38
	ENODATA      Errno = 61
	EPROTO       Errno = 71
	EOVERFLOW    Errno = 75
	EOPNOTSUPP   Errno = 95
	ENOBUFS      Errno = 105
	ETIMEDOUT    Errno = 110
	ECANCELED    Errno = 125
	ENOTSUPP     Errno = 524
)

var errnoTexts = map[Errno]string{
	EPERM:        "operation not permitted (EPERM)",
	ENOENT:       "no such file or directory (ENOENT)",
	ESRCH:        "no such process (ESRCH)",
	EINTR:        "interrupted system call (EINTR)",
	EIO:          "input/output error (EIO)",
	ENXIO:        "no such device or address (ENXIO)",
	E2BIG:        "argument list too long (E2BIG)",
	ENOEXEC:      "exec format error (ENOEXEC)",
	EBADF:        "bad file descriptor (EBADF)",
	EAGAIN:       "resource temporarily unavailable (EAGAIN)",
	ENOMEM:       "cannot allocate memory (ENOMEM)",
	EACCES:       "permission denied (EACCES)",
	EFAULT:       "bad address (EFAULT)",
	EBUSY:        "device or resource busy (EBUSY)",
	EEXIST:       "file exists (EEXIST)",
	ENODEV:       "no such device (ENODEV)",
	ENOTDIR:      "not a directory (ENOTDIR)",
	EINVAL:       "invalid argument (EINVAL)",
	EMFILE:       "too many open files (EMFILE)",
	ENOSPC:       "no space left on device (ENOSPC)",
	ERANGE:       "numerical result out of range (ERANGE)",
	ENAMETOOLONG: "file name too long (ENAMETOOLONG)",
	ENOSYS:       "function not implemented (ENOSYS)",
	ENODATA:      "no data available (ENODATA)",
	EPROTO:       "protocol error (EPROTO)",
	EOVERFLOW:    "value too large for defined data type (EOVERFLOW)",
	EOPNOTSUPP:   "operation not supported (EOPNOTSUPP)",
	ENOBUFS:      "no buffer space available (ENOBUFS)",
	ETIMEDOUT:    "connection timed out (ETIMEDOUT)",
	ECANCELED:    "operation canceled (ECANCELED)",
	ENOTSUPP:     "operation not supported by the kernel (ENOTSUPP)",
}

func (e Errno) Error() string {
	if text, ok := errnoTexts[e]; ok {
		return text
	}
	return "error " + strconv.Itoa(int(e))
}

// Is makes errors.Is know the errors of package fs.
func (e Errno) Is(target error) bool {
	switch target {
	case fs.ErrNotExist:
		return e == ENOENT
	case fs.ErrExist:
		return e == EEXIST
	case fs.ErrPermission:
		return e == EPERM || e == EACCES
	}
	return false
}

// Error says what failed, on what, and why.
type Error struct {
	Op   string // "attach program"
	Name string // "handle_exec", or empty
	Err  error  // an Errno, or what says more
}

func (e *Error) Error() string {
	if e.Name == "" {
		return fmt.Sprintf("cannot %s: %v", e.Op, e.Err)
	}
	return fmt.Sprintf("cannot %s %q: %v", e.Op, e.Name, e.Err)
}

func (e *Error) Unwrap() error { return e.Err }

// check turns the host's answer into an error if it is one.
func check(result int32, op, name string) error {
	if result >= 0 {
		return nil
	}
	return &Error{op, name, Errno(-max(result, -1<<31+1))}
}

func sizeError(name, what string, found, expected int) error {
	return &Error{"use map", name, fmt.Errorf("its %s have %d bytes, not %d: %w", what, found, expected, EINVAL)}
}

func kindError(name, problem string) error {
	return &Error{"use map", name, fmt.Errorf("%s: %w", problem, EINVAL)}
}
