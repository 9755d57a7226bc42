// SPDX-License-Identifier: Apache-2.0
//! BPF objects before and after loading.

use alloc::sync::Arc;
use core::mem::size_of;

use crate::error::{check, LoadError, Result};
use crate::handle::Shared;
use crate::host::{self, ObjectOpts};
use crate::map::{Map, OpenMap};
use crate::program::{OpenProgram, Program};

/// How an object is opened.
#[derive(Clone, Copy, Debug, Default)]
pub struct OpenOptions {
    log_level: u32,
}

impl OpenOptions {
    /// What [`OpenObject::open`] uses.
    pub fn new() -> OpenOptions {
        OpenOptions::default()
    }

    /// How much the verifier says: 0 only on failure (the default), 1, 2 or 4 as in `BPF_PROG_LOAD`.
    pub fn log_level(mut self, level: u32) -> OpenOptions {
        self.log_level = level;
        self
    }

    /// Opens the object of that name in the package: `"bootstrap_bpf"` of `bootstrap.bpf.c`.
    ///
    /// `ENOENT`: there is none of that name for this architecture. `EPERM`: it acts on the system and the operator did
    /// not allow that; the runtime has told the user how to.
    pub fn open(self, name: &str) -> Result<OpenObject> {
        let opts = self.host_options();
        // SAFETY: name and options are valid for the call.
        let handle = unsafe { host::object_open(name.as_ptr(), name.len() as u32, &opts) };
        OpenObject::from_result(handle, name)
    }

    /// Opens an object in this program's memory; `EPERM` unless the operator allowed `bytes`.
    pub fn open_bytes(self, name: &str, elf: &[u8]) -> Result<OpenObject> {
        let opts = self.host_options();
        // SAFETY: bytes and options are valid for the call.
        let handle = unsafe { host::object_open_bytes(elf.as_ptr(), elf.len() as u32, &opts) };
        OpenObject::from_result(handle, name)
    }

    fn host_options(self) -> ObjectOpts {
        ObjectOpts { size: size_of::<ObjectOpts>() as u32, log_level: self.log_level }
    }
}

/// An object that is not loaded yet: what can still be configured.
#[derive(Debug)]
pub struct OpenObject {
    shared: Arc<Shared>,
}

impl OpenObject {
    /// [`OpenOptions::open`] with nothing special.
    pub fn open(name: &str) -> Result<OpenObject> {
        OpenOptions::new().open(name)
    }

    fn from_result(handle: i32, name: &str) -> Result<OpenObject> {
        let name = Arc::from(name);
        let handle = check(handle, "open object", Some(&name))?;
        Ok(OpenObject { shared: Arc::new(Shared::new(handle, name)) })
    }

    /// The map of that name; `ENOENT`. Data sections are maps too: `".rodata"`, `".bss"`.
    pub fn map(&self, name: &str) -> Result<OpenMap> {
        OpenMap::find(&self.shared, name)
    }

    /// The program of that name; `ENOENT`.
    pub fn program(&self, name: &str) -> Result<OpenProgram> {
        OpenProgram::find(&self.shared, name)
    }

    /// Creates the maps and loads the programs. Everything that was asked of this object before is of no further use,
    /// but [`Initial`](crate::Initial) values become [`Globals`](crate::Globals).
    pub fn load(self) -> core::result::Result<Object, LoadError> {
        // SAFETY: no memory is involved.
        let result = unsafe { host::object_load(self.shared.handle()) };
        match check(result, "load object", Some(self.shared.name())) {
            Ok(_) => Ok(Object { shared: self.shared }),
            Err(error) => Err(LoadError::new(error, self.shared)),
        }
    }
}

/// A loaded object. Dropping it closes it, unless something of it lives on.
#[derive(Debug)]
pub struct Object {
    shared: Arc<Shared>,
}

impl Object {
    /// The name under which it was opened.
    pub fn name(&self) -> &str {
        self.shared.name()
    }

    /// The map of that name; `ENOENT`.
    pub fn map(&self, name: &str) -> Result<Map> {
        Map::find(&self.shared, name)
    }

    /// The program of that name; `ENOENT`.
    pub fn program(&self, name: &str) -> Result<Program> {
        Program::find(&self.shared, name)
    }
}

/// Gives up what it takes to open, load and attach anything more: for a program that has all it needs before it looks at
/// data of others. Maps stay usable.
pub fn seal() -> Result<()> {
    // SAFETY: no memory is involved.
    check(unsafe { host::seal() }, "seal", None).map(drop)
}
