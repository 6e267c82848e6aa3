//! The results as tables.

use std::fmt::Write as _;

use super::delayed_ack;
use super::results::{
    CaseResult, ConnectResult, NameServerResult, OperationResult, RegionResult, Results, Row,
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
    section("multiples of other stacks, echo/pinned", beside(results));
    section("file regions", regions(&results.regions));
    section("connections", connections(results));
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
        ("codec", codec(&results.operations)),
        ("connections", connections(results)),
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

/// The cases of a group, under their names in it.
fn cases<'a>(results: &'a Results, group: &str) -> impl Iterator<Item = (&'a str, &'a CaseResult)> {
    results.echo.iter().filter_map(move |case| Some((case.name.strip_prefix(group)?, case)))
}

fn heading<'a>(cases: &[(&'a str, &CaseResult)]) -> Vec<&'a str> {
    [""].into_iter().chain(cases.iter().map(|&(name, _)| name)).collect()
}

fn or_dash(cell: Option<String>) -> String {
    cell.unwrap_or_else(|| "–".to_owned())
}

/// A line for each contestant and a column for each case of a group.
fn by_case(results: &Results, group: &str, value: impl Fn(&Row) -> String) -> Table {
    let cases: Vec<(&str, &CaseResult)> = cases(results, group).collect();
    let mut contestants: Vec<&str> = Vec::new();
    for row in cases.iter().flat_map(|(_, case)| &case.rows) {
        if !contestants.contains(&row.contestant.as_str()) {
            contestants.push(&row.contestant);
        }
    }
    let mut table = Table::new(&heading(&cases));
    for contestant in contestants {
        let cell = |case: &CaseResult| results.sound_row(&case.name, contestant).map(&value);
        let cells = cases.iter().map(|(_, case)| or_dash(cell(case)));
        table.push([contestant.to_owned()].into_iter().chain(cells).collect());
    }
    table
}

/// Of a call that is alone, and of one among 64, on one core.
fn latency(results: &Results) -> Table {
    const CONTESTANTS: [&str; 9] = [
        "raw",
        "tokio-raw",
        "remoting",
        "remoting runtime",
        "remoting typed + hook",
        "remoting TLS",
        "tarpc",
        "tonic",
        "java",
    ];
    let mut table = Table::new(&["", "1x1 p50 µs", "1x1 p99 µs", "1x64 p50 µs", "1x64 p99 µs"]);
    for contestant in CONTESTANTS {
        let rows = ["echo/pinned/1x1", "echo/pinned/1x64"].map(|case| results.sound_row(case, contestant));
        if rows.iter().all(Option::is_none) {
            continue;
        }
        let cell = |of: Option<&Sample>| or_dash(of.map(with_noise));
        let quantiles = rows.map(|row| [cell(row.map(|row| &row.p50_us)), cell(row.map(|row| &row.p99_us))]);
        table.push([vec![contestant.to_owned()], quantiles.concat()].concat());
    }
    table
}

/// Requests per second as multiples of those of other stacks, where both share one core.
fn beside(results: &Results) -> Table {
    /// Ours, theirs.
    const PAIRS: [(&str, &str); 8] = [
        ("remoting runtime", "tarpc"),
        ("remoting runtime", "tonic"),
        ("remoting runtime", "java"),
        ("remoting", "tarpc"),
        ("remoting typed + hook", "tarpc typed"),
        ("remoting typed + hook JSON", "tarpc typed"),
        ("remoting service", "tonic"),
        ("remoting TLS", "tokio-rustls"),
    ];
    let cases: Vec<(&str, &CaseResult)> = cases(results, "echo/pinned/").collect();
    let mut table = Table::new(&heading(&cases));
    for (ours, theirs) in PAIRS {
        let ratio = |case: &CaseResult| {
            let rate = |contestant| Some(&results.sound_row(&case.name, contestant)?.requests_per_second);
            Some(rate(ours)?.ratio_to(rate(theirs)?))
        };
        let ratios: Vec<Option<Sample>> = cases.iter().map(|(_, case)| ratio(case)).collect();
        if ratios.iter().any(Option::is_some) {
            let cells = ratios.iter().map(|ratio| or_dash(ratio.as_ref().map(with_noise)));
            table.push([format!("{ours} to {theirs}")].into_iter().chain(cells).collect());
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

/// A line for each operation of the codec, and a column for each command that it reads or writes.
fn codec(operations: &[OperationResult]) -> Table {
    let parse = |operation: &OperationResult| {
        let [suite, encoding, command, name] = operation.id.split('/').collect::<Vec<_>>().try_into().ok()?;
        let column = format!("{encoding} {command}");
        (suite == "codec").then(|| (name.to_owned(), column, with_noise(&operation.nanoseconds)))
    };
    let cells: Vec<(String, String, String)> = operations.iter().filter_map(parse).collect();
    let (mut lines, mut columns): (Vec<&str>, Vec<&str>) = (Vec::new(), vec!["ns"]);
    for (line, column, _) in &cells {
        if !lines.contains(&line.as_str()) {
            lines.push(line);
        }
        if !columns.contains(&column.as_str()) {
            columns.push(column);
        }
    }
    let mut table = Table::new(&columns);
    for line in lines {
        let cell = |column: &&str| cells.iter().find(|cell| cell.0 == line && cell.1 == *column);
        let values = columns[1..].iter().map(|column| or_dash(cell(column).map(|cell| cell.2.clone())));
        table.push([line.to_owned()].into_iter().chain(values).collect());
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

/// What connections cost, and how fast they come and go.
fn connections(results: &Results) -> Table {
    let mut table =
        Table::new(&["", "connects/s", "idle connections", "bytes each, fresh", "after one request"]);
    let idle = results.idle.iter().map(|row| &row.contestant);
    let mut contestants: Vec<&String> = idle.collect();
    for ConnectResult { contestant, .. } in &results.connects {
        if !contestants.contains(&contestant) {
            contestants.push(contestant);
        }
    }
    for contestant in contestants {
        let connects = results.connects.iter().find(|row| row.contestant == *contestant);
        let idle = results.idle.iter().find(|row| row.contestant == *contestant);
        table.push(vec![
            contestant.clone(),
            or_dash(connects.map(|row| with_noise(&row.connects_per_second))),
            or_dash(idle.map(|row| row.connections.to_string())),
            or_dash(idle.map(|row| with_noise(&row.fresh_bytes))),
            or_dash(idle.map(|row| with_noise(&row.used_bytes))),
        ]);
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
        let line = text.lines().find(|line| line.starts_with("remoting runtime to tarpc")).unwrap();
        assert!(line.ends_with("  2.00 ± 0 %"), "{text}");
        assert!(!text.contains("tonic"), "there is none: {text}");
    }

    #[test]
    fn the_operations_of_the_codec_have_a_column_for_each_command() {
        let mut results = samples::results();
        results.operations.push(OperationResult {
            id: "codec/JSON/send_1k/encode".to_owned(),
            nanoseconds: Sample::of([7.0]),
            allocations: 0.0,
        });
        let table = codec(&results.operations).render(Style::Terminal);
        let lines = ["ns      ROCKETMQ send_1k  JSON send_1k", "decode        60.0 ± 2 %             –"];
        assert!(table.starts_with(&lines.join("\n")), "{table}");
        assert!(table.ends_with("encode                 –          7.00\n"), "{table}");
    }

    #[test]
    fn the_rate_and_the_memory_of_connections_are_in_one_line() {
        let mut results = samples::results();
        for contestant in ["remoting", "raw"] {
            let connects_per_second = Sample::of([30_000.0]);
            results.connects.push(ConnectResult { contestant: contestant.to_owned(), connects_per_second });
        }
        let table = connections(&results).render(Style::Terminal);
        let lines: Vec<Vec<&str>> =
            table.lines().skip(1).map(|line| line.split_whitespace().collect()).collect();
        assert_eq!(lines[0][..3], ["remoting", "30.0k", "10000"], "{table}");
        assert_eq!(lines[1], ["raw", "30.0k", "–", "–", "–"], "{table}");
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
