// SPDX-License-Identifier: Apache-2.0
//! Signals that the runtime got for this program.
//!
//! SIGINT, SIGTERM and SIGHUP end whatever the program waits in, with `EINTR`. A program that calls [`take`] decides what
//! happens then, within a second; any other is ended.

use crate::host;

/// A signal, by Linux' number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Signal(i32);

impl Signal {
    /// The terminal was closed.
    pub const HUP: Signal = Signal(1);
    /// Ctrl-C.
    pub const INT: Signal = Signal(2);
    /// The polite request to end; also when the time limit passed.
    pub const TERM: Signal = Signal(15);

    /// Its number.
    pub const fn number(self) -> i32 {
        self.0
    }
}

/// The signal that came and was not taken yet.
pub fn take() -> Option<Signal> {
    // SAFETY: no memory is involved.
    let number = unsafe { host::signal_take() };
    (number > 0).then_some(Signal(number))
}
