//! `docs/benchmarks.md`, its drawings, and the results as JSON beside them.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use anyhow::Context;

use super::marks::{Mark, Verdict};
use super::notes::Notes;
use super::plot::Plot;
use super::results::Results;
use super::table::Style;
use super::{delayed_ack, machine, plot, tables};
use crate::cargo::workspace_root;

/// How to read the table of multiples.
const BESIDE: &str = "\
Requests per second of this project as multiples of those of the others, on one core. tarpc and tonic spawn a task for each
request and Java hands each to a pool of threads; `remoting runtime` spawns a task for each as well, so the columns that begin
with it compare like with like, and are the ones to quote. `remoting` answers on the channel's own task, which a processor that
does not wait may do.
";

/// What does not depend on a run.
const HEAD: &str = include_str!("document/head.md");

pub(super) fn write(results: &Results) -> anyhow::Result<()> {
    let docs = workspace_root().join("docs");
    let notes = Notes::read(&docs.join("benchmarks.notes.md"))?;
    // Everything is made before anything is written: what fails half-way leaves the documents of the run before.
    let plots = plot::draw(results);
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
    for row in delayed_ack::all(results) {
        let _ = writeln!(text, "| **a fault of the benchmark** | {row} |");
    }
    let _ = write!(text, "\n{}", on_machine(results, notes));
    for Plot { title, file, .. } in plots {
        let _ = writeln!(text, "\n![{title}](benchmarks/{file})");
    }
    let _ = write!(text, "\n## Beside other stacks\n\n{BESIDE}\n");
    text.push_str(&tables::beside(results).render(Style::Markdown));
    let _ = write!(text, "\n## Marks\n\n{}", marks(results, notes));
    let _ = writeln!(text, "\n## Numbers");
    text.push_str(&tables::all(results, Style::Markdown));
    text
}

/// What is to know about the machine.
fn on_machine(results: &Results, notes: &Notes) -> String {
    let mut text = match machine::ping_pong_us(results) {
        Some(here) => format!(
            "`raw` takes {here:.1} µs for a request in `echo/pinned/1x1`, which is six system calls and two switches between processes.\n"
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
    let judged = results.marks.iter().filter(|mark| mark.verdict() != Verdict::TooNoisy).count();
    let mut text = format!(
        "What this project set itself to reach, and whether this run did: {reached} of {judged} marks. Marks are for ROCKETMQ headers; \
         with JSON 0.6 of each is wanted. `growth` is by which factor the cost of a request at a point of the curve exceeds that at any \
         smaller load.\n\n"
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
