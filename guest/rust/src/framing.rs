// SPDX-License-Identifier: Apache-2.0
//! The kernel's framing of records in a ring buffer (kernel/bpf/ringbuf.c): a 32-bit header with the record's length and
//! two flags, 32 bits for the kernel, the record, and padding to 8 bytes.

use core::sync::atomic::{AtomicU32, Ordering};

const HEADER_SIZE: u32 = 8;
const BUSY: u32 = 1 << 31;
const DISCARD: u32 = 1 << 30;

/// Whole records, one behind the other. Other CPUs may be writing those that are busy.
#[derive(Clone, Copy)]
pub(crate) struct Span {
    start: *const u8,
    length: u32,
}

impl Span {
    /// # Safety
    ///
    /// For as long as the span is used, `length` bytes at `start` can be read and nobody changes what is committed in
    /// them. `start` is aligned to 8 bytes.
    pub unsafe fn new(start: *const u8, length: u32) -> Span {
        Span { start, length }
    }

    /// The record at `position`, or a later one if that was discarded; `position` moves behind it. `None` at the end and
    /// at a record that is still being written.
    pub fn next(&self, position: &mut u32) -> Option<(*const u8, u32)> {
        loop {
            let left = self.length - *position;
            if left < HEADER_SIZE {
                return None;
            }
            // SAFETY: the header is inside the span and aligned; the kernel changes it atomically.
            let record = unsafe { self.start.add(*position as usize) };
            let header = unsafe { &*record.cast::<AtomicU32>() }.load(Ordering::Acquire);
            let length = header & !(BUSY | DISCARD);
            let size = (length + HEADER_SIZE).div_ceil(8) * 8;
            if header & BUSY != 0 || size > left {
                return None;
            }
            *position += size;
            if header & DISCARD == 0 {
                // SAFETY: the record is inside the span.
                return Some((unsafe { record.add(HEADER_SIZE as usize) }, length));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;

    /// Each record is a word that says its header's flags and the length, followed by numbered bytes.
    fn framed(records: &[(u32, u32)]) -> Vec<u64> {
        let mut words = Vec::new();
        for (number, (flags, length)) in records.iter().enumerate() {
            words.push(u64::from(flags | length));
            for _ in 0..length.div_ceil(8) {
                words.push(u64::from_le_bytes([number as u8; 8]));
            }
        }
        words
    }

    fn read(words: &[u64], length: u32) -> (Vec<Vec<u8>>, u32) {
        let mut position = 0;
        let mut records = Vec::new();
        // SAFETY: the words outlive the span and nobody changes them.
        let span = unsafe { Span::new(words.as_ptr().cast(), length) };
        while let Some((start, length)) = span.next(&mut position) {
            records.push(unsafe { core::slice::from_raw_parts(start, length as usize) }.to_vec());
        }
        (records, position)
    }

    fn read_all(words: &[u64]) -> (Vec<Vec<u8>>, u32) {
        read(words, words.len() as u32 * 8)
    }

    #[test]
    fn gives_every_record_with_its_own_length() {
        let (records, position) = read_all(&framed(&[(0, 8), (0, 3), (0, 0)]));
        assert_eq!(records, [[0u8; 8].to_vec(), [1u8; 3].to_vec(), [].to_vec()]);
        assert_eq!(position, 16 + 16 + 8);
    }

    #[test]
    fn skips_what_was_discarded() {
        let (records, position) = read_all(&framed(&[(DISCARD, 8), (0, 4), (DISCARD, 16)]));
        assert_eq!(records, [[1u8; 4].to_vec()]);
        assert_eq!(position, 16 + 16 + 24);
    }

    #[test]
    fn stops_at_a_record_that_is_being_written() {
        let (records, position) = read_all(&framed(&[(0, 8), (BUSY, 8), (0, 8)]));
        assert_eq!(records.len(), 1);
        assert_eq!(position, 16);
    }

    #[test]
    fn stops_at_a_record_that_is_busy_and_discarded() {
        assert_eq!(read_all(&framed(&[(BUSY | DISCARD, 8)])), (Vec::new(), 0));
    }

    #[test]
    fn never_reads_beyond_the_span() {
        let words = framed(&[(0, 8), (0, 64)]);
        assert_eq!(read(&words, 16 + 16).0.len(), 1);
        assert_eq!(read(&words, 20).0.len(), 1);
        assert_eq!(read(&words, 7).0.len(), 0);
        assert_eq!(read(&words, 0).0.len(), 0);
    }

    #[test]
    fn survives_the_largest_length() {
        assert_eq!(read_all(&framed(&[(0, 8)])[..1]), (Vec::new(), 0));
        assert_eq!(read_all(&[u64::from(DISCARD - 1), 0]), (Vec::new(), 0));
    }
}
