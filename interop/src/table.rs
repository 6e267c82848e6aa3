//! The table of all results.

use std::fmt::{self, Write as _};

use super::outcome::{CaseResult, Outcome};

/// Who calls whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    JavaCallsUs,
    WeCallJava,
}

impl Direction {
    pub(super) const ALL: [Self; 2] = [Self::JavaCallsUs, Self::WeCallJava];

    pub(super) const fn title(self) -> &'static str {
        match self {
            Self::JavaCallsUs => "Java client → our server",
            Self::WeCallJava => "our client → Java server",
        }
    }
}

/// Case × (version, kind of run) → outcome. The kind is the title of a [`Direction`], or what else was run.
#[derive(Debug, Default)]
pub(super) struct Table {
    columns: Vec<(String, &'static str)>,
    rows: Vec<(String, Vec<Option<Outcome>>)>,
}

impl Table {
    /// Adds what one run gave: its cases keep the order in which they first came.
    pub(super) fn add(&mut self, version: &str, kind: &'static str, results: Vec<CaseResult>) {
        let column = self.columns.len();
        self.columns.push((version.to_owned(), kind));
        for CaseResult { name, outcome } in results {
            let row = match self.rows.iter().position(|(known, _)| *known == name) {
                Some(row) => row,
                None => {
                    self.rows.push((name, Vec::new()));
                    self.rows.len() - 1
                }
            };
            let cells = &mut self.rows[row].1;
            cells.resize(column, None);
            cells.push(Some(outcome));
        }
        for (_, cells) in &mut self.rows {
            cells.resize(column + 1, None);
        }
    }

    pub(super) fn failures(&self) -> usize {
        self.outcomes().filter(|(.., outcome)| matches!(outcome, Outcome::Fail(_))).count()
    }

    /// Cases that were not run for want of a program.
    pub(super) fn skips(&self) -> usize {
        self.outcomes().filter(|(.., outcome)| matches!(outcome, Outcome::Skipped(_))).count()
    }

    pub(super) fn passes(&self) -> usize {
        self.outcomes().filter(|(.., outcome)| **outcome == Outcome::Pass).count()
    }

    /// Whether any case ran at all.
    pub(super) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// For a terminal: one line a case, then the reasons.
    pub(super) fn to_text(&self) -> String {
        let mut text = String::new();
        for (number, (version, kind)) in self.columns.iter().enumerate() {
            let _ = writeln!(text, "{}: {version}, {kind}", number + 1);
        }
        let width = self.rows.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
        let _ = write!(text, "\n{:width$}", "case");
        for number in 1..=self.columns.len() {
            let _ = write!(text, "  {number:>4}");
        }
        text.push('\n');
        for (name, cells) in &self.rows {
            let _ = write!(text, "{name:width$}");
            for cell in cells {
                let _ = write!(text, "  {}", cell.as_ref().map_or("   -", Outcome::word));
            }
            text.push('\n');
        }
        text.push('\n');
        for note in self.notes() {
            let _ = writeln!(text, "{note}");
        }
        let _ = writeln!(text, "{} passed, {} failed", self.passes(), self.failures());
        text
    }

    /// For `docs/interop.md`.
    pub(super) fn to_markdown(&self) -> String {
        let mut text = String::from("| case |");
        for (version, kind) in &self.columns {
            let _ = write!(text, " {version}: {kind} |");
        }
        text.push_str("\n| --- |");
        text.push_str(&" :-: |".repeat(self.columns.len()));
        text.push('\n');
        for (name, cells) in &self.rows {
            let _ = write!(text, "| `{name}` |");
            for cell in cells {
                let _ = write!(text, " {} |", cell.as_ref().map_or("–", Outcome::word));
            }
            text.push('\n');
        }
        let notes = self.notes();
        if !notes.is_empty() {
            text.push_str("\nWhere it does not say pass:\n\n");
        }
        for note in notes {
            let _ = writeln!(text, "* {note}");
        }
        text
    }

    fn outcomes(&self) -> impl Iterator<Item = (&str, &str, &str, &Outcome)> {
        self.rows.iter().flat_map(|(name, cells)| {
            cells.iter().zip(&self.columns).filter_map(|(cell, (version, kind))| {
                cell.as_ref().map(|outcome| (name.as_str(), version.as_str(), *kind, outcome))
            })
        })
    }

    /// Why a cell does not say pass; one note for all versions of which it says the same.
    fn notes(&self) -> Vec<Note<'_>> {
        let mut notes: Vec<Note<'_>> = Vec::new();
        for (name, version, kind, outcome) in self.outcomes() {
            if outcome.reason().is_none() {
                continue;
            }
            let same = |note: &&mut Note<'_>| (note.name, note.kind, note.outcome) == (name, kind, outcome);
            match notes.iter_mut().find(same) {
                Some(note) => note.versions.push(version),
                None => notes.push(Note { name, kind, outcome, versions: vec![version] }),
            }
        }
        notes
    }
}

struct Note<'a> {
    name: &'a str,
    kind: &'a str,
    outcome: &'a Outcome,
    versions: Vec<&'a str>,
}

impl fmt::Display for Note<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, kind, outcome, versions } = self;
        let (word, reason) = (outcome.word(), outcome.reason().unwrap_or_default());
        write!(f, "{word} `{name}`, {kind}, {}: {reason}", versions.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn result(name: &str, outcome: Outcome) -> Vec<CaseResult> {
        vec![CaseResult { name: name.to_owned(), outcome }]
    }

    #[test]
    fn a_case_that_one_direction_lacks_is_left_blank_there() {
        let mut table = Table::default();
        table.add("5.5.0", Direction::JavaCallsUs.title(), result("sync", Outcome::Pass));
        table.add("5.5.0", Direction::WeCallJava.title(), result("async", Outcome::failed("refused")));
        let text = table.to_text();
        assert!(text.contains("sync   pass     -\nasync     -  FAIL\n"), "{text}");
        assert!(text.ends_with("\n1 passed, 1 failed\n"), "{text}");
        assert_eq!(table.failures(), 1);
    }

    #[test]
    fn a_result_that_several_versions_share_is_one_row() {
        let mut table = Table::default();
        table.add("4.9.8", Direction::WeCallJava.title(), result("push", Outcome::failed("refused")));
        table.add("5.5.0", Direction::WeCallJava.title(), result("push", Outcome::failed("refused")));
        let text = table.to_markdown();
        assert!(
            text.ends_with("\n* FAIL `push`, our client → Java server, 4.9.8, 5.5.0: refused\n"),
            "{text}"
        );
    }
}
