//! The pages of the crates.

use super::CRATES;
use super::step::Steps;
use crate::cargo::cargo;

pub(super) fn check(steps: &mut Steps) -> anyhow::Result<()> {
    let deny = ("RUSTDOCFLAGS", "-D warnings");
    let all = ["doc", "--workspace", "--no-deps", "--all-features"];
    steps.command("docs", cargo().args(all).env(deny.0, deny.1))?;
    // What a user sees who builds them with the default features.
    let mut default = cargo();
    default.args(["doc", "--no-deps"]).args(CRATES.map(|name| format!("--package={name}")));
    steps.command("docs with the default features", default.env(deny.0, deny.1))
}
