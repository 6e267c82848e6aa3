//! What is packed for the registry, and what it is built from.

use std::fs;

use anyhow::{Context, ensure};

use super::CRATES;
use super::step::Steps;
use crate::cargo::{cargo, has_subcommand, run_to_end, target_directory, workspace_root};

pub(super) fn check(steps: &mut Steps) -> anyhow::Result<()> {
    steps.step("files of the packages", || CRATES.iter().try_for_each(|name| files(name)))?;
    // Packs each crate, builds it from what is packed, in the order of their dependencies, and uploads none. Cargo keeps
    // what it once unpacked and built of a version that comes from a registry. A directory that no run had before makes
    // it a registry of its own, so that each crate is built with the others as they are now.
    let directory = tempfile::Builder::new().prefix("packages-").tempdir_in(target_directory()?)?;
    let mut publish = cargo();
    publish.args(["publish", "--dry-run", "--allow-dirty", "--all-features", "--target-dir"]);
    publish.arg(directory.path()).args(CRATES.map(|name| format!("--package={name}")));
    steps.command("packages", &mut publish)
}

/// Checks that a package has what a registry and a licence ask for, and no test data.
fn files(name: &str) -> anyhow::Result<()> {
    let output = cargo().args(["package", "--list", "--allow-dirty", "--package", name]).output();
    let output = output.context("cannot start cargo")?;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let list = String::from_utf8(output.stdout).context("a file name that is not UTF-8")?;
    for wanted in ["README.md", "LICENSE", "src/lib.rs"] {
        ensure!(list.lines().any(|file| file == wanted), "the package of {name} has no {wanted}");
    }
    let test_data = list.lines().find(|file| file.starts_with("tests/"));
    ensure!(test_data.is_none(), "the package of {name} has test data: {test_data:?}");
    let root = workspace_root();
    let licence = fs::read(root.join("crates").join(name).join("LICENSE"))?;
    ensure!(licence == fs::read(root.join("LICENSE"))?, "the licence of {name} is not that of the project");
    Ok(())
}

/// Holds the dependencies to `deny.toml`.
pub(super) fn dependencies(steps: &mut Steps) -> anyhow::Result<()> {
    if !has_subcommand("deny")? {
        steps.leave_out("dependencies", "cargo install --locked cargo-deny");
        return Ok(());
    }
    let deny = ["deny", "--workspace", "check", "--hide-inclusion-graph"];
    steps.command("dependencies", cargo().args(deny).args(["bans", "licenses", "sources"]))?;
    // The database comes from the network, and not every machine reaches it.
    if run_to_end(cargo().args(["deny", "fetch", "db"])).is_ok() {
        steps.command("advisories", cargo().args(deny).arg("advisories"))
    } else {
        steps.leave_out("advisories", "cargo deny fetch db");
        Ok(())
    }
}
