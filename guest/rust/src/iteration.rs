// SPDX-License-Identifier: Apache-2.0
//! What programs of the type iterator write.

use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

use crate::error::{check, Result};
use crate::handle::Shared;
use crate::host;

/// One walk of an iterator over what it was attached to. The bytes are what the program writes, with `bpf_seq_printf` and the
/// like; with the feature `std` they can be read with [`std::io::Read`].
#[derive(Debug)]
pub struct Iteration {
    #[allow(dead_code)] // keeps it open
    object: Arc<Shared>,
    handle: i32,
}

impl Iteration {
    pub(crate) fn open(object: &Arc<Shared>, link: i32) -> Result<Iteration> {
        // SAFETY: no memory is involved.
        let handle = check(unsafe { host::iterator_open(link) }, "start iterator", None)?;
        Ok(Iteration { object: object.clone(), handle })
    }

    /// Copies the next bytes: how many, 0 at the end.
    pub fn read(&mut self, bytes: &mut [u8]) -> Result<usize> {
        // SAFETY: `bytes` is writable and of that length.
        let length = unsafe { host::iterator_read(self.handle, bytes.as_mut_ptr(), bytes.len() as u32) };
        check(length, "read iterator", None).map(|length| length as usize)
    }

    /// All that is left. What is no UTF-8 in it becomes U+FFFD.
    pub fn read_text(&mut self) -> Result<String> {
        const STEP: usize = 4096;
        let mut bytes = Vec::new();
        loop {
            let end = bytes.len();
            bytes.resize(end + STEP, 0);
            let length = self.read(&mut bytes[end..])?;
            bytes.truncate(end + length);
            if length == 0 {
                return Ok(String::from_utf8_lossy(&bytes).into_owned());
            }
        }
    }
}

#[cfg(feature = "std")]
impl std::io::Read for Iteration {
    fn read(&mut self, bytes: &mut [u8]) -> std::io::Result<usize> {
        Ok(Iteration::read(self, bytes)?)
    }
}

impl Drop for Iteration {
    fn drop(&mut self) {
        // SAFETY: no memory is involved.
        unsafe { host::iterator_close(self.handle) };
    }
}
