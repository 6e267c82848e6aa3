//! Runs vector files and examples.

use std::path::PathBuf;
use std::{fs, io};

use anyhow::Context;

use super::step::Steps;
use crate::cargo::{cargo, workspace_root};
use crate::launch::Program;

/// Folders of vector files: the project's recordings, and others next to the checkout.
const VECTORS: [&str; 2] = ["crates/remoting-protocol/tests/vectors", "../shared/vectors"];

/// Examples that run until they are stopped, or need a running server.
const EXAMPLES_WITHOUT_END: [&str; 2] = ["client", "server"];

pub(super) fn check(steps: &mut Steps) -> anyhow::Result<()> {
    steps.command("vectors", Program::Vectors.command().args(vector_files()?))?;
    let examples = files_in("crates/remoting/examples", "rs")?;
    let names = examples.iter().filter_map(|path| path.file_stem()?.to_str());
    for example in names.filter(|name| !EXAMPLES_WITHOUT_END.contains(name)) {
        steps.command(
            &format!("example {example}"),
            cargo().args(["run", "--quiet", "--package", "remoting", "--all-features", "--example", example]),
        )?;
    }
    Ok(())
}

fn vector_files() -> anyhow::Result<Vec<PathBuf>> {
    let there = VECTORS.iter().filter(|folder| workspace_root().join(folder).is_dir());
    Ok(there.map(|folder| files_in(folder, "jsonl")).collect::<anyhow::Result<Vec<_>>>()?.concat())
}

/// The files with this extension in a folder of the workspace, by name.
fn files_in(folder: &str, extension: &str) -> anyhow::Result<Vec<PathBuf>> {
    let folder = workspace_root().join(folder);
    let entries = fs::read_dir(&folder).with_context(|| format!("cannot list {}", folder.display()))?;
    let mut files = entries.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<_>>>()?;
    files.retain(|file| file.extension().is_some_and(|found| found == extension));
    files.sort_unstable();
    Ok(files)
}
