// SPDX-License-Identifier: Apache-2.0
//! Records that end with a flexible array.

use core::marker::PhantomData;
use core::ops::Deref;

use crate::plain::Plain;
use crate::ring_buffer::View;

/// A type whose last member is a flexible array: how many elements there are is for each value to know. Generated types
/// implement it.
pub trait Tail: Plain {
    /// An element of the array.
    type Element: Plain;
    /// Where it starts in the type.
    const OFFSET: usize;
}

/// A record with the elements behind it: a `T` by its members, and a slice by [`tail`](Tailed::tail).
///
/// ```
/// # use ecc_guest::{Plain, Tail, Tailed};
/// #[repr(C)]
/// #[derive(Clone, Copy)]
/// struct Message { kind: u32, text: [u8; 0] }
/// # unsafe impl Plain for Message {}
/// # impl Tail for Message { type Element = u8; const OFFSET: usize = 4; }
/// fn show(message: Tailed<Message>) {
///     println!("{}: {}", message.kind, ecc_guest::text(message.tail()));
/// }
/// ```
pub struct Tailed<'a, T> {
    record: &'a T,
    bytes: &'a [u8],
}

impl<'a, T: Tail> Tailed<'a, T> {
    /// The record with these bytes, in place. `None` if they are too few for a `T`, or not aligned for one.
    pub fn new(bytes: &'a [u8]) -> Option<Tailed<'a, T>> {
        T::from_bytes(bytes).map(|record| Tailed { record, bytes })
    }

    /// The record without what is behind it, for as long as its bytes are there.
    pub fn record(&self) -> &'a T {
        self.record
    }

    /// As many elements as the record has room for. The kernel rounds the lengths of perf buffers' records up, so that
    /// there may be up to 7 bytes more than were sent.
    pub fn tail(&self) -> &'a [T::Element] {
        self.bytes.get(T::OFFSET..).and_then(T::Element::slice_from_bytes).unwrap_or_default()
    }

    /// All of it as bytes.
    pub fn bytes(&self) -> &'a [u8] {
        self.bytes
    }
}

impl<T> Clone for Tailed<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Tailed<'_, T> {}

impl<T> Deref for Tailed<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.record
    }
}

impl<T: Tail + core::fmt::Debug> core::fmt::Debug for Tailed<'_, T>
where
    T::Element: core::fmt::Debug,
{
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Tailed").field("record", self.record).field("tail", &self.tail()).finish()
    }
}

/// The view of records together with their flexible arrays, as [`Tailed`].
#[derive(Debug)]
pub struct WithTail<T>(PhantomData<fn() -> T>);

impl<T: Tail> View for WithTail<T> {
    type Of<'a> = Tailed<'a, T>;

    fn view(bytes: &[u8]) -> Option<Tailed<'_, T>> {
        Tailed::new(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[repr(C)]
    #[derive(Clone, Copy)]
    struct List {
        count: u32,
        items: [u16; 0],
    }

    // SAFETY: numbers without padding.
    unsafe impl Plain for List {}

    impl Tail for List {
        type Element = u16;
        const OFFSET: usize = 4;
    }

    #[repr(align(8))]
    struct Aligned([u8; 12]);

    const BYTES: Aligned = Aligned([7, 0, 0, 0, 1, 0, 2, 0, 3, 0, 4, 0]);

    #[test]
    fn shows_the_record_and_what_is_behind_it() {
        let bytes = BYTES;
        let list = Tailed::<List>::new(&bytes.0).unwrap();
        assert_eq!(list.count, 7);
        assert_eq!(list.tail(), [1, 2, 3, 4]);
    }

    #[test]
    fn shows_whole_elements_alone() {
        let bytes = BYTES;
        assert_eq!(Tailed::<List>::new(&bytes.0[..9]).unwrap().tail(), [1, 2]);
        assert!(Tailed::<List>::new(&bytes.0[..5]).unwrap().tail().is_empty());
        assert!(Tailed::<List>::new(&bytes.0[..4]).unwrap().tail().is_empty());
    }

    #[test]
    fn is_not_there_if_the_bytes_are_too_few_or_not_aligned() {
        let bytes = BYTES;
        assert!(Tailed::<List>::new(&bytes.0[..3]).is_none());
        assert!(Tailed::<List>::new(&bytes.0[2..]).is_none());
    }
}
