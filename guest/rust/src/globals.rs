// SPDX-License-Identifier: Apache-2.0
//! Global variables of the kernel side: what they are at first, and what they are now.

use alloc::boxed::Box;
use core::marker::PhantomData;
use core::mem::{align_of, size_of};
use core::ops::{Deref, DerefMut};

use crate::error::{Error, Result};
use crate::host;
use crate::map::{Map, OpenMap};
use crate::plain::Plain;
use crate::window::Window;

/// A section's bytes end where its last variable ends; a structure of them may have padding behind that.
fn fits<T>(bytes: usize) -> bool {
    bytes != 0 && bytes <= size_of::<T>() && size_of::<T>() - bytes < align_of::<T>()
}

/// The initial value of a data section (`.rodata`, `.data`, `.bss`, …), whose variables are the members of `T`, or of a
/// struct_ops map, which is a `T` whose pointers to functions are [`OpenProgram::handle`](crate::OpenProgram::handle)s, or 0.
///
/// Change the members, then [`store`](Initial::store) before the object is loaded.
#[derive(Debug)]
pub struct Initial<T> {
    value: Box<T>,
    bytes: usize,
}

impl<T: Plain> Initial<T> {
    /// `EINVAL` if the section has another size.
    pub fn read(map: &OpenMap) -> Result<Initial<T>> {
        let bytes = map.info().initial_bytes;
        if !fits::<T>(bytes) {
            return Err(Error::size("an initial value", size_of::<T>(), bytes, map.shared_name()));
        }
        let mut value = Box::new(T::zeroed());
        let start = core::ptr::from_mut(value.as_mut()).cast::<u8>();
        // SAFETY: the value has so many bytes, and every pattern of them is a value.
        map.initial(unsafe { core::slice::from_raw_parts_mut(start, bytes) })?;
        Ok(Initial { value, bytes })
    }

    /// Makes it the section's initial value.
    pub fn store(&self, map: &mut OpenMap) -> Result<()> {
        let start = core::ptr::from_ref(self.value.as_ref()).cast::<u8>();
        // SAFETY: the value has so many bytes; `Plain` types have no padding.
        map.set_initial(unsafe { core::slice::from_raw_parts(start, self.bytes) })
    }
}

impl<T> Deref for Initial<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T> DerefMut for Initial<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.value
    }
}

/// The variables of a section that does not change once the object is loaded: `.kconfig`, which has what the kernel is and
/// how it was configured, and `.rodata`. `EINVAL` if the section has another size.
pub fn read_constants<T: Plain>(map: &Map) -> Result<T> {
    let bytes = map.info().initial_bytes;
    if !fits::<T>(bytes) {
        return Err(Error::size("a value", size_of::<T>(), bytes, map.shared_name()));
    }
    let key = 0_u32;
    let mut value = T::zeroed();
    let (key, start) = (core::ptr::from_ref(&key).cast(), core::ptr::from_mut(&mut value).cast());
    // SAFETY: both have so many bytes, and every pattern of them is a value.
    unsafe { map.lookup_raw(key, size_of::<u32>(), start, bytes)? };
    Ok(value)
}

/// The variables of a writable data section of a loaded object, in the kernel's own memory where the host can show that.
///
/// The kernel side changes them at any time, so there are no references to them: they are read and written one by one,
/// or all at once, by copies. Reading is a load from memory, not a call of the kernel.
///
/// ```no_run
/// # use ecc_guest::{Globals, Map, Plain, Result};
/// # #[repr(C)] #[derive(Clone, Copy)] struct Bss { lost: u64 }
/// # unsafe impl Plain for Bss {}
/// fn print_lost(bss: &Globals<Bss>) -> Result<()> {
///     println!("{} events were lost", bss.get()?.lost);
///     let lost: u64 = bss.read_at(core::mem::offset_of!(Bss, lost))?;
///     bss.write_at(core::mem::offset_of!(Bss, lost), 0u64)
/// }
/// ```
#[derive(Debug)]
pub struct Globals<T> {
    window: Window,
    bytes: usize,
    value: PhantomData<fn() -> T>,
}

impl<T: Plain> Globals<T> {
    /// Shows the section. `EINVAL` if it has another size; `.rodata` cannot change any more and is not shown.
    pub fn show(map: &Map) -> Result<Globals<T>> {
        let bytes = map.info().initial_bytes;
        if !fits::<T>(bytes) {
            return Err(Error::size("a value", size_of::<T>(), bytes, map.shared_name()));
        }
        let window = Window::show(map, size_of::<T>() as u64, host::MMAP_WRITE)?;
        if window.data_size() < bytes {
            return Err(Error::size("a window", bytes, window.data_size(), map.shared_name()));
        }
        Ok(Globals { window, bytes, value: PhantomData })
    }

    /// A copy of all variables. Each is read at once if it has a size of 1, 2, 4 or 8 bytes; they need not be of one moment.
    pub fn get(&self) -> Result<T> {
        self.window.sync()?;
        // SAFETY: a window is at least a page, and what is behind the section's bytes is zero.
        Ok(unsafe { self.pointer().read_volatile() })
    }

    /// A copy of the variable, or the part of one, at that offset, which `offset_of!` tells. `EINVAL` beyond the end.
    pub fn read_at<F: Plain>(&self, offset: usize) -> Result<F> {
        let pointer = self.member::<F>(offset)?;
        self.window.sync()?;
        // SAFETY: inside the window and aligned; every pattern of bytes is a value.
        Ok(unsafe { pointer.read_volatile() })
    }

    /// Changes the variable at that offset.
    pub fn write_at<F: Plain>(&self, offset: usize, value: F) -> Result<()> {
        let pointer = self.member::<F>(offset)?;
        // SAFETY: inside the window, aligned, and the host lets it be written.
        unsafe { pointer.write_volatile(value) };
        self.window.sync()
    }

    /// The address of the variables, for what the functions here cannot do, such as atomic operations. Other CPUs write
    /// there, so every access must be volatile or atomic; valid as long as `self`.
    pub fn pointer(&self) -> *mut T {
        self.window.start().cast()
    }

    fn member<F>(&self, offset: usize) -> Result<*mut F> {
        let is_inside = offset.checked_add(size_of::<F>()).is_some_and(|end| end <= self.bytes);
        if !is_inside || offset % align_of::<F>() != 0 {
            return Err(Error::kind("has no such variable", self.window.map().shared_name()));
        }
        Ok(self.window.start().wrapping_add(offset).cast())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_section_may_lack_the_padding_at_the_end_of_its_structure() {
        assert!(fits::<[u64; 2]>(16));
        assert!(fits::<[u64; 2]>(9));
        assert!(!fits::<[u64; 2]>(8));
        assert!(!fits::<[u64; 2]>(17));
        assert!(!fits::<[u64; 2]>(0));
    }
}
