//! The text form of a time-out, as gRPC has it: at most eight digits and a unit.

use std::fmt::Write;
use std::time::Duration;

/// The ext field, and the header, of the time of a call.
pub(crate) const GRPC_TIMEOUT: &str = "grpc-timeout";

/// The largest number of a text form.
const MAX: u128 = 99_999_999;

/// The units, the finest first, with their lengths in nanoseconds.
const UNITS: [(char, u128); 6] = [
    ('n', 1),
    ('u', 1_000),
    ('m', 1_000_000),
    ('S', 1_000_000_000),
    ('M', 60_000_000_000),
    ('H', 3_600_000_000_000),
];

/// Returns the text form in the finest unit that has room for it, rounded up. Longer times become the longest one.
pub(crate) fn text(timeout: Duration) -> String {
    let nanoseconds = timeout.as_nanos();
    let in_unit = UNITS.iter().map(|(unit, length)| (nanoseconds.div_ceil(*length), unit));
    let (number, unit) = in_unit.into_iter().find(|(number, _)| *number <= MAX).unwrap_or((MAX, &'H'));
    let mut text = String::with_capacity(9);
    let _infallible = write!(text, "{number}{unit}");
    text
}

/// Reads a text form. `None` if it is invalid.
pub(crate) fn parse(text: &str) -> Option<Duration> {
    let unit = text.chars().next_back()?;
    let (_, length) = UNITS.iter().find(|(name, _)| *name == unit)?;
    let digits = &text[..text.len() - 1];
    if digits.is_empty() || digits.len() > 8 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let nanoseconds = digits.parse::<u128>().ok()? * length;
    let seconds = u64::try_from(nanoseconds / 1_000_000_000).ok()?;
    let rest = u32::try_from(nanoseconds % 1_000_000_000).ok()?;
    Some(Duration::new(seconds, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_written_in_the_finest_unit_with_room_and_never_shorter() {
        for (time, expected) in [
            (Duration::ZERO, "0n"),
            (Duration::from_millis(50), "50000000n"),
            (Duration::from_millis(100), "100000u"),
            (Duration::from_secs(3), "3000000u"),
            (Duration::from_nanos(100_000_001), "100001u"),
            (Duration::from_secs(100), "100000m"),
            (Duration::from_secs(100_000), "100000S"),
            (Duration::from_secs(100_000_000), "1666667M"),
            (Duration::from_secs(u64::MAX), "99999999H"),
        ] {
            assert_eq!(text(time), expected);
            assert!(parse(expected).unwrap() >= time || expected == "99999999H");
        }
    }

    #[test]
    fn what_grpc_does_not_allow_is_no_time() {
        for (text, expected) in [
            ("1S", Duration::from_secs(1)),
            ("100m", Duration::from_millis(100)),
            ("00000002H", Duration::from_secs(7_200)),
        ] {
            assert_eq!(parse(text), Some(expected));
        }
        for text in ["", "S", "1", "1s", "-1S", "+1S", "1.5S", "123456789m", "1 S", "1é", "é"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
