// SPDX-License-Identifier: Apache-2.0
//! The time of day. Guests have no time zone, so it is UTC, as in C.

use std::time::SystemTime;

const DAY: u64 = 24 * 60 * 60;

/// "hh:mm:ss".
pub fn now() -> String {
    let since_1970 = SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH)
        .unwrap_or_default();
    let seconds = since_1970.as_secs() % DAY;
    format!(
        "{:02}:{:02}:{:02}",
        seconds / 3600,
        seconds / 60 % 60,
        seconds % 60
    )
}
