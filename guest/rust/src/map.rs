// SPDX-License-Identifier: Apache-2.0
//! Maps by name: what they are, and their elements as bytes.

use alloc::sync::Arc;
use core::mem::size_of;

use crate::error::{check, Errno, Error, Result};
use crate::handle::Shared;
use crate::host;
use crate::program::Link;

/// What a map is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MapInfo {
    /// `enum bpf_map_type`.
    pub map_type: u32,
    /// Bytes of a key.
    pub key_size: usize,
    /// Bytes of a value, for one CPU.
    pub value_size: usize,
    /// How many elements there may be; bytes, for ring buffers.
    pub max_entries: u32,
    /// `BPF_F_*`.
    pub flags: u32,
    /// Bytes that a lookup gives: `value_size`, or that rounded up to 8 for each possible CPU in per-CPU maps.
    pub value_bytes: usize,
    /// Bytes of the initial value of a data section or a struct_ops map, else 0.
    pub initial_bytes: usize,
}

pub(crate) mod map_type {
    pub const PERF_EVENT_ARRAY: u32 = 4;
    pub const PERCPU_HASH: u32 = 5;
    pub const PERCPU_ARRAY: u32 = 6;
    pub const LRU_PERCPU_HASH: u32 = 10;
    pub const PERCPU_CGROUP_STORAGE: u32 = 21;
    pub const RINGBUF: u32 = 27;
    pub const USER_RINGBUF: u32 = 31;
}

impl MapInfo {
    fn of(handle: i32, name: &Arc<str>) -> Result<MapInfo> {
        let mut info = host::MapInfo { size: size_of::<host::MapInfo>() as u32, ..host::MapInfo::default() };
        // SAFETY: `info` is writable and says its size.
        check(unsafe { host::map_info(handle, &mut info) }, "describe map", Some(name))?;
        Ok(MapInfo {
            map_type: info.map_type,
            key_size: info.key_size as usize,
            value_size: info.value_size as usize,
            max_entries: info.max_entries,
            flags: info.flags,
            value_bytes: info.value_bytes as usize,
            initial_bytes: info.initial_bytes as usize,
        })
    }

    /// True if each CPU has a value of its own.
    pub fn is_per_cpu(&self) -> bool {
        use map_type::*;
        [PERCPU_HASH, PERCPU_ARRAY, LRU_PERCPU_HASH, PERCPU_CGROUP_STORAGE].contains(&self.map_type)
    }
}

#[derive(Clone, Debug)]
struct Handle {
    object: Arc<Shared>,
    handle: i32,
    name: Arc<str>,
    info: MapInfo,
}

fn find(object: &Arc<Shared>, name: &str) -> Result<Handle> {
    let name: Arc<str> = Arc::from(name);
    // SAFETY: the name is valid for the call.
    let result = unsafe { host::map_find(object.handle(), name.as_ptr(), name.len() as u32) };
    let handle = check(result, "find map", Some(&name))?;
    let info = MapInfo::of(handle, &name)?;
    Ok(Handle { object: object.clone(), handle, name, info })
}

/// A map of an object that is not loaded yet.
#[derive(Debug)]
pub struct OpenMap(Handle);

impl OpenMap {
    pub(crate) fn find(object: &Arc<Shared>, name: &str) -> Result<OpenMap> {
        find(object, name).map(OpenMap)
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// What it is.
    pub fn info(&self) -> &MapInfo {
        &self.0.info
    }

    /// How many elements there may be; the kernel's rules for ring buffers apply, so [`info`](OpenMap::info) may then
    /// say a larger number.
    pub fn set_max_entries(&mut self, max_entries: u32) -> Result<()> {
        // SAFETY: no memory is involved.
        let result = unsafe { host::map_set_max_entries(self.0.handle, max_entries) };
        check(result, "resize map", Some(&self.0.name))?;
        self.0.info = MapInfo::of(self.0.handle, &self.0.name)?;
        Ok(())
    }

    /// Copies the initial value of a data section or a struct_ops map; `value` has [`MapInfo::initial_bytes`].
    pub fn initial(&self, value: &mut [u8]) -> Result<()> {
        // SAFETY: `value` is writable and of that length.
        let result = unsafe { host::map_get_initial(self.0.handle, value.as_mut_ptr(), value.len() as u32) };
        check(result, "read the initial value of map", Some(&self.0.name)).map(drop)
    }

    /// Sets the initial value of a data section or a struct_ops map; `value` has [`MapInfo::initial_bytes`].
    pub fn set_initial(&mut self, value: &[u8]) -> Result<()> {
        // SAFETY: `value` is valid for the call.
        let result = unsafe { host::map_set_initial(self.0.handle, value.as_ptr(), value.len() as u32) };
        check(result, "set the initial value of map", Some(&self.0.name)).map(drop)
    }

    pub(crate) fn shared_name(&self) -> &Arc<str> {
        &self.0.name
    }
}

/// When an update takes effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
#[repr(u64)]
pub enum Update {
    /// Whether the element exists or not.
    #[default]
    Any = 0,
    /// Only if it does not exist; else `EEXIST`.
    Create = 1,
    /// Only if it exists; else `ENOENT`.
    Replace = 2,
}

/// A map of a loaded object. Clones are the same map.
///
/// Its elements are bytes here: keys have [`MapInfo::key_size`], values [`MapInfo::value_bytes`], else `EINVAL`.
/// [`TypedMap`](crate::TypedMap) and [`PerCpuMap`](crate::PerCpuMap) know their types.
#[derive(Clone, Debug)]
pub struct Map(Handle);

impl Map {
    pub(crate) fn find(object: &Arc<Shared>, name: &str) -> Result<Map> {
        find(object, name).map(Map)
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// What it is.
    pub fn info(&self) -> &MapInfo {
        &self.0.info
    }

    /// Copies the element's value; false if there is none.
    pub fn lookup(&self, key: &[u8], value: &mut [u8]) -> Result<bool> {
        // SAFETY: both are valid for the call.
        unsafe { self.lookup_raw(key.as_ptr(), key.len(), value.as_mut_ptr(), value.len()) }
    }

    /// Creates or changes an element.
    pub fn update(&self, key: &[u8], value: &[u8], when: Update) -> Result<()> {
        // SAFETY: both are valid for the call.
        unsafe { self.update_raw(key.as_ptr(), key.len(), value.as_ptr(), value.len(), when) }
    }

    /// Deletes an element; false if there is none.
    pub fn delete(&self, key: &[u8]) -> Result<bool> {
        // SAFETY: the key is valid for the call.
        unsafe { self.delete_raw(key.as_ptr(), key.len()) }
    }

    /// Copies the key that follows `key` into `next`, the first one for `None`. False after the last. If `key` is not
    /// there any more, a hash map starts again with its first.
    pub fn next_key(&self, key: Option<&[u8]>, next: &mut [u8]) -> Result<bool> {
        if let Some(key) = key.filter(|key| key.len() != next.len()) {
            return Err(Error::size("keys", key.len(), next.len(), &self.0.name));
        }
        let key = key.map_or(core::ptr::null(), <[u8]>::as_ptr);
        // SAFETY: both are valid for the call and of the same length.
        unsafe { self.next_key_raw(key, next.as_mut_ptr(), next.len()) }
    }

    /// Attaches a struct_ops map, which takes effect with that. `EINVAL`: a map of another type; `EOPNOTSUPP`: its section
    /// says not to create it.
    pub fn attach(&self) -> Result<Link> {
        // SAFETY: no memory is involved.
        let result = unsafe { host::map_attach(self.0.handle) };
        let handle = check(result, "attach map", Some(&self.0.name))?;
        Ok(Link::new(&self.0.object, handle))
    }

    pub(crate) fn handle(&self) -> i32 {
        self.0.handle
    }

    pub(crate) fn shared_name(&self) -> &Arc<str> {
        &self.0.name
    }

    /// False instead of `ENOENT`.
    fn found(&self, result: i32, operation: &'static str) -> Result<bool> {
        if result == -Errno::ENOENT.number() {
            return Ok(false);
        }
        check(result, operation, Some(&self.0.name)).map(|_| true)
    }

    // By pointers, since values of shared types may have padding, which must not be referred to as bytes.

    /// # Safety
    ///
    /// `key` can be read and `value` written for so many bytes.
    pub(crate) unsafe fn lookup_raw(
        &self,
        key: *const u8,
        key_length: usize,
        value: *mut u8,
        value_length: usize,
    ) -> Result<bool> {
        let result =
            unsafe { host::map_lookup(self.0.handle, key, key_length as u32, value, value_length as u32, 0) };
        self.found(result, "look up an element of map")
    }

    /// # Safety
    ///
    /// As for `lookup_raw`.
    pub(crate) unsafe fn take_raw(
        &self,
        key: *const u8,
        key_length: usize,
        value: *mut u8,
        value_length: usize,
    ) -> Result<bool> {
        let result = unsafe {
            host::map_lookup_and_delete(self.0.handle, key, key_length as u32, value, value_length as u32, 0)
        };
        self.found(result, "take an element of map")
    }

    /// # Safety
    ///
    /// `key` and `value` can be read for so many bytes.
    pub(crate) unsafe fn update_raw(
        &self,
        key: *const u8,
        key_length: usize,
        value: *const u8,
        value_length: usize,
        when: Update,
    ) -> Result<()> {
        let result = unsafe {
            host::map_update(self.0.handle, key, key_length as u32, value, value_length as u32, when as u64)
        };
        check(result, "update an element of map", Some(&self.0.name)).map(drop)
    }

    /// # Safety
    ///
    /// `key` can be read for so many bytes.
    pub(crate) unsafe fn delete_raw(&self, key: *const u8, key_length: usize) -> Result<bool> {
        let result = unsafe { host::map_delete(self.0.handle, key, key_length as u32, 0) };
        self.found(result, "delete an element of map")
    }

    /// # Safety
    ///
    /// `key` is null or can be read, and `next` written, for so many bytes.
    pub(crate) unsafe fn next_key_raw(&self, key: *const u8, next: *mut u8, length: usize) -> Result<bool> {
        let result = unsafe { host::map_next_key(self.0.handle, key, next, length as u32) };
        self.found(result, "list the keys of map")
    }
}
