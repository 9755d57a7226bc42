// SPDX-License-Identifier: Apache-2.0
//! The object that maps, programs and links belong to. It is closed with the last of them.

use alloc::sync::Arc;

use crate::host;

#[derive(Debug)]
pub(crate) struct Shared {
    handle: i32,
    name: Arc<str>,
}

impl Shared {
    pub fn new(handle: i32, name: Arc<str>) -> Shared {
        Shared { handle, name }
    }

    pub fn handle(&self) -> i32 {
        self.handle
    }

    pub fn name(&self) -> &Arc<str> {
        &self.name
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        // SAFETY: whatever refers to memory of this program holds a reference to this object.
        unsafe { host::object_close(self.handle) };
    }
}
