// SPDX-License-Identifier: Apache-2.0
//! Errors: an errno of Linux, and what was tried on what.

use alloc::string::String;
use alloc::sync::Arc;
use core::fmt;

use crate::handle::Shared;
use crate::host;

/// A result of this crate.
pub type Result<T> = core::result::Result<T, Error>;

/// An error number of Linux (`asm-generic/errno.h`), positive. Not the numbers of WASI.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Errno(i32);

macro_rules! errnos {
    ($($name:ident = $number:literal, $text:literal;)*) => {
        impl Errno {
            $(#[doc = $text] pub const $name: Errno = Errno($number);)*

            /// Its name and meaning, if it is one of those that the kernel's BPF calls use.
            fn known(self) -> Option<(&'static str, &'static str)> {
                match self.0 {
                    $($number => Some((stringify!($name), $text)),)*
                    _ => None,
                }
            }
        }
    };
}

errnos! {
    EPERM = 1, "Operation not permitted";
    ENOENT = 2, "No such file or directory";
    ESRCH = 3, "No such process";
    EINTR = 4, "Interrupted system call";
    EIO = 5, "Input/output error";
    ENXIO = 6, "No such device or address";
    E2BIG = 7, "Argument list too long";
    ENOEXEC = 8, "Exec format error";
    EBADF = 9, "Bad file descriptor";
    EAGAIN = 11, "Resource temporarily unavailable";
    ENOMEM = 12, "Cannot allocate memory";
    EACCES = 13, "Permission denied";
    EFAULT = 14, "Bad address";
    EBUSY = 16, "Device or resource busy";
    EEXIST = 17, "File exists";
    ENODEV = 19, "No such device";
    ENOTDIR = 20, "Not a directory";
    EINVAL = 22, "Invalid argument";
    EMFILE = 24, "Too many open files";
    ENOSPC = 28, "No space left on device";
    ERANGE = 34, "Numerical result out of range";
    ENAMETOOLONG = 36, "File name too long";
    ENOSYS = 38, "Function not implemented";
    ENODATA = 61, "No data available";
    EPROTO = 71, "Protocol error";
    EOVERFLOW = 75, "Value too large for defined data type";
    EOPNOTSUPP = 95, "Operation not supported";
    ENOBUFS = 105, "No buffer space available";
    ETIMEDOUT = 110, "Connection timed out";
    ECANCELED = 125, "Operation canceled";
    ENOTSUPP = 524, "Operation not supported by the kernel";
}

impl Errno {
    /// The error with that number.
    pub const fn new(number: i32) -> Errno {
        Errno(number)
    }

    /// Its number.
    pub const fn number(self) -> i32 {
        self.0
    }
}

impl fmt::Debug for Errno {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.known() {
            Some((name, _)) => f.write_str(name),
            None => write!(f, "Errno({})", self.0),
        }
    }
}

impl fmt::Display for Errno {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.known() {
            Some((name, text)) => write!(f, "{text} ({name})"),
            None => write!(f, "error {}", self.0),
        }
    }
}

/// What failed, on what, and why.
///
/// Its [`Display`](fmt::Display) is a sentence without a full stop: ``cannot attach program `handle_exec`: Operation not
/// permitted (EPERM)``.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    errno: Errno,
    cause: Cause,
    subject: Option<Arc<str>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cause {
    /// The host refused: "cannot {operation} `{subject}`".
    Host { operation: &'static str },
    /// "`{subject}` has {what} of {found} bytes, not {expected}".
    Size { what: &'static str, expected: usize, found: usize },
    /// "map `{subject}` {problem}".
    Kind { problem: &'static str },
}

impl Error {
    pub(crate) fn host(errno: Errno, operation: &'static str, subject: Option<&Arc<str>>) -> Error {
        Error { errno, cause: Cause::Host { operation }, subject: subject.cloned() }
    }

    pub(crate) fn size(what: &'static str, expected: usize, found: usize, subject: &Arc<str>) -> Error {
        let cause = Cause::Size { what, expected, found };
        Error { errno: Errno::EINVAL, cause, subject: Some(subject.clone()) }
    }

    pub(crate) fn kind(problem: &'static str, subject: &Arc<str>) -> Error {
        Error { errno: Errno::EINVAL, cause: Cause::Kind { problem }, subject: Some(subject.clone()) }
    }

    /// The number.
    pub fn errno(&self) -> Errno {
        self.errno
    }

    /// True if a signal came while the call waited: [`signal::take`](crate::signal::take) tells which.
    pub fn is_interrupted(&self) -> bool {
        self.errno == Errno::EINTR
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let subject = self.subject.as_deref().unwrap_or_default();
        match self.cause {
            Cause::Host { operation } if subject.is_empty() => {
                write!(f, "cannot {operation}: {}", self.errno)
            }
            Cause::Host { operation } => write!(f, "cannot {operation} `{subject}`: {}", self.errno),
            Cause::Size { what, expected, found } => {
                write!(f, "map `{subject}` has {what} of {found} bytes, not {expected}")
            }
            Cause::Kind { problem } => write!(f, "map `{subject}` {problem}"),
        }
    }
}

#[cfg(feature = "std")]
impl std::error::Error for Error {}

#[cfg(feature = "std")]
impl From<Error> for std::io::Error {
    fn from(error: Error) -> Self {
        let kind = match error.errno {
            Errno::EPERM | Errno::EACCES => std::io::ErrorKind::PermissionDenied,
            Errno::ENOENT => std::io::ErrorKind::NotFound,
            Errno::EINTR => std::io::ErrorKind::Interrupted,
            Errno::EEXIST => std::io::ErrorKind::AlreadyExists,
            Errno::EINVAL => std::io::ErrorKind::InvalidInput,
            Errno::ENOMEM => std::io::ErrorKind::OutOfMemory,
            _ => std::io::ErrorKind::Other,
        };
        std::io::Error::new(kind, error)
    }
}

/// Why an object was not loaded. The runtime explains it to the user on standard error; a program that wants to say it
/// itself asks for the log.
pub struct LoadError {
    error: Error,
    object: Arc<Shared>,
}

impl LoadError {
    pub(crate) fn new(error: Error, object: Arc<Shared>) -> LoadError {
        LoadError { error, object }
    }

    /// The error.
    pub fn error(&self) -> &Error {
        &self.error
    }

    /// The end of libbpf's messages and the verifier's log, at most 64 KiB. Once it was read, the runtime does not print it.
    pub fn log(&self) -> String {
        const LIMIT: u32 = 64 * 1024;
        let mut text = alloc::vec![0; LIMIT as usize];
        // SAFETY: the buffer is writable and of that length.
        let length = unsafe { host::object_log(self.object.handle(), text.as_mut_ptr(), LIMIT) };
        text.truncate(usize::try_from(length).unwrap_or(0));
        String::from_utf8_lossy(&text).into_owned()
    }
}

impl From<LoadError> for Error {
    fn from(error: LoadError) -> Error {
        error.error
    }
}

impl fmt::Debug for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.error, f)
    }
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.error, f)
    }
}

#[cfg(feature = "std")]
impl std::error::Error for LoadError {}

/// The host's answer, or the error that it stands for.
pub(crate) fn check(result: i32, operation: &'static str, subject: Option<&Arc<str>>) -> Result<i32> {
    if result < 0 {
        return Err(Error::host(Errno(result.saturating_neg()), operation, subject));
    }
    Ok(result)
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    #[test]
    fn says_what_failed_on_what_and_why() {
        let name = Arc::from("handle_exec");
        let error = check(-1, "attach program", Some(&name)).unwrap_err();
        assert_eq!(error.errno(), Errno::EPERM);
        assert_eq!(error.to_string(), "cannot attach program `handle_exec`: Operation not permitted (EPERM)");
    }

    #[test]
    fn says_which_size_was_expected() {
        let error = Error::size("values", 8, 16, &Arc::from("counts"));
        assert_eq!(error.to_string(), "map `counts` has values of 16 bytes, not 8");
    }

    #[test]
    fn shows_numbers_without_a_name() {
        assert_eq!(Errno::new(4011).to_string(), "error 4011");
        assert_eq!(alloc::format!("{:?}", Errno::new(4011)), "Errno(4011)");
    }

    #[test]
    fn survives_the_smallest_number() {
        assert_eq!(check(i32::MIN, "wait", None).unwrap_err().errno().number(), i32::MAX);
    }

    #[cfg(feature = "std")]
    #[test]
    fn becomes_an_error_of_std() {
        let error = std::io::Error::from(check(-4, "wait", None).unwrap_err());
        assert_eq!(error.kind(), std::io::ErrorKind::Interrupted);
    }
}
