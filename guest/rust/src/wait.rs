// SPDX-License-Identifier: Apache-2.0
//! Waiting for several things at once.

use alloc::vec::Vec;
use core::time::Duration;

use crate::error::{check, Result};
use crate::host::{self, WaitItem};
use crate::perf_buffer::PerfBuffer;
use crate::ring_buffer::{RingBuffer, View};
use crate::timeout::milliseconds;

/// What [`wait`] can wait for.
#[derive(Clone, Copy, Debug)]
pub struct Source(WaitItem);

impl Source {
    /// Records of a ring buffer.
    pub fn ring_buffer<V: View>(ring: &RingBuffer<V>) -> Source {
        Source(WaitItem { kind: host::WAIT_RINGBUF, handle: ring.map().handle(), ready: 0 })
    }

    /// Samples of a perf event array.
    pub fn perf_buffer<V: View>(perf: &PerfBuffer<V>) -> Source {
        Source(WaitItem { kind: host::WAIT_PERFBUF, handle: perf.map().handle(), ready: 0 })
    }

    /// Bytes, or the end, of standard input.
    pub fn stdin() -> Source {
        Source(WaitItem { kind: host::WAIT_STDIN, handle: 0, ready: 0 })
    }
}

/// Waits until one of the sources has something, `None` for ever, and tells which have, in their order: none after the
/// timeout. `EINTR`: a signal came.
pub fn wait(sources: &[Source], timeout: Option<Duration>) -> Result<Vec<bool>> {
    let mut items: Vec<WaitItem> = sources.iter().map(|source| source.0).collect();
    // SAFETY: the items are writable and so many.
    let result = unsafe { host::wait(items.as_mut_ptr(), items.len() as u32, milliseconds(timeout)) };
    check(result, "wait", None)?;
    Ok(items.iter().map(|item| item.ready != 0).collect())
}
