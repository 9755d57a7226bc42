// SPDX-License-Identifier: Apache-2.0
//! Types whose values are bytes.

use alloc::borrow::Cow;
use alloc::string::String;
use core::mem::{align_of, size_of, MaybeUninit};

/// Types that the kernel side and this program share: any bytes of the right number are a value.
///
/// Generated types implement it.
///
/// # Safety
///
/// The type is `#[repr(C)]`, `#[repr(transparent)]` or a primitive; **every** pattern of bytes is a valid value of it,
/// so it has no `bool`, `char`, `enum`, reference or function in it ([`Bool`] stands for the first); padding is explicit
/// members, since values are passed to the kernel byte by byte.
pub unsafe trait Plain: Copy + 'static {
    /// The value whose bytes are zero.
    fn zeroed() -> Self {
        // SAFETY: every pattern of bytes is a value.
        unsafe { MaybeUninit::zeroed().assume_init() }
    }

    /// The value at the start of `bytes`, in place. `None` if they are too few, or at an address that is not aligned
    /// for it; records of ring buffers and elements of maps are aligned to 8 bytes.
    fn from_bytes(bytes: &[u8]) -> Option<&Self> {
        let is_aligned = bytes.as_ptr() as usize % align_of::<Self>() == 0;
        if bytes.len() < size_of::<Self>() || !is_aligned {
            return None;
        }
        // SAFETY: there are enough bytes, they are aligned, and every pattern of bytes is a value.
        Some(unsafe { &*bytes.as_ptr().cast::<Self>() })
    }

    /// A copy of the value at the start of `bytes`, aligned or not. `None` if they are too few.
    fn copy_from_bytes(bytes: &[u8]) -> Option<Self> {
        if bytes.len() < size_of::<Self>() {
            return None;
        }
        // SAFETY: there are enough bytes, and every pattern of bytes is a value.
        Some(unsafe { bytes.as_ptr().cast::<Self>().read_unaligned() })
    }

    /// As many values as `bytes` hold, in place: what follows a record with a flexible array. `None` if the address is not
    /// aligned for them.
    fn slice_from_bytes(bytes: &[u8]) -> Option<&[Self]> {
        let is_aligned = bytes.as_ptr() as usize % align_of::<Self>() == 0;
        if size_of::<Self>() == 0 || !is_aligned {
            return None;
        }
        let count = bytes.len() / size_of::<Self>();
        // SAFETY: there are enough bytes, they are aligned, and every pattern of bytes is a value.
        Some(unsafe { core::slice::from_raw_parts(bytes.as_ptr().cast::<Self>(), count) })
    }
}

macro_rules! plain {
    ($($type:ty)*) => {
        // SAFETY: numbers.
        $(unsafe impl Plain for $type {})*
    };
}

plain! { u8 u16 u32 u64 u128 i8 i16 i32 i64 i128 f32 f64 Bool }

// SAFETY: no bytes at all; what maps without keys have for a key.
unsafe impl Plain for () {}

// SAFETY: arrays have no padding of their own.
unsafe impl<T: Plain, const N: usize> Plain for [T; N] {}

/// One byte that stands for C's `_Bool`: the kernel may write any number to it, which a `bool` must never hold.
#[repr(transparent)]
#[derive(Clone, Copy, Default)]
pub struct Bool(pub u8);

impl Bool {
    /// False if it is 0.
    pub const fn get(self) -> bool {
        self.0 != 0
    }
}

impl From<bool> for Bool {
    fn from(value: bool) -> Bool {
        Bool(value.into())
    }
}

impl From<Bool> for bool {
    fn from(value: Bool) -> bool {
        value.get()
    }
}

impl PartialEq for Bool {
    fn eq(&self, other: &Bool) -> bool {
        self.get() == other.get()
    }
}

impl Eq for Bool {}

impl core::fmt::Debug for Bool {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        self.get().fmt(f)
    }
}

/// What a C string holds: the bytes up to the first NUL. What is no UTF-8 in it becomes U+FFFD.
pub fn text(chars: &[u8]) -> Cow<'_, str> {
    let end = chars.iter().position(|byte| *byte == 0).unwrap_or(chars.len());
    String::from_utf8_lossy(&chars[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[repr(align(8))]
    struct Aligned([u8; 16]);

    #[test]
    fn views_a_value_in_place() {
        let bytes = Aligned([1, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        assert_eq!(<[u32; 2]>::from_bytes(&bytes.0), Some(&[1, 2]));
        assert_eq!(u32::from_bytes(&bytes.0[4..8]), Some(&2));
    }

    #[test]
    fn has_no_view_of_too_few_bytes() {
        let bytes = Aligned([0; 16]);
        assert_eq!(u32::from_bytes(&bytes.0[..3]), None);
        assert_eq!(u32::copy_from_bytes(&bytes.0[..3]), None);
        assert_eq!(u32::from_bytes(&[]), None);
    }

    #[test]
    fn has_no_view_of_bytes_that_are_not_aligned_but_reads_them() {
        let bytes = Aligned([0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        assert_eq!(u32::from_bytes(&bytes.0[1..]), None);
        assert_eq!(u32::copy_from_bytes(&bytes.0[1..]), Some(1));
    }

    #[test]
    fn views_what_follows_a_record() {
        let bytes = Aligned([9, 0, 0, 0, 1, 0, 2, 0, 3, 0, 0, 0, 0, 0, 0, 0]);
        assert_eq!(u16::slice_from_bytes(&bytes.0[4..11]), Some(&[1u16, 2, 3][..]));
        assert_eq!(u16::slice_from_bytes(&bytes.0[5..]), None);
        assert_eq!(<()>::slice_from_bytes(&bytes.0), None);
    }

    #[test]
    fn text_ends_at_the_first_nul() {
        assert_eq!(text(b"ls\0x"), "ls");
        assert_eq!(text(b"ls"), "ls");
        assert_eq!(text(b"\0"), "");
        assert_eq!(text(b"l\xff"), "l\u{fffd}");
    }

    #[test]
    fn takes_any_byte_for_a_bool() {
        assert!(Bool::from_bytes(&[7]).unwrap().get());
        assert_eq!(Bool(7), Bool::from(true));
        assert_ne!(Bool(0), Bool::from(true));
    }
}
