// SPDX-License-Identifier: Apache-2.0
//! Functions of the kernel and of its modules, and the files that processes have mapped, as stack traces need them.
//! Looking them up must be allowed (`--allow symbols`).

use alloc::string::{String, ToString};
use alloc::sync::Arc;

use crate::error::{Errno, Error, Result};
use crate::host;

/// A function of the kernel or of a module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Symbol {
    /// Its name, up to [`NAME_LIMIT`] bytes of it.
    pub name: String,
    /// Where it starts.
    pub start: u64,
}

/// What a process has mapped somewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProcessMap {
    /// The path of the file, up to [`PATH_LIMIT`] bytes of it, `[vdso]` and the like, or empty for anonymous memory.
    pub name: String,
    /// Where the mapping starts.
    pub start: u64,
    /// Where the address lies in the file. The program headers (`PT_LOAD`) of an ELF file lead from it to the address
    /// that its symbols have.
    pub offset: u64,
}

/// No name of the kernel is longer (KSYM_NAME_LEN).
pub const NAME_LIMIT: usize = 512;
/// No path of the kernel is longer (PATH_MAX), with what it adds, such as ` (deleted)`.
pub const PATH_LIMIT: usize = 4352;

const LOOK_UP_SYMBOL: &str = "look up kernel symbol";
const LOOK_UP_MAP: &str = "look up what is mapped in process";

/// The function that `address` lies in, if it lies in one. `EPERM`: not allowed, or the kernel hides its symbols; the
/// runtime has told the user how to change that.
pub fn at(address: u64) -> Result<Option<Symbol>> {
    let mut name = [0; NAME_LIMIT];
    let mut start = 0;
    // SAFETY: name and start are writable.
    let length = unsafe { host::symbol_at(address, name.as_mut_ptr(), name.len() as u32, &mut start) };
    let Some(length) = found(length, LOOK_UP_SYMBOL, || None)? else { return Ok(None) };
    Ok(Some(Symbol { name: text(&name, length), start }))
}

/// Where the function of that name starts, the first if there are several; errors as for [`at`].
pub fn find(name: &str) -> Result<Option<u64>> {
    let mut start = 0;
    // SAFETY: the name is valid and start is writable.
    let result = unsafe { host::symbol_find(name.as_ptr(), name.len() as u32, &mut start) };
    Ok(found(result, LOOK_UP_SYMBOL, || Some(name.into()))?.map(|_| start))
}

/// What the process `pid`, or the one that this thread belongs to, has mapped at `address` now, if something is mapped
/// there. `ESRCH`: no such process, one that has ended, or a thread of the kernel; `EPERM`: not allowed, or the kernel
/// hides the process. Keep what it answers: the process may end, and each call reads what the kernel knows.
pub fn process_map_at(pid: u32, address: u64) -> Result<Option<ProcessMap>> {
    let mut name = [0; PATH_LIMIT];
    let (mut start, mut offset) = (0, 0);
    let length = {
        let (name, room) = (name.as_mut_ptr(), name.len() as u32);
        // SAFETY: name, start and offset are writable.
        unsafe { host::process_map_at(pid as i32, address, name, room, &mut start, &mut offset) }
    };
    let Some(length) = found(length, LOOK_UP_MAP, || Some(pid.to_string().into()))? else { return Ok(None) };
    Ok(Some(ProcessMap { name: text(&name, length), start, offset }))
}

/// As much of a name of `length` bytes as there was room for.
fn text(room: &[u8], length: usize) -> String {
    String::from_utf8_lossy(&room[..length.min(room.len())]).into_owned()
}

fn found(
    result: i32,
    operation: &'static str,
    subject: impl FnOnce() -> Option<Arc<str>>,
) -> Result<Option<usize>> {
    match usize::try_from(result) {
        Ok(length) => Ok(Some(length)),
        Err(_) if result == -Errno::ENOENT.number() => Ok(None),
        Err(_) => Err(Error::host(Errno::new(result.saturating_neg()), operation, subject().as_ref())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn none_is_no_error_and_everything_else_is() {
        assert_eq!(found(-Errno::ENOENT.number(), LOOK_UP_SYMBOL, || Some("x".into())), Ok(None));
        assert_eq!(found(0, LOOK_UP_SYMBOL, || None), Ok(Some(0)));
        assert_eq!(found(8, LOOK_UP_SYMBOL, || None), Ok(Some(8)));
        let refused = found(-Errno::EPERM.number(), LOOK_UP_SYMBOL, || Some("schedule".into())).unwrap_err();
        assert_eq!(refused.errno(), Errno::EPERM);
        assert!(refused.to_string().starts_with("cannot look up kernel symbol `schedule`: "));
        assert!(found(i32::MIN, LOOK_UP_SYMBOL, || None).is_err());
    }

    #[test]
    fn there_are_none_outside_of_the_runtime() {
        assert_eq!(at(0).unwrap_err().errno(), Errno::ENOSYS);
        assert_eq!(find("schedule").unwrap_err().errno(), Errno::ENOSYS);
        let absent = process_map_at(1, 0).unwrap_err();
        assert_eq!(absent.errno(), Errno::ENOSYS);
        assert!(absent.to_string().starts_with("cannot look up what is mapped in process `1`: "));
    }

    #[test]
    fn names_end_where_their_room_does() {
        assert_eq!(text(b"/usr/lib", 4), "/usr");
        assert_eq!(text(b"/usr", 8), "/usr");
        assert_eq!(text(b"a\xff", 2), "a\u{fffd}");
    }
}
