// SPDX-License-Identifier: Apache-2.0
//! BPF objects, maps and ring buffers for WebAssembly programs in packages made by `ecc`.
//!
//! A package holds a BPF object beside a WASI program. This crate is how the program, in Rust, reaches the object: it
//! calls the host interface `ecc_bpf_v1` of the runtime (`ecc run`). Most programs use it through a skeleton, which
//! `ecc` generates from the BPF source; the crate alone does the same by name:
//!
//! ```no_run
//! use ecc_guest::{OpenObject, Plain, RingBuffer};
//! use std::time::Duration;
//!
//! #[repr(C)]
//! #[derive(Clone, Copy)]
//! struct Event {
//!     pid: u32,
//!     uid: u32,
//! }
//! // SAFETY: integers only, and no padding.
//! unsafe impl Plain for Event {}
//!
//! fn main() -> ecc_guest::Result<()> {
//!     let object = OpenObject::open("example_bpf")?.load()?;
//!     let _link = object.program("handle_exec")?.attach()?;
//!     let mut events = RingBuffer::<Event>::new(&object.map("events")?)?;
//!     while ecc_guest::signal::take().is_none() {
//!         for event in events.poll(Some(Duration::from_millis(100)))? {
//!             println!("{} {}", event.pid, event.uid);
//!         }
//!     }
//!     Ok(())
//! }
//! ```
//!
//! * **Order.** [`OpenObject`] is what can still be configured: which programs are loaded, how large maps are, what
//!   globals hold at first. [`OpenObject::load`] turns it into an [`Object`], whose programs attach and whose maps have
//!   elements. Calls out of order do not compile.
//! * **Lifetime.** Maps, programs, links, windows and ring buffers keep their object open; the last one to go closes it.
//!   Dropping a [`Link`] detaches.
//! * **Records** of a [`RingBuffer`] are references into the kernel's buffer or the host's copy of it: nothing is
//!   copied or allocated for a record.
//! * **Types** that the kernel side shares are [`Plain`]: any bytes are a value. Generated types are; `ecc gen types
//!   --lang rust` writes them.
//!
//! The crate is `no_std` with `alloc`; its feature `std`, on by default, adds the conversions to `std`'s errors. It
//! compiles for every target, so that the logic of a program can be tested where it is developed; outside of WebAssembly
//! each call of the host is [`Errno::ENOSYS`].
#![no_std]

extern crate alloc;
#[cfg(feature = "std")]
extern crate std;

mod attach;
mod error;
mod framing;
mod globals;
mod handle;
pub mod host;
mod iteration;
mod map;
mod object;
mod per_cpu;
mod perf_buffer;
mod plain;
mod program;
mod queue_map;
mod ring_buffer;
pub mod signal;
pub mod symbols;
mod tail;
mod test_run;
mod timeout;
mod typed_map;
mod user_ring_buffer;
mod wait;
mod window;

pub use attach::{Attach, TcHook};
pub use error::{Errno, Error, LoadError, Result};
pub use globals::{read_constants, Globals, Initial};
pub use iteration::Iteration;
pub use map::{Map, MapInfo, OpenMap, Update};
pub use object::{seal, Object, OpenObject, OpenOptions};
pub use per_cpu::PerCpuMap;
pub use perf_buffer::{PerfBuffer, Sample, Samples};
pub use plain::{text, Bool, Plain};
pub use program::{interface_index, Link, OpenProgram, Program};
pub use queue_map::QueueMap;
pub use ring_buffer::{Bytes, Copied, Records, RingBuffer, View};
pub use tail::{Tail, Tailed, WithTail};
pub use test_run::{TestOutcome, TestRun};
pub use typed_map::{Entries, Keys, TypedMap};
pub use user_ring_buffer::UserRingBuffer;
pub use wait::{wait, Source};
