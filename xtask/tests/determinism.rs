//! Nothing in the crates leaves to chance which of two things that are ready goes first.

#![allow(clippy::expect_used, reason = "a test that cannot go on may panic")]

use std::fs;
use std::path::{Path, PathBuf};

/// The Rust sources of all crates, without their tests.
fn sources() -> Vec<PathBuf> {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates");
    let mut open: Vec<PathBuf> = entries(&crates).into_iter().map(|name| name.join("src")).collect();
    let mut found = Vec::new();
    while let Some(path) = open.pop() {
        if path.file_stem().is_some_and(|name| name == "tests") {
            continue;
        }
        if path.is_dir() {
            open.extend(entries(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a readable folder");
    entries.map(|entry| entry.expect("a readable folder").path()).collect()
}

#[test]
fn every_select_tries_its_branches_in_the_order_in_which_they_stand() {
    let mut selects = 0;
    for path in sources() {
        let text = fs::read_to_string(&path).expect("a readable source");
        let mut lines = text.lines().enumerate();
        while let Some((number, line)) = lines.next() {
            if !line.contains("select! {") || line.trim_start().starts_with("//") {
                continue;
            }
            selects += 1;
            let next = lines.next().map_or("", |(_, next)| next.trim());
            assert!(next.starts_with("biased;"), "{}:{}: {line}", path.display(), number + 1);
        }
    }
    assert!(selects > 0, "the sources are found");
}
