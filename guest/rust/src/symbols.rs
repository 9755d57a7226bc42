// SPDX-License-Identifier: Apache-2.0
//! Functions of the kernel and of its modules, as stack traces need them. Looking them up must be allowed (`--allow
//! symbols`).

use alloc::string::String;
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

/// No name of the kernel is longer (KSYM_NAME_LEN).
pub const NAME_LIMIT: usize = 512;

const OPERATION: &str = "look up kernel symbol";

/// The function that `address` lies in, if it lies in one. `EPERM`: not allowed, or the kernel hides its symbols; the
/// runtime has told the user how to change that.
pub fn at(address: u64) -> Result<Option<Symbol>> {
    let mut name = [0; NAME_LIMIT];
    let mut start = 0;
    // SAFETY: name and start are writable.
    let length = unsafe { host::symbol_at(address, name.as_mut_ptr(), name.len() as u32, &mut start) };
    let Some(length) = found(length, None)? else { return Ok(None) };
    let name = String::from_utf8_lossy(&name[..length.min(NAME_LIMIT)]).into_owned();
    Ok(Some(Symbol { name, start }))
}

/// Where the function of that name starts, the first if there are several; errors as for [`at`].
pub fn find(name: &str) -> Result<Option<u64>> {
    let mut start = 0;
    // SAFETY: the name is valid and start is writable.
    let result = unsafe { host::symbol_find(name.as_ptr(), name.len() as u32, &mut start) };
    Ok(found(result, Some(name))?.map(|_| start))
}

fn found(result: i32, name: Option<&str>) -> Result<Option<usize>> {
    match usize::try_from(result) {
        Ok(length) => Ok(Some(length)),
        Err(_) if result == -Errno::ENOENT.number() => Ok(None),
        Err(_) => {
            let subject = name.map(Arc::from);
            Err(Error::host(Errno::new(result.saturating_neg()), OPERATION, subject.as_ref()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    #[test]
    fn none_is_no_error_and_everything_else_is() {
        assert_eq!(found(-Errno::ENOENT.number(), Some("x")), Ok(None));
        assert_eq!(found(0, None), Ok(Some(0)));
        assert_eq!(found(8, None), Ok(Some(8)));
        let refused = found(-Errno::EPERM.number(), Some("schedule")).unwrap_err();
        assert_eq!(refused.errno(), Errno::EPERM);
        assert!(refused.to_string().starts_with("cannot look up kernel symbol `schedule`: "));
        assert!(found(i32::MIN, None).is_err());
    }

    #[test]
    fn there_are_none_outside_of_the_runtime() {
        assert_eq!(at(0).unwrap_err().errno(), Errno::ENOSYS);
        assert_eq!(find("schedule").unwrap_err().errno(), Errno::ENOSYS);
    }
}
