//! The public API of the crates, recorded as text, so that a diff shows every change of the API.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, bail, ensure};

use super::CRATES;
use super::step::Steps;
use crate::cargo::{has_subcommand, target_directory, workspace_root};

/// The compiler that describes the API. The format changes between compilers.
const TOOLCHAIN: &str = "nightly-2026-05-20";
/// The command that installs the reader of the description.
const INSTALL_READER: &str = "cargo install --locked cargo-public-api@0.52.0";

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Write the current API to docs/api.
    #[arg(long)]
    record: bool,
}

/// Compares the API with the record, or records it.
pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<()> {
    if let Some(install) = missing()? {
        bail!("a tool is missing: `{install}` installs it");
    }
    CRATES.iter().try_for_each(|name| {
        let api = describe(name)?;
        let file = recorded(name);
        if arguments.record {
            fs::create_dir_all(workspace_root().join("docs/api"))?;
            fs::write(&file, api).with_context(|| format!("cannot write {}", file.display()))
        } else {
            compare(name, &api)
        }
    })
}

pub(super) fn check(steps: &mut Steps) -> anyhow::Result<()> {
    match missing()? {
        Some(install) => {
            steps.leave_out("public API", &install);
            Ok(())
        }
        None => steps.step("public API", || run(&Arguments { record: false })),
    }
}

/// How to install the first tool that is missing.
fn missing() -> anyhow::Result<Option<String>> {
    if !has_subcommand("public-api")? {
        return Ok(Some(INSTALL_READER.to_owned()));
    }
    let rustc = Command::new("rustup").args(["run", TOOLCHAIN, "rustc", "--version"]).output();
    let there = rustc.is_ok_and(|output| output.status.success());
    Ok((!there).then(|| format!("rustup toolchain install {TOOLCHAIN} --profile minimal")))
}

fn recorded(name: &str) -> PathBuf {
    workspace_root().join("docs/api").join(format!("{name}.txt"))
}

/// Returns a line for each public item of a crate with all its features. Implementations that are derived, or that
/// follow from others, are left out.
fn describe(name: &str) -> anyhow::Result<String> {
    let mut command = Command::new("rustup");
    command.args(["run", TOOLCHAIN, "cargo", "public-api", "--package", name, "--all-features", "-sss"]);
    command.args(["--color", "never", "--target-dir"]).arg(target_directory()?.join("api"));
    let output = command.current_dir(workspace_root()).env_remove("CARGO").output();
    let output = output.context("cannot start rustup")?;
    ensure!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).context("an API that is not UTF-8")
}

fn compare(name: &str, api: &str) -> anyhow::Result<()> {
    let file = recorded(name);
    let before = fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
    let differences = differences(&before, api);
    ensure!(
        differences.is_empty(),
        "the public API of {name} is not that of {}:\n{}\nif that is meant, `cargo xtask api --record` records it",
        file.display(),
        differences.join("\n")
    );
    Ok(())
}

/// The lines that only one of the two has, those of the first marked by `-`, those of the second by `+`.
fn differences(before: &str, now: &str) -> Vec<String> {
    let only_in = |one: &str, other: &str, mark: &str| -> Vec<String> {
        let other: std::collections::HashSet<&str> = other.lines().collect();
        one.lines().filter(|line| !other.contains(line)).map(|line| format!("{mark} {line}")).collect()
    };
    [only_in(before, now, "-"), only_in(now, before, "+")].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_shown_as_what_went_and_what_came() {
        assert_eq!(differences("a\nb\n", "a\nc\n"), ["- b", "+ c"]);
        assert!(differences("a\n", "a\n").is_empty());
    }
}
