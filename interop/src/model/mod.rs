//! `remoting-model` beside the artifacts: its test data, which is what Java programs print, a folder per version; and the
//! message codec, with random messages.
//!
//! The tests of the crate compare its types with these files. A run compares the files with what Java prints now, or
//! writes them (`--record`).

mod bodies;
mod forms;
mod headers;
mod messages;

use std::path::{Path, PathBuf};

use anyhow::Context;

use crate::java::{self, Drivers};
use crate::outcome::{CaseResult, Outcome};

/// The title of these results.
pub(crate) const KIND: &str = "data";

/// The start of the names of these cases.
pub(crate) const PREFIX: &str = "model/";

/// The newest version with test data. The other versions leave out what is the same in it.
const NEWEST: &str = "5.5.1";

/// The files of one version.
pub(crate) struct TestData {
    folder: PathBuf,
    record: bool,
}

impl TestData {
    /// With `record`, the files are written instead of compared.
    pub(crate) fn new(root: &Path, drivers: &Drivers, record: bool) -> Self {
        let folder = root.join("crates/remoting-model/tests/java").join(drivers.version());
        Self { folder, record }
    }

    /// Returns the path of a file of the newest version, unless this is it.
    pub(crate) fn of_newest(&self, file: &str) -> Option<String> {
        let newest = self.folder.with_file_name(NEWEST);
        (newest != self.folder).then(|| newest.join(file).display().to_string())
    }

    /// Compares or writes a file: what a Java program prints when it is started with these arguments.
    pub(crate) async fn check(
        &self,
        drivers: &Drivers,
        printer: &str,
        arguments: &[&str],
        file: &str,
    ) -> CaseResult {
        let outcome = match self.compare(drivers, printer, arguments, file).await {
            Ok(()) => Outcome::Pass,
            Err(error) => Outcome::failed(format_args!("{error:#}")),
        };
        CaseResult { name: format!("{PREFIX}{file}"), outcome }
    }

    async fn compare(
        &self,
        drivers: &Drivers,
        printer: &str,
        arguments: &[&str],
        file: &str,
    ) -> anyhow::Result<()> {
        let printed = java::output(drivers, printer, arguments).await?;
        let path = self.folder.join(file);
        if self.record {
            std::fs::create_dir_all(&self.folder).with_context(|| self.folder.display().to_string())?;
            return std::fs::write(&path, printed).with_context(|| path.display().to_string());
        }
        let recorded = std::fs::read_to_string(&path).with_context(|| path.display().to_string())?;
        match first_difference(&recorded, &printed) {
            None => Ok(()),
            Some((line, recorded, printed)) => anyhow::bail!(
                "{} line {line} is `{recorded}`, Java prints `{printed}`; record it with `cargo xtask interop --record`",
                path.display()
            ),
        }
    }
}

/// Returns the number of the first line that differs, and both lines.
fn first_difference<'a>(recorded: &'a str, printed: &'a str) -> Option<(usize, &'a str, &'a str)> {
    let mut recorded = recorded.split('\n');
    let mut printed = printed.split('\n');
    let mut number = 1;
    loop {
        match (recorded.next(), printed.next()) {
            (None, None) => return None,
            (ours, theirs) if ours == theirs => number += 1,
            (ours, theirs) => return Some((number, ours.unwrap_or_default(), theirs.unwrap_or_default())),
        }
    }
}

/// Compares or writes all files of one version. If they are compared, this number of random messages is exchanged too.
pub(crate) async fn run(root: &Path, drivers: &Drivers, record: bool, messages: usize) -> Vec<CaseResult> {
    let data = TestData::new(root, drivers, record);
    let mut results = headers::run(&data, drivers).await;
    results.extend(bodies::run(&data, drivers).await);
    results.extend(forms::run(&data, drivers).await);
    // The versions between have the file of the newest.
    if drivers.is_older_than(5, 0) || data.of_newest("messages.txt").is_none() {
        results.push(data.check(drivers, "model.MessagePrinter", &[], "messages.txt").await);
    }
    if !record {
        results.extend(messages::run(drivers, messages).await);
    }
    results
}

#[cfg(test)]
mod tests {
    use super::first_difference;

    #[test]
    fn the_first_line_that_differs_is_found_even_at_the_end() {
        assert_eq!(first_difference("a\nb\n", "a\nb\n"), None);
        assert_eq!(first_difference("a\nb\n", "a\nc\n"), Some((2, "b", "c")));
        assert_eq!(first_difference("a\n", "a\nc\n"), Some((2, "", "c")));
        assert_eq!(first_difference("a\n", "a"), Some((2, "", "")));
    }
}
