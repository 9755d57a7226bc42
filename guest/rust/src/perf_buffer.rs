// SPDX-License-Identifier: Apache-2.0
//! Perf event arrays: a buffer for each CPU, for kernels and programs without ring buffers.

use alloc::vec::Vec;
use core::marker::PhantomData;
use core::mem::size_of;
use core::time::Duration;

use crate::error::{check, Error, Result};
use crate::host::{self, PerfRecord};
use crate::map::{map_type, Map};
use crate::plain::Plain;
use crate::ring_buffer::View;
use crate::timeout::milliseconds;

// SAFETY: integers only, and no padding.
unsafe impl Plain for PerfRecord {}

/// A sample of a [`PerfBuffer`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sample<R> {
    /// The CPU that it comes from.
    pub cpu: u32,
    /// How many samples of that CPU found no room since the one before.
    pub lost_before: u64,
    /// What the kernel side wrote, and up to 7 bytes more.
    pub record: R,
}

/// The reader of a perf event array. `V` is how samples are seen, as in [`RingBuffer`](crate::RingBuffer).
///
/// The host copies samples, many at once; here nothing is copied or allocated for a sample.
#[derive(Debug)]
pub struct PerfBuffer<V> {
    map: Map,
    samples: Vec<u64>,
    length: usize,
    consumed: usize,
    mismatched: u64,
    view: PhantomData<fn() -> V>,
}

impl<V: View> PerfBuffer<V> {
    /// Opens a buffer of so many pages, a power of two of at most 4096, for each CPU. `EINVAL` if the map is no perf
    /// event array; `EBUSY` if it has a reader already.
    pub fn new(map: &Map, pages: u32) -> Result<PerfBuffer<V>> {
        if map.info().map_type != map_type::PERF_EVENT_ARRAY {
            return Err(Error::kind("is no perf event array", map.shared_name()));
        }
        // SAFETY: no memory is involved.
        let result = unsafe { host::perfbuf_open(map.handle(), pages) };
        check(result, "open perf buffer", Some(map.shared_name()))?;
        let samples = alloc::vec![0; host::PERFBUF_LENGTH_MIN.div_ceil(8)];
        Ok(PerfBuffer { map: map.clone(), samples, length: 0, consumed: 0, mismatched: 0, view: PhantomData })
    }

    /// Waits until there are samples, `None` for ever, and gives those that are there, of one CPU after the other: none
    /// after the timeout. If there are some already, it does not wait. `EINTR`: a signal came while it waited.
    pub fn poll(&mut self, timeout: Option<Duration>) -> Result<Samples<'_, V>> {
        if self.consumed == self.length {
            self.length = self.acquire(milliseconds(timeout))?;
            self.consumed = 0;
        }
        let start = self.samples.as_ptr().cast::<u8>();
        // SAFETY: the host filled so many bytes.
        let bytes = unsafe { core::slice::from_raw_parts(start, self.length) };
        Ok(Samples {
            bytes,
            consumed: &mut self.consumed,
            mismatched: &mut self.mismatched,
            view: PhantomData,
        })
    }

    /// Gives the samples that are there, without waiting. While a signal is not taken there are none.
    pub fn consume(&mut self) -> Result<Samples<'_, V>> {
        self.poll(Some(Duration::ZERO))
    }

    fn acquire(&mut self, timeout_ms: i32) -> Result<usize> {
        let capacity = core::mem::size_of_val(self.samples.as_slice());
        let start = self.samples.as_mut_ptr().cast::<u8>();
        // SAFETY: the buffer is writable and of that length.
        let result = unsafe { host::perfbuf_acquire(self.map.handle(), start, capacity as u32, timeout_ms) };
        match check(result, "read perf buffer", Some(self.map.shared_name())) {
            // Without a wait there is nothing to interrupt.
            Err(error) if error.is_interrupted() && timeout_ms == 0 => Ok(0),
            answer => answer.map(|length| (length as usize).min(capacity)),
        }
    }

    /// How many samples were skipped since they were none that `V` can see, for example too short.
    pub fn mismatched(&self) -> u64 {
        self.mismatched
    }

    /// The map itself.
    pub fn map(&self) -> &Map {
        &self.map
    }
}

impl<V> Drop for PerfBuffer<V> {
    fn drop(&mut self) {
        // SAFETY: no memory is involved.
        unsafe { host::perfbuf_close(self.map.handle()) };
    }
}

/// The samples that a call of [`PerfBuffer::poll`] found. Those that are not taken out come again.
pub struct Samples<'a, V> {
    bytes: &'a [u8],
    consumed: &'a mut usize,
    mismatched: &'a mut u64,
    view: PhantomData<fn() -> V>,
}

/// The sample at the start of `bytes`, and how many of them it takes.
fn next_sample(bytes: &[u8]) -> Option<(PerfRecord, &[u8], usize)> {
    let header = PerfRecord::copy_from_bytes(bytes)?;
    let start = size_of::<PerfRecord>();
    let end = start.checked_add(header.length as usize)?;
    let data = bytes.get(start..end)?;
    Some((header, data, end.div_ceil(8).checked_mul(8)?.min(bytes.len())))
}

impl<'a, V: View> Iterator for Samples<'a, V> {
    type Item = Sample<V::Of<'a>>;

    fn next(&mut self) -> Option<Sample<V::Of<'a>>> {
        loop {
            let Some((header, data, size)) = next_sample(self.bytes.get(*self.consumed..)?) else {
                *self.consumed = self.bytes.len();
                return None;
            };
            *self.consumed += size;
            match V::view(data) {
                Some(record) => {
                    return Some(Sample { cpu: header.cpu, lost_before: header.lost_before, record })
                }
                None => *self.mismatched += 1,
            }
        }
    }
}

impl<V> core::fmt::Debug for Samples<'_, V> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Samples").field("consumed", &self.consumed).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::boxed::Box;

    /// Two samples: of 4 bytes from CPU 1, and of 12 from CPU 2 with 7 lost before.
    const SAMPLES: [u64; 7] = [4 | 1 << 32, 0, 0xaaaa_aaaa, 12 | 2 << 32, 7, 0xbbbb_bbbb, 0xcc];

    fn read<'a, V: View>(bytes: &'a [u8], mismatched: &'a mut u64) -> Vec<Sample<V::Of<'a>>> {
        let consumed = Box::leak(Box::new(0));
        Samples::<V> { bytes, consumed, mismatched, view: PhantomData }.collect()
    }

    fn bytes() -> &'static [u8] {
        // SAFETY: integers are bytes.
        unsafe { core::slice::from_raw_parts(SAMPLES.as_ptr().cast(), 56) }
    }

    #[test]
    fn samples_have_their_cpu_and_what_was_lost() {
        let mut mismatched = 0;
        let samples = read::<u32>(bytes(), &mut mismatched);
        assert_eq!(samples[0], Sample { cpu: 1, lost_before: 0, record: &0xaaaa_aaaa });
        assert_eq!(samples[1], Sample { cpu: 2, lost_before: 7, record: &0xbbbb_bbbb });
        assert_eq!((samples.len(), mismatched), (2, 0));
    }

    #[test]
    fn samples_that_are_too_short_are_counted() {
        let mut mismatched = 0;
        let count = read::<[u32; 3]>(bytes(), &mut mismatched).len();
        assert_eq!((count, mismatched), (1, 1));
    }

    #[test]
    fn reading_never_goes_beyond_the_end() {
        for length in 0..56 {
            let expected = usize::from(length >= 20) + usize::from(length >= 52);
            assert_eq!(read::<u8>(&bytes()[..length], &mut 0).len(), expected);
        }
        assert_eq!(read::<u8>(&[0xff; 32], &mut 0), []);
    }
}
