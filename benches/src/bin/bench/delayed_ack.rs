//! Rows that tell of a delayed acknowledgement, and not of the stack.
//!
//! Where `TCP_NODELAY` is off, Nagle's algorithm holds a short segment back until the one before it is acknowledged, and
//! the peer's kernel delays acknowledgements: by 40 ms at least on Linux. Requests that meet it take 40 ms and what their
//! work takes besides, in every round about the same. A stack that was started right shows nothing like it, so such a row
//! says that the benchmark has a fault.

use super::results::{CaseResult, Results, Row};
use super::statistics::Sample;
use super::table::with_noise;

/// Microseconds that a request takes when it waits for a delayed acknowledgement and for little else. The lower end is
/// below 40 ms, as the delay may begin a little before the segment that waits for its end is written.
const DELAYED_US: std::ops::RangeInclusive<f64> = 38_000.0..=55_000.0;

/// Of the rounds, so many must be delayed…
const LEAST_SHARE: f64 = 2.0 / 3.0;

/// … and the longest of them may exceed the shortest by this factor: what takes so long by its own work varies more.
const LARGEST_SPREAD: f64 = 1.2;

/// Loads above these take tens of milliseconds by themselves on some machines.
const MOST_IN_FLIGHT: usize = 512;
const MOST_BYTES_IN_FLIGHT: usize = 4 << 20;

/// Which quantile of a row is that of a delayed acknowledgement.
#[derive(Debug, PartialEq)]
pub(super) struct DelayedAck<'a> {
    case: &'a str,
    contestant: &'a str,
    quantile: &'static str,
    latency: &'a Sample,
}

impl std::fmt::Display for DelayedAck<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { case, contestant, quantile, latency } = self;
        let latency = with_noise(latency);
        write!(
            f,
            "{contestant} in {case} waits for delayed acknowledgements: its {quantile} is {latency} µs. \
             One of its sides has TCP_NODELAY off, and its numbers are not to be quoted"
        )
    }
}

/// None if the row is sound.
pub(super) fn of<'a>(case: &'a CaseResult, row: &'a Row) -> Option<DelayedAck<'a>> {
    let in_flight = case.connections * case.window;
    if in_flight > MOST_IN_FLIGHT || in_flight * case.body > MOST_BYTES_IN_FLIGHT {
        return None;
    }
    let quantiles = [("p50", &row.p50_us), ("p99", &row.p99_us)];
    let (quantile, latency) = quantiles.into_iter().find(|(_, latency)| is_delayed(latency))?;
    Some(DelayedAck { case: &case.name, contestant: &row.contestant, quantile, latency })
}

/// All rows that are not sound.
pub(super) fn all(results: &Results) -> Vec<DelayedAck<'_>> {
    let rows = results.echo.iter().flat_map(|case| case.rows.iter().map(move |row| (case, row)));
    rows.filter_map(|(case, row)| of(case, row)).collect()
}

fn is_delayed(latency: &Sample) -> bool {
    let delayed: Vec<f64> = latency.rounds.iter().copied().filter(|us| DELAYED_US.contains(us)).collect();
    let shortest = delayed.iter().copied().fold(f64::INFINITY, f64::min);
    let longest = delayed.iter().copied().fold(0.0, f64::max);
    !delayed.is_empty()
        && delayed.len() as f64 >= LEAST_SHARE * latency.rounds.len() as f64
        && longest <= LARGEST_SPREAD * shortest
}

#[cfg(test)]
mod tests {
    use super::super::contestant::Stack;
    use super::super::results::samples;
    use super::*;

    /// A peer's row with these latencies, among sound ones.
    fn results(connections: usize, window: usize, p50: &[f64], p99: &[f64]) -> Results {
        let mut peer = samples::row(Stack::Tonic, "tonic", 20_000.0, 1_000_000.0);
        peer.p50_us = Sample::of(p50.iter().copied());
        peer.p99_us = Sample::of(p99.iter().copied());
        let raw = samples::row(Stack::Raw, "raw", 1_000_000.0, 1_000_000.0);
        let mut results = samples::results();
        results.echo.push(samples::case(connections, window, "echo/…", vec![raw, peer]));
        results
    }

    fn is_found(connections: usize, window: usize, p50: &[f64], p99: &[f64]) -> bool {
        !all(&results(connections, window, p50, p99)).is_empty()
    }

    const WORKS: [f64; 4] = [2_900.0, 3_000.0, 3_100.0, 3_050.0];

    #[test]
    fn a_median_of_forty_milliseconds_and_next_to_no_spread_is_a_delayed_acknowledgement() {
        let p50 = [47_970.0, 47_810.0, 47_780.0, 47_680.0];
        let results = results(1, 256, &p50, &[52_430.0, 48_760.0, 48_690.0, 52_560.0]);
        let found = all(&results);
        assert_eq!(found.len(), 1, "{found:?}");
        let text = found[0].to_string();
        assert!(
            text.starts_with("tonic in echo/… waits for delayed acknowledgements: its p50 is 47.8k ± 0 % µs")
        );
        assert!(text.contains("TCP_NODELAY"), "{text}");
    }

    #[test]
    fn one_request_in_a_hundred_that_meets_it_is_enough() {
        assert!(is_found(1, 64, &WORKS, &[43_550.0, 43_940.0, 42_570.0, 41_840.0]));
        let two_of_ten_escape = [
            42_760.0, 42_530.0, 44_530.0, 47_870.0, 44_040.0, 42_340.0, 45_380.0, 4_143.0, 4_149.0, 44_960.0,
        ];
        assert!(is_found(1, 64, &WORKS, &two_of_ten_escape));
    }

    #[test]
    fn what_takes_long_by_its_work_varies_and_is_none() {
        assert!(!is_found(1, 64, &[39_000.0, 44_000.0, 48_000.0, 54_000.0], &WORKS), "38 % apart");
        assert!(!is_found(1, 64, &WORKS, &[28_840.0, 24_120.0, 38_800.0, 42_000.0]), "two of four");
        assert!(!is_found(1, 64, &WORKS, &[30_000.0; 4]), "too short for it");
        assert!(!is_found(1, 64, &[60_000.0; 4], &[70_000.0; 4]), "a slow machine");
        assert!(!is_found(1, 64, &WORKS, &WORKS));
    }

    #[test]
    fn large_loads_may_take_as_long() {
        let p50 = [44_000.0, 44_100.0, 44_200.0, 44_300.0];
        assert!(is_found(8, 64, &p50, &p50));
        assert!(!is_found(1, 10_000, &p50, &p50));
        let mut large = results(2, 4, &p50, &p50);
        assert_eq!(all(&large).len(), 1);
        large.echo[1].body = 1 << 20;
        assert!(all(&large).is_empty());
    }

    #[test]
    fn without_rounds_there_is_nothing_to_find() {
        assert!(!is_found(1, 1, &[], &[]));
    }
}
