//! The folders of a crate are floors: each imports only from those below it. The floors are those of the tables in
//! `docs/architecture.md`, from the bottom up. No file is too long to be read.

#![allow(clippy::expect_used, clippy::indexing_slicing, reason = "a test that cannot go on may panic")]

mod imports;
mod rooms;
mod tokens;

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use rooms::{Crate, circles, sources_below, upward};

const CRATES: [&str; 8] = [
    "remoting-protocol",
    "remoting-transport",
    "remoting-rpc",
    "remoting-service",
    "remoting-build",
    "remoting-model",
    "remoting",
    "remoting-namesrv",
];

/// Crates without a table of floors: they have no folder that imports from another.
const WITHOUT_FLOORS: [&str; 1] = ["remoting"];

/// Circles that are still to be cut: the crate, the folder, and what lies on the circle or on smaller ones inside it.
const KNOWN_CIRCLES: [(&str, &str, &[&str]); 0] = [];

/// The longest file, in lines.
const LONGEST: usize = 400;
/// Files that are still to be split.
const KNOWN_LONG_FILES: [&str; 0] = [];
/// What half of the files of the crates may have at most, in lines.
const LARGEST_MEDIAN: usize = 150;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn sources_of(name: &str) -> Crate {
    Crate::read(&root().join("crates").join(name).join("src"))
}

/// The rooms in a crate's table of floors, from the bottom up: the first column of the first table behind the crate's
/// name in bold.
fn floors(text: &str, name: &str) -> Vec<String> {
    let heading = format!("**`crates/{name}`**");
    let lines = text.lines().skip_while(|line| !line.starts_with(&heading)).skip(1);
    let lines = lines.take_while(|line| !line.starts_with("**`crates/"));
    let rows = lines
        .skip_while(|line| !line.starts_with("| floor |"))
        .skip(2)
        .take_while(|line| line.starts_with('|'));
    let cells = rows.filter_map(|row| row.split('|').nth(1));
    let names = cells.flat_map(|cell| cell.split('`').skip(1).step_by(2));
    names.map(|name| name.trim_end_matches('/').trim_end_matches(".rs").to_owned()).collect()
}

#[test]
fn a_room_imports_only_from_the_floors_below_it() {
    let text = fs::read_to_string(root().join("docs/architecture.md")).expect("the architecture page");
    for name in CRATES {
        let floors = floors(&text, name);
        assert_eq!(
            floors.is_empty(),
            WITHOUT_FLOORS.contains(&name),
            "{name}: whether docs/architecture.md has a table of its floors"
        );
        if floors.is_empty() {
            continue;
        }
        let sources = sources_of(name);
        let named: BTreeSet<&str> = floors.iter().map(String::as_str).collect();
        assert_eq!(named, sources.rooms(&[]), "{name}: the rooms in the table and those in src");
        assert_eq!(named.len(), floors.len(), "{name}: a room is twice in the table");
        let arrows = sources.arrows(&[]);
        let wrong = upward(&arrows, &floors);
        let lines: Vec<_> = wrong
            .iter()
            .map(|arrow| format!("{} lies below {}, yet {}", arrow.from, arrow.to, arrow.because))
            .collect();
        assert!(lines.is_empty(), "{name}: imports that lead up\n  {}", lines.join("\n  "));
    }
}

#[test]
fn no_folders_import_each_other_in_a_circle() {
    let mut found = Vec::new();
    let mut wrong = Vec::new();
    for name in CRATES {
        let sources = sources_of(name);
        let folders = sources.folders();
        for folder in &folders {
            let is_folder =
                |part: &String| folders.contains(&[folder.as_slice(), std::slice::from_ref(part)].concat());
            let arrows = sources.arrows(folder);
            for circle in circles(&arrows).into_iter().filter(|circle| circle.iter().any(is_folder)) {
                let path = folder.join("/");
                let known = KNOWN_CIRCLES.iter().position(|(of, at, parts)| {
                    *of == name && *at == path && circle.iter().all(|part| parts.contains(&&**part))
                });
                found.extend(known);
                if known.is_none() {
                    wrong.push(format!("{name}/src/{path}: {}", circle.join(", ")));
                    let on_it = arrows
                        .iter()
                        .filter(|arrow| circle.contains(&arrow.from) && circle.contains(&arrow.to));
                    wrong.extend(
                        on_it.map(|arrow| format!("  {} -> {}: {}", arrow.from, arrow.to, arrow.because)),
                    );
                }
            }
        }
    }
    assert!(wrong.is_empty(), "circles between folders\n{}", wrong.join("\n"));
    for (index, known) in KNOWN_CIRCLES.iter().enumerate() {
        assert!(found.contains(&index), "this circle is cut and leaves the list: {known:?}");
    }
}

/// The lines of each Rust source below these folders.
fn lengths(folders: &[&str]) -> Vec<(String, usize)> {
    let root = root();
    let files = folders.iter().flat_map(|folder| sources_below(&root.join(folder)));
    let lines = files.map(|file| {
        let lines = fs::read_to_string(&file).expect("a readable source").lines().count();
        let name = file.strip_prefix(&root).expect("it lies below").display().to_string();
        (name, lines)
    });
    lines.filter(|(name, _)| !name.contains("/target/")).collect()
}

#[test]
fn no_file_is_longer_than_400_lines() {
    let lengths = lengths(&["benches", "crates", "interop", "xtask"]);
    assert!(lengths.len() > 100, "the sources are found");
    let long: Vec<_> = lengths.iter().filter(|(_, lines)| *lines > LONGEST).collect();
    let new: Vec<_> = long.iter().filter(|(name, _)| !KNOWN_LONG_FILES.contains(&&**name)).collect();
    assert!(new.is_empty(), "files to be split: {new:?}");
    for known in KNOWN_LONG_FILES {
        assert!(long.iter().any(|(name, _)| name == known), "{known} is short enough and leaves the list");
    }
}

#[test]
fn most_files_of_the_crates_are_short() {
    let mut lines: Vec<_> = lengths(&["crates"])
        .into_iter()
        .filter(|(name, _)| name.contains("/src/"))
        .map(|(_, lines)| lines)
        .collect();
    lines.sort_unstable();
    let median = lines[lines.len() / 2];
    assert!(median <= LARGEST_MEDIAN, "half of the files have {median} lines or more");
}

#[test]
fn floors_are_read_from_the_table_of_their_crate() {
    let text = "**`crates/a`** in words\n\n**`crates/b`**, from the bottom up:\n\n| floor | holds |\n|---|---|\n\
                | `x.rs`, `y/` | `no` room |\n| `z/` | |\n\n| floor | |\n|---|---|\n| `w` | |\n";
    assert_eq!(floors(text, "a"), [""; 0]);
    assert_eq!(floors(text, "b"), ["x", "y", "z"]);
    assert_eq!(floors(text, "c"), [""; 0]);
}
