//! The recorded frames for tests.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

/// Returns all vectors of all `*.jsonl` files that have the member `with`.
pub(crate) fn with_member(with: &str) -> Vec<Value> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors");
    let mut files: Vec<PathBuf> = fs::read_dir(directory)
        .unwrap()
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
