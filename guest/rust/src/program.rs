// SPDX-License-Identifier: Apache-2.0
//! Programs and where they are attached.

use alloc::sync::Arc;
use core::mem::ManuallyDrop;

use crate::attach::Attach;
use crate::error::{check, Result};
use crate::handle::Shared;
use crate::host;
use crate::iteration::Iteration;

#[derive(Debug)]
struct Handle {
    object: Arc<Shared>,
    handle: i32,
    name: Arc<str>,
}

fn find(object: &Arc<Shared>, name: &str) -> Result<Handle> {
    let name: Arc<str> = Arc::from(name);
    // SAFETY: the name is valid for the call.
    let result = unsafe { host::program_find(object.handle(), name.as_ptr(), name.len() as u32) };
    let handle = check(result, "find program", Some(&name))?;
    Ok(Handle { object: object.clone(), handle, name })
}

/// A program of an object that is not loaded yet.
#[derive(Debug)]
pub struct OpenProgram(Handle);

impl OpenProgram {
    pub(crate) fn find(object: &Arc<Shared>, name: &str) -> Result<OpenProgram> {
        find(object, name).map(OpenProgram)
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// What stands for it in the initial value of a struct_ops map.
    pub fn handle(&self) -> u64 {
        self.0.handle as u64
    }

    /// Whether [`OpenObject::load`](crate::OpenObject::load) loads it.
    pub fn set_autoload(&mut self, autoload: bool) -> Result<()> {
        // SAFETY: no memory is involved.
        let result = unsafe { host::program_set_autoload(self.0.handle, autoload.into()) };
        check(result, "configure program", Some(&self.0.name)).map(drop)
    }

    /// Says what a program attaches to whose target the kernel checks when it loads it (fentry, LSM, freplace and the
    /// like), in place of what its section says: a function of the kernel, or of a loaded program. `EPERM`: a function of
    /// the kernel, which the operator must allow (`--allow attach`).
    pub fn set_attach_target(&mut self, target: Option<&Program>, function: &str) -> Result<()> {
        let target = target.map_or(0, |program| program.0.handle);
        // SAFETY: the name is valid for the call.
        let result = unsafe {
            host::program_set_attach_target(self.0.handle, target, function.as_ptr(), function.len() as u32)
        };
        check(result, "set target of program", Some(&self.0.name)).map(drop)
    }
}

/// A program of a loaded object.
#[derive(Debug)]
pub struct Program(Handle);

impl Program {
    pub(crate) fn find(object: &Arc<Shared>, name: &str) -> Result<Program> {
        find(object, name).map(Program)
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// Attaches it where its section says. `EOPNOTSUPP`: the section does not say, or the program was not loaded.
    pub fn attach(&self) -> Result<Link> {
        self.attach_to(&Attach::section())
    }

    pub(crate) fn handle(&self) -> i32 {
        self.0.handle
    }

    pub(crate) fn shared_name(&self) -> &Arc<str> {
        &self.0.name
    }

    /// Attaches it elsewhere, or with options.
    pub fn attach_to(&self, to: &Attach<'_>) -> Result<Link> {
        let opts = to.host_options();
        // SAFETY: the options, and the names that `to` refers to, are valid for the call.
        let result = unsafe { host::program_attach(self.0.handle, &opts) };
        let handle = check(result, "attach program", Some(&self.0.name))?;
        Ok(Link::new(&self.0.object, handle))
    }
}

/// That a program or a struct_ops map is attached. Dropping it detaches that.
#[derive(Debug)]
pub struct Link {
    object: Arc<Shared>,
    handle: i32,
}

impl Link {
    pub(crate) fn new(object: &Arc<Shared>, handle: i32) -> Link {
        Link { object: object.clone(), handle }
    }

    /// Puts another program of the same kind in the place of the one that is attached.
    pub fn update(&mut self, program: &Program) -> Result<()> {
        // SAFETY: no memory is involved.
        let result = unsafe { host::link_update(self.handle, program.handle()) };
        check(result, "attach program", Some(program.shared_name())).map(drop)
    }

    /// Iterators: starts a walk over what it is attached to.
    pub fn iterate(&self) -> Result<Iteration> {
        Iteration::open(&self.object, self.handle)
    }

    /// Detaches the program, and tells if that failed.
    pub fn detach(self) -> Result<()> {
        let link = ManuallyDrop::new(self);
        // SAFETY: `link` is neither used nor dropped hereafter.
        let _object = unsafe { core::ptr::read(&link.object) };
        // SAFETY: no memory is involved.
        check(unsafe { host::link_detach(link.handle) }, "detach program", None).map(drop)
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        // SAFETY: no memory is involved.
        unsafe { host::link_detach(self.handle) };
    }
}

/// The index of the network interface of that name; `ENODEV`.
pub fn interface_index(name: &str) -> Result<u32> {
    // SAFETY: the name is valid for the call.
    let result = unsafe { host::interface_index(name.as_ptr(), name.len() as u32) };
    check(result, "find network interface", Some(&Arc::from(name))).map(|index| index as u32)
}
