// SPDX-License-Identifier: Apache-2.0
//! Prints when processes begin to execute a program and when they end, with how long they lived.

mod arguments;
mod bootstrap_skel;
mod clock;

use std::io::{self, Write};
use std::process::ExitCode;
use std::time::Duration;

use bootstrap_skel::{Event, EventKind, OpenBootstrapSkel};
use ecc_guest::{signal, text};

fn print_event(out: &mut impl Write, event: &Event) -> io::Result<()> {
    let kind = if event.kind == EventKind::EVENT_EXIT {
        "EXIT"
    } else {
        "EXEC"
    };
    let Event {
        pid,
        ppid,
        exit_code,
        ..
    } = event;
    write!(
        out,
        "{:<8} {kind:<5} {:<16} {pid:<7} {ppid:<7} ",
        clock::now(),
        text(&event.comm)
    )?;
    match (event.kind, event.duration_ns) {
        (EventKind::EVENT_EXEC, _) => writeln!(out, "{}", text(&event.filename)),
        (_, 0) => writeln!(out, "[{exit_code}]"),
        (_, ns) => writeln!(out, "[{exit_code}] ({}ms)", ns / 1_000_000),
    }
}

/// Prints events until a signal.
fn run(min_duration: Duration) -> io::Result<()> {
    let mut open = OpenBootstrapSkel::open()?;
    open.rodata.min_duration_ns = min_duration.as_nanos() as u64;
    let mut skel = open.load()?;
    skel.attach()?;

    let mut events = skel.maps.read_events()?;
    let mut out = io::stdout().lock();
    writeln!(
        out,
        "TIME     EVENT COMM             PID     PPID    FILENAME/EXIT CODE"
    )?;
    while signal::take().is_none() {
        out.flush()?;
        match events.poll(Some(Duration::from_millis(100))) {
            Ok(mut records) => records.try_for_each(|event| print_event(&mut out, event))?,
            Err(error) if error.is_interrupted() => {}
            Err(error) => return Err(error.into()),
        }
    }
    match skel.bss.get()?.lost {
        0 => {}
        lost => eprintln!("bootstrap: {lost} events were lost"),
    }
    Ok(())
}

fn main() -> ExitCode {
    let min_duration = match arguments::parse(std::env::args().skip(1)) {
        Ok(duration) => duration,
        Err(status) => return status,
    };
    match run(min_duration) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bootstrap: {error}");
            ExitCode::FAILURE
        }
    }
}
