// SPDX-License-Identifier: Apache-2.0
//! The command line.

use std::process::ExitCode;
use std::time::Duration;

const USAGE: &str = "\
Usage: bootstrap [-d MS]

Trace when processes begin to execute a program and when they end.

  -d, --duration MS  Only processes that lived at least so long, when they end
  -h, --help         Show this help";

const LONGEST_MS: u64 = 1_000_000_000;

fn wrong_duration(text: &str) -> ExitCode {
    eprintln!("bootstrap: '{text}' is no duration in milliseconds\n{USAGE}");
    ExitCode::from(2)
}

/// How long a process must have lived, or the status to end with now.
pub fn parse(mut arguments: impl Iterator<Item = String>) -> Result<Duration, ExitCode> {
    let mut duration = Duration::ZERO;
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "-d" | "--duration" => {
                let text = arguments.next().unwrap_or_default();
                let ms = text.parse().ok().filter(|ms| *ms < LONGEST_MS);
                duration = Duration::from_millis(ms.ok_or_else(|| wrong_duration(&text))?);
            }
            "-h" | "--help" => {
                println!("{USAGE}");
                return Err(ExitCode::SUCCESS);
            }
            _ => {
                eprintln!("{USAGE}");
                return Err(ExitCode::from(2));
            }
        }
    }
    Ok(duration)
}
