//! Checks with the oldest dependencies that the manifests allow: the lock file of a user may contain them.

use std::fs;
use std::path::Path;

use anyhow::Context;

use super::CRATES;
use crate::cargo::{cargo, run_to_end, target_directory, workspace_root};

/// Copies the crates to a separate workspace and checks them with the oldest allowed dependencies.
pub(super) fn check() -> anyhow::Result<()> {
    let (root, target) = (workspace_root(), target_directory()?.join("minimal-versions"));
    let copy = target.join("workspace");
    if copy.exists() {
        fs::remove_dir_all(&copy).context("cannot remove an older copy of the crates")?;
    }
    for name in CRATES {
        let path = Path::new("crates").join(name);
        copy_folder(&root.join(&path), &copy.join(&path)).with_context(|| format!("cannot copy {name}"))?;
    }
    let manifest = fs::read_to_string(root.join("Cargo.toml")).context("cannot read Cargo.toml")?;
    fs::write(copy.join("Cargo.toml"), without_other_members(&manifest))?;
    let manifest = copy.join("Cargo.toml");
    // Only the lock file needs an unstable option. The build itself is that of a user.
    let mut lock = cargo();
    lock.args(["generate-lockfile", "-Z", "direct-minimal-versions", "--manifest-path"]).arg(&manifest);
    run_to_end(lock.env("RUSTC_BOOTSTRAP", "1"))?;
    let mut check = cargo();
    check.args(["check", "--workspace", "--all-features", "--locked", "--manifest-path"]).arg(&manifest);
    run_to_end(check.arg("--target-dir").arg(&target))
}

/// Returns the workspace manifest with only the published crates as members.
fn without_other_members(manifest: &str) -> String {
    let is_other = |line: &str| {
        let member = line.trim_start();
        member.starts_with('"') && !member.starts_with("\"crates/")
    };
    manifest.lines().filter(|line| !is_other(line)).flat_map(|line| [line, "\n"]).collect()
}

fn copy_folder(from: &Path, to: &Path) -> anyhow::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        if from.is_dir() {
            copy_folder(&from, &to)?;
        } else {
            fs::copy(from, to)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_crates_stay_members() {
        let manifest = "members = [\n    \"crates/a\", # a\n    \"xtask\",\n]\nversion = \"1\"\n";
        let expected = "members = [\n    \"crates/a\", # a\n]\nversion = \"1\"\n";
        assert_eq!(without_other_members(manifest), expected);
    }
}
