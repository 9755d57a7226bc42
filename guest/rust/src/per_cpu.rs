// SPDX-License-Identifier: Apache-2.0
//! Maps in which each CPU has a value of its own.

use alloc::vec::Vec;
use core::marker::PhantomData;
use core::mem::size_of;

use crate::error::{Error, Result};
use crate::map::{Map, Update};
use crate::plain::Plain;
use crate::typed_map::{KeyedMap, Keys};

/// The kernel's distance of two CPUs' values.
const fn stride<V>() -> usize {
    size_of::<V>().div_ceil(8) * 8
}

/// Moves values that are a stride apart together.
fn pack<V: Plain>(strided: &[u64], values: &mut Vec<V>, cpus: usize) {
    values.clear();
    let start = strided.as_ptr().cast::<u8>();
    debug_assert!(cpus * stride::<V>() <= core::mem::size_of_val(strided));
    // SAFETY: each value is inside `strided`, and every pattern of bytes is a value.
    values
        .extend((0..cpus).map(|cpu| unsafe { start.add(cpu * stride::<V>()).cast::<V>().read_unaligned() }));
}

/// The reverse of `pack`.
fn spread<V: Plain>(values: &[V]) -> Vec<u64> {
    let mut strided = alloc::vec![0u64; values.len() * stride::<V>() / 8];
    let start = strided.as_mut_ptr().cast::<u8>();
    for (cpu, value) in values.iter().enumerate() {
        // SAFETY: each value is inside `strided`.
        unsafe { start.add(cpu * stride::<V>()).cast::<V>().write_unaligned(*value) };
    }
    strided
}

/// A map with keys of the type `K` and, for each possible CPU, a value of the type `V`.
#[derive(Clone, Debug)]
pub struct PerCpuMap<K, V> {
    keyed: KeyedMap<K>,
    cpus: usize,
    value: PhantomData<fn() -> V>,
}

impl<K: Plain, V: Plain> PerCpuMap<K, V> {
    /// `EINVAL` if the map is another sort, or its keys or values have other sizes.
    pub fn new(map: &Map) -> Result<PerCpuMap<K, V>> {
        let keyed = KeyedMap::new(map)?;
        let info = map.info();
        if !info.is_per_cpu() {
            return Err(Error::kind("has one value for all CPUs: use TypedMap", map.shared_name()));
        }
        if info.value_size != size_of::<V>() || size_of::<V>() == 0 {
            return Err(Error::size("values", size_of::<V>(), info.value_size, map.shared_name()));
        }
        Ok(PerCpuMap { keyed, cpus: info.value_bytes / stride::<V>(), value: PhantomData })
    }

    /// The map itself.
    pub fn map(&self) -> &Map {
        &self.keyed.map
    }

    /// How many CPUs there may be.
    pub fn cpus(&self) -> usize {
        self.cpus
    }

    /// The element's values, one for each CPU in order.
    pub fn get(&self, key: &K) -> Result<Option<Vec<V>>> {
        let mut values = Vec::new();
        Ok(self.get_into(key, &mut values)?.then_some(values))
    }

    /// As [`get`](PerCpuMap::get), into memory that there is already. False, and no values, if there is no such element.
    pub fn get_into(&self, key: &K, values: &mut Vec<V>) -> Result<bool> {
        let mut strided = alloc::vec![0u64; self.cpus * stride::<V>() / 8];
        let length = core::mem::size_of_val(strided.as_slice());
        values.clear();
        // SAFETY: the buffer is writable and of that length.
        let found = unsafe { self.keyed.lookup(key, strided.as_mut_ptr().cast(), length) }?;
        if found {
            pack(&strided, values, self.cpus);
        }
        Ok(found)
    }

    /// Creates or changes an element: one value for each CPU, else `EINVAL`.
    pub fn insert(&self, key: &K, values: &[V]) -> Result<()> {
        self.update(key, values, Update::Any)
    }

    /// As [`insert`](PerCpuMap::insert), if `when` says so.
    pub fn update(&self, key: &K, values: &[V], when: Update) -> Result<()> {
        let strided = spread(values);
        let length = core::mem::size_of_val(strided.as_slice());
        // SAFETY: the buffer is valid for the call.
        unsafe { self.keyed.update(key, strided.as_ptr().cast(), length, when) }
    }

    /// Deletes an element; false if there is none.
    pub fn remove(&self, key: &K) -> Result<bool> {
        self.keyed.remove(key)
    }

    /// The keys, as [`TypedMap::keys`](crate::TypedMap::keys).
    pub fn keys(&self) -> Keys<'_, K> {
        Keys::new(&self.keyed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_eight_bytes_apart_at_least() {
        assert_eq!(spread(&[1u32, 2]), [1, 2]);
        assert_eq!(spread(&[[1u32, 2, 3], [4, 5, 6]]), [1 | 2 << 32, 3, 4 | 5 << 32, 6]);
    }

    #[test]
    fn what_was_spread_is_packed_again() {
        let values = [[1u8, 2, 3], [4, 5, 6], [7, 8, 9]];
        let mut packed = alloc::vec![[0u8; 3]];
        pack(&spread(&values), &mut packed, 3);
        assert_eq!(packed, values);
    }
}
