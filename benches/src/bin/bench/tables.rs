//! The results as tables.

use std::fmt::Write as _;

use super::delayed_ack;
use super::marks::Verdict;
use super::results::{CaseResult, ConnectResult, IdleResult, OperationResult, RegionResult, Results};
use super::table::{Style, Table, number, percent, with_noise};

/// Everything that was measured, each table under its name.
pub(super) fn all(results: &Results, style: Style) -> String {
    let mut text = String::new();
    let mut section = |title: &str, table: Table| {
        let table = table.render(style);
        let _ = match style {
            Style::Terminal => write!(text, "\n{title}\n{table}"),
            Style::Markdown => write!(text, "\n### {title}\n\n{table}"),
        };
    };
    if !results.operations.is_empty() {
        section("operations", operations(&results.operations));
    }
    for case in &results.echo {
        section(&case.name, echo(case));
    }
    if style == Style::Terminal && !results.echo.is_empty() {
        section("beside other stacks", beside(results));
    }
    if !results.regions.is_empty() {
        section("file regions", regions(&results.regions));
    }
    if !results.idle.is_empty() {
        section("idle connections", idle(&results.idle));
    }
    if !results.connects.is_empty() {
        section("connections per second", connects(&results.connects));
    }
    if style == Style::Terminal && !results.marks.is_empty() {
        section("marks", marks(results));
    }
    text
}

/// Requests per second as multiples of those of other stacks, where both share one core.
pub(super) fn beside(results: &Results) -> Table {
    /// Ours, theirs.
    const PAIRS: [(&str, &str); 6] = [
        ("remoting runtime", "tarpc"),
        ("remoting runtime", "tonic"),
        ("remoting runtime", "java"),
        ("remoting", "tarpc"),
        ("remoting", "tonic"),
        ("remoting", "java"),
    ];
    let titles = PAIRS.map(|(ours, theirs)| format!("{ours} to {theirs}"));
    let mut table = Table::new(&[&["case"][..], &titles.each_ref().map(String::as_str)].concat());
    for case in results.echo.iter().filter(|case| case.name.starts_with("echo/pinned/")) {
        let row = |contestant| results.sound_row(&case.name, contestant);
        let ratio = |(ours, theirs)| {
            let ratio = row(ours)?.requests_per_second.ratio_to(&row(theirs)?.requests_per_second);
            Some(with_noise(&ratio))
        };
        let ratios = PAIRS.map(|pair| ratio(pair).unwrap_or_default());
        if ratios.iter().any(|ratio| !ratio.is_empty()) {
            table.push([&[case.name.clone()][..], &ratios].concat());
        }
    }
    table
}

/// What was to be reached, and whether it was.
pub(super) fn marks(results: &Results) -> Table {
    let mut table = Table::new(&["mark", "wanted", "measured", "±", "verdict"]);
    for mark in &results.marks {
        let verdict = match mark.verdict() {
            Verdict::Reached => "reached".to_owned(),
            Verdict::Missed => format!("missed by {}", percent(mark.missed_by())),
            Verdict::TooNoisy => "rounds too far apart".to_owned(),
        };
        let wanted = format!("{} {}", if mark.at_most { "≤" } else { "≥" }, number(mark.wanted));
        let noise = mark.noise.map_or_else(String::new, percent);
        table.push(vec![mark.id.clone(), wanted, number(mark.measured), noise, verdict]);
    }
    table
}

fn operations(operations: &[OperationResult]) -> Table {
    let mut table = Table::new(&["operation", "ns", "× memcpy", "allocations"]);
    for operation in operations {
        let (group, _) = operation.id.rsplit_once('/').unwrap_or_default();
        let memcpy = operations.iter().find(|other| other.id == format!("{group}/memcpy"));
        table.push(vec![
            operation.id.clone(),
            with_noise(&operation.nanoseconds),
            memcpy.map_or_else(String::new, |copy| {
                with_noise(&operation.nanoseconds.ratio_to(&copy.nanoseconds))
            }),
            format!("{:.2}", operation.allocations),
        ]);
    }
    table
}

fn echo(case: &CaseResult) -> Table {
    let mut table = Table::new(&[
        "",
        "requests/s",
        "to raw",
        "p50 µs",
        "p99 µs",
        "p99.9 µs",
        "server CPU s/M",
        "client CPU s/M",
        "server MiB",
        "client MiB",
    ]);
    for row in &case.rows {
        let fault = if delayed_ack::of(case, row).is_some() { ": DELAYED ACK" } else { "" };
        table.push(vec![
            format!("{}{fault}", row.contestant),
            with_noise(&row.requests_per_second),
            with_noise(&row.ratio_to_raw),
            with_noise(&row.p50_us),
            with_noise(&row.p99_us),
            number(row.p999_us.median),
            with_noise(&row.server_cpu),
            with_noise(&row.client_cpu),
            number(row.server_peak_mib.median),
            number(row.client_peak_mib.median),
        ]);
    }
    table
}

fn regions(results: &[RegionResult]) -> Table {
    let mut table = Table::new(&["", "MiB/s", "to read+write", "server CPU s/GiB", "client CPU s/GiB"]);
    for row in results {
        let tls = if row.mode.ends_with(" TLS") { " TLS" } else { "" };
        let copied = results.iter().find(|other| other.mode == format!("read+write{tls}"));
        let ratio = copied.map(|copied| row.mib_per_second.ratio_to(&copied.mib_per_second));
        table.push(vec![
            row.mode.clone(),
            with_noise(&row.mib_per_second),
            ratio.map_or_else(String::new, |ratio| with_noise(&ratio)),
            with_noise(&row.server_cpu),
            with_noise(&row.client_cpu),
        ]);
    }
    table
}

fn idle(results: &[IdleResult]) -> Table {
    let mut table = Table::new(&["", "connections", "bytes each, fresh", "after one request"]);
    for row in results {
        table.push(vec![
            row.contestant.clone(),
            row.connections.to_string(),
            with_noise(&row.fresh_bytes),
            with_noise(&row.used_bytes),
        ]);
    }
    table
}

fn connects(results: &[ConnectResult]) -> Table {
    let mut table = Table::new(&["", "connects/s"]);
    for row in results {
        table.push(vec![row.contestant.clone(), with_noise(&row.connects_per_second)]);
    }
    table
}

#[cfg(test)]
mod tests {
    use super::super::results::samples;
    use super::super::statistics::Sample;
    use super::*;

    #[test]
    fn what_spawns_is_set_beside_what_spawns() {
        let text = beside(&samples::results()).render(Style::Terminal);
        let (heading, line) = text.trim_end().split_once('\n').unwrap();
        assert!(heading.contains("remoting runtime to tarpc"), "{text}");
        assert!(line.starts_with("echo/pinned/1x64") && line.contains(" 2.00 ± 0 % "), "{text}");
    }

    #[test]
    fn a_row_that_waits_for_delayed_acknowledgements_is_marked_and_set_beside_nothing() {
        let mut results = samples::results();
        results.echo[0].rows[3].p99_us = Sample::of([43_000.0, 43_100.0, 43_200.0]);
        assert!(echo(&results.echo[0]).render(Style::Terminal).contains("tarpc: DELAYED ACK"));
        assert_eq!(beside(&results).render(Style::Terminal).lines().count(), 1, "the heading");
    }
}
