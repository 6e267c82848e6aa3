//! The recorded frames for tests: those of the repository, and more next to the workspace, if any.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

/// Returns the directories of vectors. The second is not part of the repository; without it the tests check less.
fn directories() -> [PathBuf; 2] {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    [package.join("tests/vectors"), package.join("../../../shared/vectors")]
}

/// Returns all vectors of all `*.jsonl` files that have the member `with`.
pub(crate) fn with_member(with: &str) -> Vec<Value> {
    let mut files: Vec<PathBuf> = directories()
        .iter()
        .filter_map(|directory| fs::read_dir(directory).ok())
        .flatten()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "jsonl"))
        .collect();
    files.sort();
    files
        .iter()
        .flat_map(|path| fs::read_to_string(path).unwrap().lines().map(str::to_owned).collect::<Vec<_>>())
        .map(|line| serde_json::from_str::<Value>(&line).unwrap())
        .filter(|vector| vector.get(with).is_some())
        .collect()
}
