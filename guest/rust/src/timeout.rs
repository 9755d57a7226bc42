// SPDX-License-Identifier: Apache-2.0
//! How long a call waits, as the host counts it.

use core::time::Duration;

/// Milliseconds, rounded up so that no positive time becomes "not at all"; -1 waits for ever.
pub(crate) fn milliseconds(timeout: Option<Duration>) -> i32 {
    match timeout {
        None => -1,
        Some(time) => i32::try_from(time.as_nanos().div_ceil(1_000_000)).unwrap_or(i32::MAX),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounds_up_to_milliseconds() {
        assert_eq!(milliseconds(Some(Duration::ZERO)), 0);
        assert_eq!(milliseconds(Some(Duration::from_nanos(1))), 1);
        assert_eq!(milliseconds(Some(Duration::from_micros(1500))), 2);
        assert_eq!(milliseconds(Some(Duration::from_secs(1))), 1000);
    }

    #[test]
    fn never_shortens_a_long_time_to_a_short_one() {
        assert_eq!(milliseconds(Some(Duration::MAX)), i32::MAX);
        assert_eq!(milliseconds(None), -1);
    }
}
