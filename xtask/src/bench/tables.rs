//! The results as tables.

use std::fmt::Write as _;

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

/// What was to be reached, and whether it was.
pub(super) fn marks(results: &Results) -> Table {
    let mut table = Table::new(&["mark", "wanted", "measured", "±", "verdict"]);
    for mark in &results.marks {
        let verdict = if mark.is_reached() {
            "reached".to_owned()
        } else {
            format!("missed by {}", percent(mark.missed_by()))
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
        table.push(vec![
            row.contestant.clone(),
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
