//! Running cargo from a command of the project.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use serde::Deserialize;

use crate::children::CHILDREN;

/// The root of the workspace, where every command runs.
pub(crate) fn workspace_root() -> &'static Path {
    let manifest_dir = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest_dir.parent().unwrap_or(manifest_dir)
}

/// A cargo of the toolchain that runs this command.
pub(crate) fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(workspace_root());
    command
}

/// Runs a command to its end; anything but success is an error that shows it.
pub(crate) fn run_to_end(command: &mut Command) -> anyhow::Result<()> {
    let status = command.status().with_context(|| format!("cannot start {command:?}"))?;
    ensure!(status.success(), "{command:?} ended with {status}");
    Ok(())
}

/// As [`run_to_end`], but what has not ended by this time is killed, with all that it has started, and is an error.
pub(crate) fn run_within(limit: Duration, command: &mut Command) -> anyhow::Result<()> {
    let until = Instant::now() + limit;
    let child = CHILDREN.spawn(command.stdin(Stdio::null()));
    let child = child.with_context(|| format!("cannot start {command:?}"))?;
    let status = loop {
        let status = child.lock().try_wait().with_context(|| format!("waiting for {command:?}"))?;
        if status.is_some() || Instant::now() >= until {
            break status;
        }
        thread::sleep(Duration::from_millis(50));
    };
    CHILDREN.end(&child);
    let status = status.with_context(|| format!("{command:?} did not end within {limit:?}"))?;
    ensure!(status.success(), "{command:?} ended with {status}");
    Ok(())
}

/// Where cargo puts what it builds.
pub(crate) fn target_directory() -> anyhow::Result<PathBuf> {
    #[derive(Deserialize)]
    struct Metadata {
        target_directory: PathBuf,
    }
    let mut command = cargo();
    command.args(["metadata", "--no-deps", "--format-version", "1"]);
    let output = command.output().context("cannot start cargo metadata")?;
    let metadata: Metadata = serde_json::from_slice(&output.stdout).context("what cargo metadata says")?;
    Ok(metadata.target_directory)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: Duration = Duration::from_secs(3_600);

    #[test]
    fn what_does_not_end_in_time_is_an_error_that_says_so() {
        let error = run_within(Duration::ZERO, Command::new("sleep").arg("600")).unwrap_err().to_string();
        assert!(error.contains("sleep") && error.ends_with("did not end within 0ns"), "{error}");
    }

    #[test]
    fn what_ends_in_time_is_judged_by_its_status() {
        run_within(HOUR, &mut Command::new("true")).unwrap();
        assert!(
            run_within(HOUR, &mut Command::new("false")).unwrap_err().to_string().contains("exit status: 1")
        );
    }
}
