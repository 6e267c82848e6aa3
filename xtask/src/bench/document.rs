//! `docs/benchmarks.md`, its drawings, and the results as JSON beside them.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use anyhow::Context;

use super::marks::Mark;
use super::notes::Notes;
use super::plot::Plot;
use super::results::Results;
use super::table::Style;
use super::{machine, plot, tables};
use crate::cargo::workspace_root;

/// What does not depend on a run.
const HEAD: &str = include_str!("document/head.md");

/// Ping-pong of `raw` on the machine that the marks were set on.
const ASSUMED_PING_PONG_US: f64 = 5.0;

pub(super) fn write(results: &Results) -> anyhow::Result<()> {
    let docs = workspace_root().join("docs");
    let notes = Notes::read(&docs.join("benchmarks.notes.md"))?;
    // Everything is made before anything is written: what fails half-way leaves the documents of the run before.
    let plots = plot::draw(results)?;
    let mut files = vec![
        ("benchmarks.md".to_owned(), text(results, &plots, &notes)),
        (
            "benchmarks/results.json".to_owned(),
            serde_json::to_string(results).context("results as JSON")? + "\n",
        ),
    ];
    files.extend(plots.into_iter().map(|plot| (format!("benchmarks/{}", plot.file), plot.svg)));
    fs::create_dir_all(docs.join("benchmarks")).context("cannot create docs/benchmarks")?;
    for (file, text) in &files {
        write_whole(&docs.join(file), text)?;
    }
    // After the writing: a heading with a mistake must not cost the run.
    notes.check(&results.marks)
}

/// Puts a file in the place of another one, so that either of them is there as a whole.
fn write_whole(path: &Path, text: &str) -> anyhow::Result<()> {
    let new = path.with_extension("new");
    fs::write(&new, text).with_context(|| format!("cannot write {}", new.display()))?;
    fs::rename(&new, path).with_context(|| format!("cannot replace {}", path.display()))
}

fn text(results: &Results, plots: &[Plot], notes: &Notes) -> String {
    let mut text = HEAD.to_owned();
    let _ = write!(text, "\n## This run\n\n| | |\n| --- | --- |\n");
    for (name, value) in &results.machine {
        let _ = writeln!(text, "| {name} | {value} |");
    }
    let _ = writeln!(text, "| effort | {} |", results.effort);
    for line in &results.left_out {
        let _ = writeln!(text, "| left out | {line} |");
    }
    for line in &results.failed {
        let _ = writeln!(text, "| failed | {line} |");
    }
    let _ = write!(text, "\n{}", on_machine(results, notes));
    for Plot { title, file, .. } in plots {
        let _ = writeln!(text, "\n![{title}](benchmarks/{file})");
    }
    let _ = write!(text, "\n## Marks\n\n{}", marks(results, notes));
    let _ = writeln!(text, "\n## Numbers");
    text.push_str(&tables::all(results, Style::Markdown));
    text
}

/// How the machine differs from the one that the marks were set on.
fn on_machine(results: &Results, notes: &Notes) -> String {
    let mut text = match machine::ping_pong_us(results) {
        Some(here) => format!(
            "`raw` takes {here:.1} µs for a request in `echo/pinned/1x1`, which is six system calls and two switches between processes. \
             The marks below were set on a machine where that takes {ASSUMED_PING_PONG_US:.0} µs: times and CPU seconds here are to be read \
             with a factor of {:.1}. Ratios depend on it as well: where system calls are slow, everything is closer to `raw`.\n",
            here / ASSUMED_PING_PONG_US
        ),
        None => String::new(),
    };
    if !notes.on_machine().is_empty() {
        let _ = write!(text, "\n{}\n", notes.on_machine());
    }
    text
}

fn marks(results: &Results, notes: &Notes) -> String {
    let reached = results.marks.iter().filter(|mark| mark.is_reached()).count();
    let mut text = format!(
        "What this project set itself to reach, and whether this run did: {reached} of {} marks. Marks are for ROCKETMQ headers; \
         with JSON 0.6 of each is wanted. `growth` is by which factor the cost of a request at a point of the curve exceeds that at any \
         smaller load.\n\n",
        results.marks.len()
    );
    text.push_str(&tables::marks(results).render(Style::Markdown));
    let (explained, unexplained) = notes.by_text(&results.marks);
    if !explained.is_empty() || !unexplained.is_empty() {
        let _ = write!(text, "\n### What is in the way\n");
    }
    for (note, marks) in explained {
        let _ = write!(text, "\n{}\n\n{note}\n", names(&marks));
    }
    if !unexplained.is_empty() {
        let _ = write!(text, "\nMissed, and not explained yet:\n\n{}\n", names(&unexplained));
    }
    text
}

/// A list of them.
fn names(marks: &[&Mark]) -> String {
    marks.iter().map(|mark| format!("* `{}`", mark.id)).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests;
