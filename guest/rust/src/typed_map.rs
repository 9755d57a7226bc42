// SPDX-License-Identifier: Apache-2.0
//! Maps whose keys and values have types.

use core::marker::PhantomData;
use core::mem::{size_of, MaybeUninit};

use crate::error::{Error, Result};
use crate::map::{Map, Update};
use crate::plain::Plain;

fn bytes_of<T>(value: &T) -> *const u8 {
    core::ptr::from_ref(value).cast()
}

/// Keys of the type `K` in `map`, whatever its values are.
#[derive(Clone, Debug)]
pub(crate) struct KeyedMap<K> {
    pub map: Map,
    key: PhantomData<fn() -> K>,
}

impl<K: Plain> KeyedMap<K> {
    pub fn new(map: &Map) -> Result<KeyedMap<K>> {
        let found = map.info().key_size;
        if found != size_of::<K>() {
            return Err(Error::size("keys", size_of::<K>(), found, map.shared_name()));
        }
        Ok(KeyedMap { map: map.clone(), key: PhantomData })
    }

    /// # Safety
    ///
    /// `length` bytes at `value` can be written.
    pub unsafe fn lookup(&self, key: &K, value: *mut u8, length: usize) -> Result<bool> {
        unsafe { self.map.lookup_raw(bytes_of(key), size_of::<K>(), value, length) }
    }

    /// # Safety
    ///
    /// `length` bytes at `value` can be read.
    pub unsafe fn update(&self, key: &K, value: *const u8, length: usize, when: Update) -> Result<()> {
        unsafe { self.map.update_raw(bytes_of(key), size_of::<K>(), value, length, when) }
    }

    pub fn remove(&self, key: &K) -> Result<bool> {
        // SAFETY: the key is valid for the call.
        unsafe { self.map.delete_raw(bytes_of(key), size_of::<K>()) }
    }

    fn next_key(&self, key: Option<&K>) -> Result<Option<K>> {
        let mut next = MaybeUninit::<K>::uninit();
        let key = key.map_or(core::ptr::null(), bytes_of);
        // SAFETY: both are valid for the call.
        let found = unsafe { self.map.next_key_raw(key, next.as_mut_ptr().cast(), size_of::<K>()) }?;
        // SAFETY: the host wrote it.
        Ok(found.then(|| unsafe { next.assume_init() }))
    }
}

/// A map with keys of the type `K` and values of the type `V`.
///
/// Every call is one of the host and the kernel, and values are copies; what programs on several CPUs count at once belongs
/// into a [`PerCpuMap`](crate::PerCpuMap) or into [`Globals`](crate::Globals).
#[derive(Clone, Debug)]
pub struct TypedMap<K, V> {
    keyed: KeyedMap<K>,
    value: PhantomData<fn() -> V>,
}

impl<K: Plain, V: Plain> TypedMap<K, V> {
    /// `EINVAL` if the map's keys or values have other sizes, or each CPU has a value of its own.
    pub fn new(map: &Map) -> Result<TypedMap<K, V>> {
        let keyed = KeyedMap::new(map)?;
        if map.info().is_per_cpu() {
            return Err(Error::kind("has a value for each CPU: use PerCpuMap", map.shared_name()));
        }
        let found = map.info().value_bytes;
        if found != size_of::<V>() {
            return Err(Error::size("values", size_of::<V>(), found, map.shared_name()));
        }
        Ok(TypedMap { keyed, value: PhantomData })
    }

    /// The map itself.
    pub fn map(&self) -> &Map {
        &self.keyed.map
    }

    /// The element's value.
    pub fn get(&self, key: &K) -> Result<Option<V>> {
        let mut value = MaybeUninit::<V>::uninit();
        // SAFETY: `value` is writable and of that size.
        let found = unsafe { self.keyed.lookup(key, value.as_mut_ptr().cast(), size_of::<V>()) }?;
        // SAFETY: the host wrote it.
        Ok(found.then(|| unsafe { value.assume_init() }))
    }

    /// Deletes an element and gives its value. Of a queue or stack, whose keys are `()`, the next one.
    pub fn take(&self, key: &K) -> Result<Option<V>> {
        let mut value = MaybeUninit::<V>::uninit();
        let (start, size) = (value.as_mut_ptr().cast(), size_of::<V>());
        // SAFETY: `value` is writable and of that size.
        let found = unsafe { self.keyed.map.take_raw(bytes_of(key), size_of::<K>(), start, size) }?;
        // SAFETY: the host wrote it.
        Ok(found.then(|| unsafe { value.assume_init() }))
    }

    /// Creates or changes an element.
    pub fn insert(&self, key: &K, value: &V) -> Result<()> {
        self.update(key, value, Update::Any)
    }

    /// Creates or changes an element, if `when` says so.
    pub fn update(&self, key: &K, value: &V, when: Update) -> Result<()> {
        // SAFETY: the value is valid for the call.
        unsafe { self.keyed.update(key, bytes_of(value), size_of::<V>(), when) }
    }

    /// Deletes an element; false if there is none.
    pub fn remove(&self, key: &K) -> Result<bool> {
        self.keyed.remove(key)
    }

    /// The keys, each as the kernel gives it: while elements come and go, some may be missed or come twice.
    pub fn keys(&self) -> Keys<'_, K> {
        Keys::new(&self.keyed)
    }

    /// The elements whose keys [`keys`](TypedMap::keys) gives, but for those that are gone when they are looked up.
    pub fn iter(&self) -> Entries<'_, K, V> {
        Entries { map: self, keys: self.keys() }
    }
}

impl<'a, K: Plain, V: Plain> IntoIterator for &'a TypedMap<K, V> {
    type Item = Result<(K, V)>;
    type IntoIter = Entries<'a, K, V>;

    fn into_iter(self) -> Entries<'a, K, V> {
        self.iter()
    }
}

/// The keys of a map. Ends after an error. No more of them than a map that is as full as can be has, twice, so that
/// a map which changes all the while cannot hold the program up for ever.
#[derive(Debug)]
pub struct Keys<'a, K> {
    map: &'a KeyedMap<K>,
    last: Option<K>,
    left: u64,
}

impl<'a, K: Plain> Keys<'a, K> {
    pub(crate) fn new(map: &'a KeyedMap<K>) -> Keys<'a, K> {
        Keys { map, last: None, left: u64::from(map.map.info().max_entries) * 2 }
    }
}

impl<K: Plain> Iterator for Keys<'_, K> {
    type Item = Result<K>;

    fn next(&mut self) -> Option<Result<K>> {
        self.left = self.left.checked_sub(1)?;
        let next = self.map.next_key(self.last.as_ref());
        match next {
            Ok(Some(key)) => self.last = Some(key),
            _ => self.left = 0,
        }
        next.transpose()
    }
}

/// The elements of a map. Ends after an error.
#[derive(Debug)]
pub struct Entries<'a, K, V> {
    map: &'a TypedMap<K, V>,
    keys: Keys<'a, K>,
}

impl<K: Plain, V: Plain> Iterator for Entries<'_, K, V> {
    type Item = Result<(K, V)>;

    fn next(&mut self) -> Option<Result<(K, V)>> {
        loop {
            let key = match self.keys.next()? {
                Ok(key) => key,
                Err(error) => return Some(Err(error)),
            };
            match self.map.get(&key) {
                Ok(None) => continue,
                Ok(Some(value)) => return Some(Ok((key, value))),
                Err(error) => return Some(Err(error)),
            }
        }
    }
}
