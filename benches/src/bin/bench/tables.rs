//! The results as tables.

use std::fmt::Write as _;

use super::delayed_ack;
use super::results::{
    CaseResult, ConnectResult, IdleResult, NameServerResult, OperationResult, RegionResult, Results, Row,
};
use super::statistics::Sample;
use super::table::{Style, Table, number, with_noise};

/// Writes everything that was measured, with a table for each load.
pub(super) fn for_terminal(results: &Results) -> String {
    let mut text = String::new();
    let mut section = |title: &str, table: Table| {
        if !table.is_empty() {
            let _ = write!(text, "\n{title}\n{}", table.render(Style::Terminal));
        }
    };
    section("operations", operations(&results.operations));
    for case in &results.echo {
        section(&case.name, echo(case));
    }
    section("beside other stacks", beside(results));
    section("file regions", regions(&results.regions));
    section("idle connections", idle(&results.idle));
    section("connections per second", connects(&results.connects));
    section("name servers", name_servers(&results.name_servers));
    text
}

/// Returns a table for each group of measurements, with the name by which the document asks for it.
pub(super) fn groups(results: &Results) -> Vec<(&'static str, Table)> {
    let rate = |row: &Row| with_noise(&row.requests_per_second);
    // Seconds for a million requests are microseconds for one.
    let cpu = |row: &Row| with_noise(&row.server_cpu.plus(&row.client_cpu));
    vec![
        ("run", run(results)),
        ("beside", beside(results)),
        ("pinned", by_case(results, "echo/pinned/", rate)),
        ("free", by_case(results, "echo/free/", rate)),
        ("latency", latency(results)),
        ("scaling", by_case(results, "scaling/pinned/", cpu)),
        ("operations", operations(&results.operations)),
        ("idle", idle(&results.idle)),
        ("connects", connects(&results.connects)),
        ("regions", regions(&results.regions)),
        ("name servers", name_servers(&results.name_servers)),
    ]
}

/// What was measured on, how, and what is missing.
fn run(results: &Results) -> Table {
    let mut table = Table::new(&["", "this run"]);
    let mut line = |name: &str, value: &str| table.push(vec![name.to_owned(), value.to_owned()]);
    for (name, value) in &results.machine {
        line(name, value);
    }
    line("effort", &results.effort);
    results.left_out.iter().for_each(|reason| line("left out", reason));
    results.failed.iter().for_each(|reason| line("failed", reason));
    for row in delayed_ack::all(results) {
        line("**a fault of the benchmark**", &row.to_string());
    }
    table
}

/// A line for each contestant and a column for each case of a group.
fn by_case(results: &Results, group: &str, value: impl Fn(&Row) -> String) -> Table {
    let cases = || results.echo.iter().filter_map(|case| Some((case.name.strip_prefix(group)?, case)));
    let heading: Vec<&str> = [""].into_iter().chain(cases().map(|(name, _)| name)).collect();
    let mut contestants: Vec<&str> = Vec::new();
    for row in cases().flat_map(|(_, case)| &case.rows) {
        if !contestants.contains(&row.contestant.as_str()) {
            contestants.push(&row.contestant);
        }
    }
    let mut table = Table::new(&heading);
    for contestant in contestants {
        let cell = |case: &CaseResult| results.sound_row(&case.name, contestant).map(&value);
        let cells = cases().map(|(_, case)| cell(case).unwrap_or_else(|| "–".to_owned()));
        table.push([contestant.to_owned()].into_iter().chain(cells).collect());
    }
    table
}

/// Of a call that is alone, and of one among 64, on one core.
fn latency(results: &Results) -> Table {
    let mut table = Table::new(&["", "1x1 p50 µs", "1x1 p99 µs", "1x64 p50 µs", "1x64 p99 µs"]);
    let contestants = results.echo.iter().find(|case| case.name == "echo/pinned/1x64");
    for Row { contestant, .. } in contestants.into_iter().flat_map(|case| &case.rows) {
        let quantiles = ["echo/pinned/1x1", "echo/pinned/1x64"].map(|case| {
            let row = results.sound_row(case, contestant);
            let cell =
                |of: fn(&Row) -> &Sample| row.map_or_else(|| "–".to_owned(), |row| with_noise(of(row)));
            [cell(|row| &row.p50_us), cell(|row| &row.p99_us)]
        });
        table.push([vec![contestant.clone()], quantiles.concat()].concat());
    }
    table
}

/// Requests per second as multiples of those of other stacks, where both share one core.
fn beside(results: &Results) -> Table {
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

/// A line for each quantity, since there are more of them than servers.
fn name_servers(results: &[NameServerResult]) -> Table {
    type Quantity = (&'static str, fn(&NameServerResult) -> &Sample);
    const QUANTITIES: [Quantity; 9] = [
        ("route reads/s", |row| &row.reads_per_second),
        ("server CPU µs for a read", |row| &row.server_cpu),
        ("p50 µs", |row| &row.p50_us),
        ("p99 µs", |row| &row.p99_us),
        ("route reads/s during registrations", |row| &row.reads_during_registrations),
        ("p99 µs during registrations", |row| &row.p99_during_registrations_us),
        ("registrations/s during the reads", |row| &row.registrations_per_second),
        ("s for the first registrations", |row| &row.register_seconds),
        ("MiB with 10 000 topics on each of 100 brokers", |row| &row.memory_mib),
    ];
    let servers = results.iter().map(|row| row.server.as_str());
    let mut table = Table::new(&[""].into_iter().chain(servers).collect::<Vec<_>>());
    if results.is_empty() {
        return table;
    }
    for (title, of) in QUANTITIES {
        let cells = results.iter().map(|row| with_noise(of(row)));
        table.push([title.to_owned()].into_iter().chain(cells).collect());
    }
    table
}

#[cfg(test)]
mod tests {
    use super::super::contestant::Stack;
    use super::super::results::samples;
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

    #[test]
    fn a_group_has_a_column_for_each_case_and_a_dash_where_a_contestant_is_missing() {
        let mut results = samples::results();
        let raw = samples::row(Stack::Raw, "raw", 2_000_000.0, 2_000_000.0);
        results.echo.push(samples::case(1, 256, "echo/pinned/1x256", vec![raw]));
        let table = by_case(&results, "echo/pinned/", |row| with_noise(&row.requests_per_second));
        let text = table.render(Style::Markdown);
        assert!(text.starts_with("|                  |        1x64 |       1x256 |\n"), "{text}");
        assert!(text.contains("| raw              | 1.00M ± 1 % | 2.00M ± 1 % |\n"), "{text}");
        assert!(text.contains("| tarpc            |  100k ± 1 % |           – |\n"), "{text}");
    }
}
