// SPDX-License-Identifier: Apache-2.0
//! User ring buffers, which a program of the kernel part drains.

use core::marker::PhantomData;
use core::mem::size_of;
use core::time::Duration;

use crate::error::{check, Error, Result};
use crate::host;
use crate::map::{map_type, Map};
use crate::plain::Plain;
use crate::ring_buffer::Bytes;
use crate::timeout::milliseconds;

/// A user ring buffer (`BPF_MAP_TYPE_USER_RINGBUF`), into which this program sends records of the type `R`, or
/// [`Bytes`].
///
/// ```no_run
/// # use ecc_guest::{Map, Result, UserRingBuffer};
/// # use std::time::Duration;
/// # fn send(map: &Map) -> Result<()> {
/// let requests = UserRingBuffer::<u64>::new(map)?;
/// requests.send(&7, Some(Duration::ZERO))?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct UserRingBuffer<R> {
    map: Map,
    record: PhantomData<fn(R)>,
}

impl<R> UserRingBuffer<R> {
    /// `EINVAL` if the map is no user ring buffer.
    pub fn new(map: &Map) -> Result<UserRingBuffer<R>> {
        if map.info().map_type != map_type::USER_RINGBUF {
            return Err(Error::kind("is no user ring buffer", map.shared_name()));
        }
        Ok(UserRingBuffer { map: map.clone(), record: PhantomData })
    }

    /// The map itself.
    pub fn map(&self) -> &Map {
        &self.map
    }

    /// # Safety
    ///
    /// `length` bytes at `start` can be read.
    unsafe fn send_raw(&self, start: *const u8, length: usize, timeout: Option<Duration>) -> Result<()> {
        const ACTION: &str = "send to user ring buffer";
        let name = Some(self.map.shared_name());
        let size = u32::try_from(length).unwrap_or(u32::MAX);
        // SAFETY: numbers alone.
        let reserved = unsafe { host::user_ringbuf_reserve(self.map.handle(), size, milliseconds(timeout)) };
        let slot = check(reserved, ACTION, name)?;
        // SAFETY: as the caller says.
        let sent = unsafe { host::user_ringbuf_submit(self.map.handle(), slot, start, size) };
        check(sent, ACTION, name).map(|_| ())
    }
}

impl<R: Plain> UserRingBuffer<R> {
    /// Sends a copy of `record`, and waits for room up to `timeout`, `None` for ever. `ENOSPC`: there was none; `E2BIG`:
    /// there never is; `EINTR`: a signal came while it waited.
    pub fn send(&self, record: &R, timeout: Option<Duration>) -> Result<()> {
        // SAFETY: a value's bytes can be read.
        unsafe { self.send_raw(core::ptr::from_ref(record).cast(), size_of::<R>(), timeout) }
    }
}

impl UserRingBuffer<Bytes> {
    /// Sends a copy of `record`: as [`send`](UserRingBuffer::send).
    pub fn send_bytes(&self, record: &[u8], timeout: Option<Duration>) -> Result<()> {
        // SAFETY: a slice's bytes can be read.
        unsafe { self.send_raw(record.as_ptr(), record.len(), timeout) }
    }
}
