//! What people wrote about the results, kept apart from what is generated: `docs/benchmarks.notes.md`.
//!
//! A heading of the second level names what its text is about: `this machine`, or the beginning of the names of marks,
//! several of them separated by commas. What is before the first heading tells how to write the rest.

use std::fs;
use std::path::Path;

use anyhow::{Context, bail};

use super::marks::{Mark, Verdict};

/// The heading of the text on the machine.
const MACHINE: &str = "this machine";

pub(super) struct Notes(Vec<Note>);

struct Note {
    topics: Vec<String>,
    text: String,
}

impl Notes {
    /// None if there is no such file.
    pub(super) fn read(path: &Path) -> anyhow::Result<Self> {
        if !path.exists() {
            return Ok(Self(Vec::new()));
        }
        let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
        Ok(Self::parse(&text))
    }

    pub(super) fn parse(text: &str) -> Self {
        let sections = text.split("\n## ").skip(1);
        let note = |section: &str| {
            let (heading, text) = section.split_once('\n').unwrap_or((section, ""));
            let topics = heading.split(',').map(|topic| topic.trim().trim_matches('`').to_owned()).collect();
            Note { topics, text: text.trim().to_owned() }
        };
        Self(sections.map(note).collect())
    }

    /// What is to know about the machine; empty if nothing was written.
    pub(super) fn on_machine(&self) -> &str {
        self.0.iter().find(|note| note.is_about(MACHINE)).map_or("", |note| &note.text)
    }

    /// The text whose heading says most of the mark's name.
    fn on(&self, mark: &Mark) -> Option<usize> {
        let notes = self.0.iter().enumerate();
        let matching = notes.filter_map(|(index, note)| {
            let topics = note.topics.iter().filter(|topic| mark.id.starts_with(topic.as_str()));
            Some((topics.map(String::len).max()?, index))
        });
        matching.max().map(|(_, index)| index)
    }

    /// The marks of each text, in the order of the texts; and the missed marks of which nobody wrote.
    pub(super) fn by_text<'a>(&self, marks: &'a [Mark]) -> (Vec<(&str, Vec<&'a Mark>)>, Vec<&'a Mark>) {
        let mut texts: Vec<(&str, Vec<&Mark>)> =
            self.0.iter().map(|note| (note.text.as_str(), Vec::new())).collect();
        let mut unexplained = Vec::new();
        for mark in marks {
            match self.on(mark) {
                Some(index) => texts[index].1.push(mark),
                None if mark.verdict() == Verdict::Missed => unexplained.push(mark),
                None => {}
            }
        }
        texts.retain(|(_, marks)| !marks.is_empty());
        (texts, unexplained)
    }

    /// That each heading is about something.
    ///
    /// # Errors
    ///
    /// The first heading that fits no mark, and the marks that there are.
    pub(super) fn check(&self, marks: &[Mark]) -> anyhow::Result<()> {
        for topic in self.0.iter().flat_map(|note| &note.topics) {
            if topic != MACHINE && !marks.iter().any(|mark| mark.id.starts_with(topic.as_str())) {
                let ids: Vec<&str> = marks.iter().map(|mark| mark.id.as_str()).collect();
                bail!(
                    "the notes are about {topic:?}, which no mark begins with; there is:\n  {}",
                    ids.join("\n  ")
                );
            }
        }
        Ok(())
    }
}

impl Note {
    fn is_about(&self, topic: &str) -> bool {
        self.topics.iter().any(|found| found == topic)
    }
}

#[cfg(test)]
mod tests {
    use super::super::marks::judge;
    use super::super::results::samples;
    use super::*;

    const TEXT: &str = "\
# Notes

How to write them.

## this machine

System calls are slow.

## `echo/pinned/1x64/remoting runtime/to tarpc`, idle

The profile says: wakers.

Two paragraphs.

## echo/pinned

In general.
";

    #[test]
    fn text_is_found_by_the_longest_beginning_of_a_name() {
        let marks = judge(&samples::results());
        let notes = Notes::parse(TEXT);
        assert_eq!(notes.on_machine(), "System calls are slow.");
        let (texts, unexplained) = notes.by_text(&marks);
        let ids = |marks: &[&Mark]| marks.iter().map(|mark| mark.id.clone()).collect::<Vec<_>>();
        assert_eq!(texts[0].0, "The profile says: wakers.\n\nTwo paragraphs.");
        assert_eq!(
            ids(&texts[0].1),
            [
                "echo/pinned/1x64/remoting runtime/to tarpc",
                "idle/remoting/fresh bytes",
                "idle/remoting/used bytes"
            ]
        );
        assert_eq!(texts[1].0, "In general.");
        assert!(ids(&texts[1].1).contains(&"echo/pinned/1x64/remoting/p99 to p50".to_owned()));
        assert_eq!(ids(&unexplained), ["codec/ROCKETMQ/send_1k/decode/ns"], "missed, and nobody wrote why");
        notes.check(&marks).unwrap();
    }

    #[test]
    fn a_heading_that_fits_nothing_is_an_error() {
        let marks = judge(&samples::results());
        let error = Notes::parse("\n## echo/pined\n\nText.\n").check(&marks).unwrap_err().to_string();
        assert!(error.contains("echo/pined") && error.contains("\n  idle/remoting/used bytes"), "{error}");
    }

    #[test]
    fn there_need_be_no_notes() {
        let notes = Notes::read(Path::new("/nowhere/at/all.md")).unwrap();
        assert_eq!(notes.on_machine(), "");
        assert!(notes.by_text(&judge(&samples::results())).0.is_empty());
    }
}
