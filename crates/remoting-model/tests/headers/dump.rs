//! The headers of Java, as `HeaderPrinter` in `interop/` prints them.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

pub(crate) const RELEASES: [&str; 4] = ["4.9.8", "5.3.3", "5.5.0", "5.5.1"];

/// A field of a Java class.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct JavaField {
    /// The simple name of the type; behind that of an enum, its constants.
    pub(crate) java_type: String,
    /// Whether it has `@CFNotNull`.
    pub(crate) not_null: bool,
    /// What the constructor leaves, if that is not null, zero or false. `now` is a time, `''` an empty text.
    pub(crate) initial: Option<String>,
}

impl JavaField {
    pub(crate) fn is_primitive(&self) -> bool {
        self.java_type.starts_with(|first: char| first.is_ascii_lowercase())
    }
}

/// The fields of a Java class by key.
pub(crate) type JavaHeader = BTreeMap<String, JavaField>;

/// Returns a file of a release.
pub(crate) fn path(release: &str, file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/java").join(release).join(file)
}

/// Returns the headers of a release by name.
pub(crate) fn headers(release: &str) -> &'static BTreeMap<String, JavaHeader> {
    static ALL: LazyLock<BTreeMap<&str, BTreeMap<String, JavaHeader>>> =
        LazyLock::new(|| RELEASES.into_iter().map(|release| (release, read(release))).collect());
    &ALL[release]
}

fn read(release: &str) -> BTreeMap<String, JavaHeader> {
    let text = fs::read_to_string(path(release, "headers.txt")).unwrap();
    text.lines()
        .map(|line| {
            let mut words = line.split(' ');
            let name = words.next().unwrap().to_owned();
            (name, words.skip(3).map(field).collect())
        })
        .collect()
}

/// Reads `key:type[!][=value][@class]`.
fn field(word: &str) -> (String, JavaField) {
    let word = word.split_once('@').map_or(word, |(field, _class)| field);
    let (key, rest) = word.split_once(':').unwrap();
    let (rest, initial) = match rest.split_once('=') {
        Some((rest, initial)) => (rest, Some(initial.to_owned())),
        None => (rest, None),
    };
    let (java_type, not_null) = rest.strip_suffix('!').map_or((rest, false), |java_type| (java_type, true));
    (key.to_owned(), JavaField { java_type: java_type.to_owned(), not_null, initial })
}
