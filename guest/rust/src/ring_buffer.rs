// SPDX-License-Identifier: Apache-2.0
//! Ring buffers, whose records are read where they lie.

use core::marker::PhantomData;
use core::mem::align_of;
use core::time::Duration;

use crate::error::{Errno, Error, Result};
use crate::framing::Span;
use crate::host;
use crate::map::{map_type, Map};
use crate::plain::Plain;
use crate::timeout::milliseconds;
use crate::window::Window;

/// How this program sees the records of a ring buffer.
///
/// A [`Plain`] type sees each record as a reference to it; [`Bytes`] sees its bytes. Where one ring buffer carries several
/// types, an enum of references is the view, and `view` tells them apart:
///
/// ```
/// # use ecc_guest::{Plain, View};
/// # #[repr(C)] #[derive(Clone, Copy)] struct Started { kind: u32, pid: u32 }
/// # #[repr(C)] #[derive(Clone, Copy)] struct Ended { kind: u32, pid: u32, status: u32 }
/// # unsafe impl Plain for Started {}
/// # unsafe impl Plain for Ended {}
/// enum Event<'a> {
///     Started(&'a Started),
///     Ended(&'a Ended),
/// }
///
/// struct Events;
///
/// impl View for Events {
///     type Of<'a> = Event<'a>;
///
///     fn view(bytes: &[u8]) -> Option<Event<'_>> {
///         match u32::from_bytes(bytes)? {
///             0 => Started::from_bytes(bytes).map(Event::Started),
///             _ => Ended::from_bytes(bytes).map(Event::Ended),
///         }
///     }
/// }
/// ```
pub trait View {
    /// What a record is seen as.
    type Of<'a>;

    /// The record with these bytes, which start at a multiple of 8. `None` if it is not one of these.
    fn view(bytes: &[u8]) -> Option<Self::Of<'_>>;
}

/// What the kernel gives records.
const ALIGNMENT: usize = 8;

struct AlignmentOf<T>(PhantomData<T>);

impl<T> AlignmentOf<T> {
    const IS_KEPT: () = assert!(align_of::<T>() <= ALIGNMENT, "records are aligned to 8 bytes: use Copied");
}

impl<T: Plain> View for T {
    type Of<'a> = &'a T;

    fn view(bytes: &[u8]) -> Option<&T> {
        let () = AlignmentOf::<T>::IS_KEPT;
        T::from_bytes(bytes)
    }
}

/// The view of records as copies of them, for types that are aligned to more than the 8 bytes of records: those with
/// an `__int128`.
#[derive(Debug)]
pub struct Copied<T>(PhantomData<fn() -> T>);

impl<T: Plain> View for Copied<T> {
    type Of<'a> = T;

    fn view(bytes: &[u8]) -> Option<T> {
        T::copy_from_bytes(bytes)
    }
}

/// The view of records as bytes, each with the length that the kernel side gave it.
#[derive(Debug)]
pub enum Bytes {}

impl View for Bytes {
    type Of<'a> = &'a [u8];

    fn view(bytes: &[u8]) -> Option<&[u8]> {
        Some(bytes)
    }
}

/// The reader of a ring buffer.
///
/// [`poll`](RingBuffer::poll) gives the records that are there, in place. They are given back to the kernel by the next
/// call; records that were not taken out of [`Records`] come again.
#[derive(Debug)]
pub struct RingBuffer<V> {
    window: Window,
    consumed: u32,
    mismatched: u64,
    view: PhantomData<fn() -> V>,
}

impl<V: View> RingBuffer<V> {
    /// `EINVAL` if the map is no ring buffer; `EBUSY` if it has a reader already.
    pub fn new(map: &Map) -> Result<RingBuffer<V>> {
        if map.info().map_type != map_type::RINGBUF {
            return Err(Error::kind("is no ring buffer", map.shared_name()));
        }
        let window = Window::show(map, u64::from(map.info().max_entries) * 2, 0)?;
        Ok(RingBuffer { window, consumed: 0, mismatched: 0, view: PhantomData })
    }

    /// Waits until there are records, `None` for ever, and gives those that are there: none after the timeout. If there
    /// are some already, it does not wait. `EINTR`: a signal came while it waited.
    pub fn poll(&mut self, timeout: Option<Duration>) -> Result<Records<'_, V>> {
        let (offset, length) = self.acquire(milliseconds(timeout))?;
        let start = self.window.bytes_at(offset, length).ok_or_else(|| self.error(Errno::EPROTO))?;
        // SAFETY: the host leaves committed records alone until the next acquire, which borrows `self` mutably.
        let span = unsafe { Span::new(start, length) };
        Ok(Records {
            span,
            consumed: &mut self.consumed,
            mismatched: &mut self.mismatched,
            view: PhantomData,
        })
    }

    /// Gives the records that are there, without waiting. While a signal is not taken there are none.
    pub fn consume(&mut self) -> Result<Records<'_, V>> {
        self.poll(Some(Duration::ZERO))
    }

    /// Gives back what was consumed; offset and length of the next span.
    fn acquire(&mut self, timeout_ms: i32) -> Result<(u32, u32)> {
        let consumed = core::mem::take(&mut self.consumed);
        // SAFETY: `&mut self` proves that no record of the last span is referred to any more.
        let answer = unsafe { host::ringbuf_acquire(self.window.map().handle(), consumed, timeout_ms) };
        if answer >= 0 {
            return Ok(((answer >> 32) as u32, answer as u32));
        }
        let errno = Errno::new(i32::try_from(-answer).unwrap_or(i32::MAX));
        // Without a wait there is nothing to interrupt.
        if errno == Errno::EINTR && timeout_ms == 0 {
            return Ok((0, 0));
        }
        Err(self.error(errno))
    }

    fn error(&self, errno: Errno) -> Error {
        Error::host(errno, "read ring buffer", Some(self.window.map().shared_name()))
    }

    /// How many records were skipped since they were none that `V` can see, for example too short.
    pub fn mismatched(&self) -> u64 {
        self.mismatched
    }

    /// The map itself.
    pub fn map(&self) -> &Map {
        self.window.map()
    }
}

/// The records that a call of [`RingBuffer::poll`] found. Taking one out marks it as read.
pub struct Records<'a, V> {
    span: Span,
    consumed: &'a mut u32,
    mismatched: &'a mut u64,
    view: PhantomData<fn() -> V>,
}

impl<'a, V: View> Iterator for Records<'a, V> {
    type Item = V::Of<'a>;

    fn next(&mut self) -> Option<V::Of<'a>> {
        loop {
            let (start, length) = self.span.next(self.consumed)?;
            // SAFETY: a committed record, which nobody changes until the next acquire; 'a ends before that.
            let bytes: &'a [u8] = unsafe { core::slice::from_raw_parts(start, length as usize) };
            match V::view(bytes) {
                Some(record) => return Some(record),
                None => *self.mismatched += 1,
            }
        }
    }
}

impl<V> core::fmt::Debug for Records<'_, V> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Records").field("consumed", &self.consumed).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[repr(C, align(16))]
    #[derive(Clone, Copy, PartialEq, Debug)]
    struct Wide([u64; 2]);

    // SAFETY: integers only, and no padding.
    unsafe impl Plain for Wide {}

    #[test]
    fn wide_types_are_copied_from_wherever_the_record_is() {
        let words = [1u64, 2, 3];
        // SAFETY: integers are bytes.
        let bytes = unsafe { core::slice::from_raw_parts(words.as_ptr().cast::<u8>(), 24) };
        assert_eq!(Copied::<Wide>::view(&bytes[..16]), Some(Wide([1, 2])));
        assert_eq!(Copied::<Wide>::view(&bytes[8..]), Some(Wide([2, 3])));
        assert_eq!(Copied::<Wide>::view(&bytes[9..]), None);
    }
}
