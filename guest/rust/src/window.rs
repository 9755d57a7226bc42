// SPDX-License-Identifier: Apache-2.0
//! Memory in which the host shows a map.

use alloc::alloc::{alloc_zeroed, dealloc};
use alloc::sync::Arc;
use core::alloc::Layout;
use core::mem::{size_of, ManuallyDrop};
use core::ptr::NonNull;

use crate::error::{check, Error, Result};
use crate::host::{self, MmapInfo};
use crate::map::Map;
use crate::Errno;

/// Of a window's address and length.
const ALIGN: usize = 65536;
const OPERATION: &str = "show map";

/// Zeroed memory that can become a window.
#[derive(Debug)]
struct Memory {
    base: NonNull<u8>,
    layout: Layout,
}

impl Memory {
    fn allocate(size: u64, name: &Arc<str>) -> Result<Memory> {
        let too_large = || Error::host(Errno::ENOMEM, OPERATION, Some(name));
        let size = size.max(1).div_ceil(ALIGN as u64) * ALIGN as u64;
        let size = i32::try_from(size).map_err(|_| too_large())? as usize;
        let layout = Layout::from_size_align(size, ALIGN).map_err(|_| too_large())?;
        // SAFETY: the size is not 0.
        let base = NonNull::new(unsafe { alloc_zeroed(layout) }).ok_or_else(too_large)?;
        Ok(Memory { base, layout })
    }
}

impl Drop for Memory {
    fn drop(&mut self) {
        // SAFETY: allocated with this layout.
        unsafe { dealloc(self.base.as_ptr(), self.layout) };
    }
}

/// A map shown in memory of this program until it is dropped.
#[derive(Debug)]
pub(crate) struct Window {
    memory: ManuallyDrop<Memory>,
    map: Map,
    info: MmapInfo,
}

impl Window {
    /// Shows `map` in `size` bytes, rounded up. The flags are `host::MMAP_*`.
    pub fn show(map: &Map, size: u64, flags: u32) -> Result<Window> {
        let memory = Memory::allocate(size, map.shared_name())?;
        let mut info = MmapInfo { size: size_of::<MmapInfo>() as u32, ..MmapInfo::default() };
        // SAFETY: the memory is ours, aligned and of that length, and nobody else uses it until `Window` is dropped.
        let result = unsafe {
            host::map_mmap(map.handle(), memory.base.as_ptr(), memory.layout.size() as u32, flags, &mut info)
        };
        check(result, OPERATION, Some(map.shared_name()))?;
        Ok(Window { memory: ManuallyDrop::new(memory), map: map.clone(), info })
    }

    pub fn map(&self) -> &Map {
        &self.map
    }

    /// The first byte of the data.
    pub fn start(&self) -> *mut u8 {
        self.memory.base.as_ptr().wrapping_add(self.info.data_offset as usize)
    }

    /// The bytes at `offset` from the start of the window, if the window has so many there.
    pub fn bytes_at(&self, offset: u32, length: u32) -> Option<*mut u8> {
        let end = (offset as usize).checked_add(length as usize)?;
        (end <= self.memory.layout.size()).then(|| self.memory.base.as_ptr().wrapping_add(offset as usize))
    }

    /// Bytes of data.
    pub fn data_size(&self) -> usize {
        self.info.data_size as usize
    }

    /// Makes both sides agree, if the window is a copy.
    pub fn sync(&self) -> Result<()> {
        if self.info.mode == host::MMAP_ZERO_COPY {
            return Ok(());
        }
        // SAFETY: the window exists.
        let result = unsafe { host::map_sync(self.map.handle()) };
        check(result, "synchronize map", Some(self.map.shared_name())).map(drop)
    }
}

impl Drop for Window {
    fn drop(&mut self) {
        // SAFETY: nothing refers to the window any more.
        let result = unsafe { host::map_munmap(self.map.handle()) };
        // Memory that the host still shows something in must not be used again.
        if result >= 0 {
            // SAFETY: dropped once, here.
            unsafe { ManuallyDrop::drop(&mut self.memory) };
        }
    }
}
