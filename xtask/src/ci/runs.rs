//! Runs vector files and examples.

use std::path::PathBuf;
use std::{fs, io};

use anyhow::Context;

use super::step::Steps;
use crate::cargo::{cargo, workspace_root};
use crate::launch::Program;

/// The folder of the vector files.
const VECTORS: &str = "crates/remoting-protocol/tests/vectors";

/// Examples that run until they are stopped, or need a running server.
const EXAMPLES_WITHOUT_END: [&str; 2] = ["client", "server"];

pub(super) fn check(steps: &mut Steps) -> anyhow::Result<()> {
    steps.command("vectors", Program::Vectors.command().args(files_in(VECTORS, "jsonl")?))?;
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

/// The files with this extension in a folder of the workspace, by name.
fn files_in(folder: &str, extension: &str) -> anyhow::Result<Vec<PathBuf>> {
    let folder = workspace_root().join(folder);
    let entries = fs::read_dir(&folder).with_context(|| format!("cannot list {}", folder.display()))?;
    let mut files = entries.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<_>>>()?;
    files.retain(|file| file.extension().is_some_and(|found| found == extension));
    files.sort_unstable();
    Ok(files)
}
