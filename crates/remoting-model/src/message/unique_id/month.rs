//! Months of the Gregorian calendar, in milliseconds since 1970.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

const DAY: i64 = 86_400_000;
/// The calendar repeats after 400 years.
const DAYS_OF_400_YEARS: i64 = 146_097;

/// Later and earlier times are taken for these, 100 million years away.
const FAR: i64 = 100_000_000 * 366 * DAY;

pub(super) fn to_millis(time: SystemTime) -> i64 {
    let millis = |duration: Duration| i64::try_from(duration.as_millis()).unwrap_or(FAR).min(FAR);
    match time.duration_since(UNIX_EPOCH) {
        Ok(since) => millis(since),
        Err(before) => -millis(before.duration()),
    }
}

pub(super) fn from_millis(millis: i64) -> SystemTime {
    let duration = Duration::from_millis(millis.unsigned_abs());
    let time = if millis < 0 { UNIX_EPOCH.checked_sub(duration) } else { UNIX_EPOCH.checked_add(duration) };
    time.unwrap_or(UNIX_EPOCH)
}

/// Returns the start of the month of a time, in a time zone.
pub(super) fn start(millis: i64, utc_offset: i32) -> i64 {
    let offset = i64::from(utc_offset) * 1000;
    start_day((millis + offset).div_euclid(DAY)) * DAY - offset
}

/// Returns the first day of the month of a day. Days count from 1970-01-01.
fn start_day(day: i64) -> i64 {
    let mut of_period = day.rem_euclid(DAYS_OF_400_YEARS);
    let mut year = 1970;
    while of_period >= days_of_year(year) {
        of_period -= days_of_year(year);
        year += 1;
    }
    for month in [31, days_of_year(year) - 337, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] {
        if of_period < month {
            break;
        }
        of_period -= month;
    }
    day - of_period
}

const fn days_of_year(year: i64) -> i64 {
    if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) { 366 } else { 365 }
}
