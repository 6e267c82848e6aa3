//! The results as tables, for a terminal or for Markdown.

use std::fmt::Write as _;

use super::results::{CaseResult, IdleResult, OperationResult, Results};

/// For whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    Terminal,
    Markdown,
}

/// Lines of cells under a heading; the first column is text, the others are numbers.
struct Table {
    heading: Vec<String>,
    lines: Vec<Vec<String>>,
}

impl Table {
    fn new(heading: &[&str]) -> Self {
        Self { heading: heading.iter().map(|&cell| cell.to_owned()).collect(), lines: Vec::new() }
    }

    fn render(&self, style: Style) -> String {
        let width = |column: usize| {
            let cells = self.lines.iter().chain([&self.heading]).filter_map(|line| line.get(column));
            cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
        };
        let widths: Vec<usize> = (0..self.heading.len()).map(width).collect();
        let mut text = String::new();
        for (number, line) in [&self.heading].into_iter().chain(&self.lines).enumerate() {
            let cells = line.iter().zip(&widths).enumerate().map(|(column, (cell, &width))| match column {
                0 => format!("{cell:<width$}"),
                _ => format!("{cell:>width$}"),
            });
            let cells: Vec<String> = cells.collect();
            match style {
                Style::Terminal => text.push_str(cells.join("  ").trim_end()),
                Style::Markdown => {
                    let _ = write!(text, "| {} |", cells.join(" | "));
                }
            }
            text.push('\n');
            if number == 0 && style == Style::Markdown {
                let rule =
                    widths.iter().enumerate().map(|(column, _)| if column == 0 { "---" } else { "---:" });
                let _ = writeln!(text, "| {} |", rule.collect::<Vec<_>>().join(" | "));
            }
        }
        text
    }
}

/// Everything that was measured, each table under its name.
pub(super) fn all(results: &Results, style: Style) -> String {
    let mut text = String::new();
    let mut section = |title: &str, table: String| {
        let _ = match style {
            Style::Terminal => write!(text, "\n{title}\n{table}"),
            Style::Markdown => write!(text, "\n### {title}\n\n{table}"),
        };
    };
    if !results.operations.is_empty() {
        section("operations", operations(&results.operations).render(style));
    }
    for case in &results.echo {
        section(&case.name, echo(case).render(style));
    }
    if !results.idle.is_empty() {
        section("idle connections", idle(&results.idle).render(style));
    }
    if style == Style::Terminal && !results.marks.is_empty() {
        section("marks", marks(results, style));
    }
    text
}

/// What was to be reached, and whether it was.
pub(super) fn marks(results: &Results, style: Style) -> String {
    let mut table = Table::new(&["mark", "wanted", "measured", "verdict"]);
    for mark in &results.marks {
        let verdict = if mark.is_reached() {
            "reached".to_owned()
        } else {
            format!("missed by {:.0} %", mark.missed_by() * 100.0)
        };
        let wanted = format!("{} {}", if mark.at_most { "≤" } else { "≥" }, number(mark.wanted));
        table.lines.push(vec![mark.what.clone(), wanted, number(mark.measured), verdict]);
    }
    table.render(style)
}

fn operations(operations: &[OperationResult]) -> Table {
    let mut table = Table::new(&["operation", "ns", "× memcpy", "allocations"]);
    for operation in operations {
        let (group, _) = operation.id.rsplit_once('/').unwrap_or_default();
        let memcpy = operations.iter().find(|other| other.id == format!("{group}/memcpy"));
        let ratio = memcpy.map_or_else(String::new, |copy| number(operation.nanoseconds / copy.nanoseconds));
        let allocations = operation.allocations.map_or_else(String::new, |count| format!("{count:.2}"));
        table.lines.push(vec![operation.id.clone(), number(operation.nanoseconds), ratio, allocations]);
    }
    table
}

fn echo(case: &CaseResult) -> Table {
    let mut table = Table::new(&[
        "",
        "requests/s",
        "to raw",
        "± %",
        "p50 µs",
        "p99 µs",
        "p99.9 µs",
        "server CPU s/M",
        "client CPU s/M",
        "server MiB",
        "client MiB",
    ]);
    for row in &case.rows {
        table.lines.push(vec![
            row.contestant.clone(),
            format!("{:.0}", row.requests_per_second),
            format!("{:.3}", row.ratio_to_raw),
            format!("{:.0}", row.spread * 50.0),
            number(row.p50_us),
            number(row.p99_us),
            number(row.p999_us),
            number(row.server_cpu),
            number(row.client_cpu),
            number(row.server_peak_mib),
            number(row.client_peak_mib),
        ]);
    }
    table
}

fn idle(results: &[IdleResult]) -> Table {
    let mut table = Table::new(&["", "connections", "bytes each, fresh", "after one request", "connects/s"]);
    for row in results {
        table.lines.push(vec![
            row.contestant.clone(),
            row.connections.to_string(),
            row.fresh_bytes.map_or_else(String::new, |bytes| format!("{bytes:.0}")),
            format!("{:.0}", row.used_bytes),
            format!("{:.0}", row.connects_per_second),
        ]);
    }
    table
}

/// With as many digits as it deserves.
fn number(value: f64) -> String {
    match value.abs() {
        small if small < 1.0 => format!("{value:.3}"),
        small if small < 10.0 => format!("{value:.2}"),
        small if small < 100.0 => format!("{value:.1}"),
        _ => format!("{value:.0}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_set_to_the_right() {
        let mut table = Table::new(&["who", "n"]);
        table.lines.push(vec!["raw".to_owned(), "100".to_owned()]);
        assert_eq!(table.render(Style::Terminal), "who    n\nraw  100\n");
        assert_eq!(table.render(Style::Markdown), "| who |   n |\n| --- | ---: |\n| raw | 100 |\n");
    }
}
