// SPDX-License-Identifier: Apache-2.0
//! Runs of programs on data of this program's (`BPF_PROG_TEST_RUN`).

use alloc::vec::Vec;
use core::mem::size_of;
use core::time::Duration;

use crate::error::{check, Result};
use crate::host::{self, TestRunResult};
use crate::program::Program;

/// What a program is run on.
#[derive(Clone, Copy, Debug, Default)]
pub struct TestRun<'a> {
    /// A packet, or what the program's type takes.
    pub data: &'a [u8],
    /// Room for the data after the run.
    pub data_out: usize,
    /// The program's context, such as a `struct __sk_buff`; empty for none.
    pub context: &'a [u8],
    /// Room for the context after the run.
    pub context_out: usize,
    /// How often it is run; 0 is once.
    pub repeat: u32,
    /// `BPF_F_TEST_*`. Live frames are acting on the system.
    pub flags: u32,
    /// With `BPF_F_TEST_RUN_ON_CPU`.
    pub cpu: u32,
    /// With live frames.
    pub batch_size: u32,
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TestOutcome {
    /// What the program returned.
    pub return_value: u32,
    /// Of one run, on average.
    pub duration: Duration,
    /// The data after the run.
    pub data: Vec<u8>,
    /// The context after the run.
    pub context: Vec<u8>,
}

/// The address and length of bytes, 0 if there are none.
fn place(start: *const u8, length: usize) -> (u32, u32) {
    // An address of WebAssembly has 32 bits.
    (if length == 0 { 0 } else { start as usize as u32 }, length as u32)
}

impl Program {
    /// Runs it. `ENOSPC`: there was too little room for the data after the run.
    pub fn test_run(&self, run: &TestRun<'_>) -> Result<TestOutcome> {
        let (mut data, mut context) = (alloc::vec![0; run.data_out], alloc::vec![0; run.context_out]);
        let (data_in, data_length) = place(run.data.as_ptr(), run.data.len());
        let (context_in, context_length) = place(run.context.as_ptr(), run.context.len());
        let (data_out, data_out_length) = place(data.as_mut_ptr(), data.len());
        let (context_out, context_out_length) = place(context.as_mut_ptr(), context.len());
        let wanted = host::TestRun {
            size: size_of::<host::TestRun>() as u32,
            data: data_in,
            data_length,
            data_out,
            data_out_length,
            context: context_in,
            context_length,
            context_out,
            context_out_length,
            repeat: run.repeat,
            flags: run.flags,
            cpu: run.cpu,
            batch_size: run.batch_size,
        };
        let mut result =
            TestRunResult { size: size_of::<TestRunResult>() as u32, ..TestRunResult::default() };
        // SAFETY: what `wanted` refers to is valid for the call; `result` is writable and says its size.
        let answer = unsafe { host::program_test_run(self.handle(), &wanted, &mut result) };
        check(answer, "run program", Some(self.shared_name()))?;
        data.truncate(result.data_out_length as usize);
        context.truncate(result.context_out_length as usize);
        let duration = Duration::from_nanos(result.duration.into());
        Ok(TestOutcome { return_value: result.return_value, duration, data, context })
    }
}
