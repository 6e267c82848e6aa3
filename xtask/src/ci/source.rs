//! Format and lints of the sources.

use super::step::Steps;
use crate::cargo::{cargo, target_directory};

pub(super) fn check(steps: &mut Steps, peers: bool) -> anyhow::Result<()> {
    steps.command("format", cargo().args(["fmt", "--all", "--check"]))?;
    steps.command(
        "clippy",
        cargo().args(["clippy", "--workspace", "--all-targets", "--all-features", "--", "-D", "warnings"]),
    )?;
    if peers {
        let peers = ["--manifest-path", "benches/peers/Cargo.toml"];
        steps.command("format of the peers", cargo().arg("fmt").args(peers).arg("--check"))?;
        let target = target_directory()?.join("peers");
        let mut clippy = cargo();
        clippy.args(["clippy", "--locked", "--all-targets"]).args(peers).arg("--target-dir").arg(target);
        steps.command("clippy of the peers", clippy.args(["--", "-D", "warnings"]))?;
    }
    Ok(())
}
