//! Checks with the oldest supported Rust, and for other operating systems.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::Context;

use super::CRATES;
use super::step::Steps;
use crate::cargo::{cargo, workspace_root};

/// The other supported systems, with the features that can be checked without a C compiler for them:
/// `ring`, which TLS uses, has parts in C.
const SYSTEMS: [&str; 2] = ["x86_64-pc-windows-msvc", "aarch64-apple-darwin"];
const WITHOUT_C: &str = "acl,metrics,prost,socks,testing";

/// A platform without sockets, threads or a clock. A crate that builds there uses none of them.
const NO_SYSTEM: &str = "wasm32-unknown-unknown";

pub(super) fn check(steps: &mut Steps) -> anyhow::Result<()> {
    let oldest = oldest_rust()?;
    let name = format!("Rust {oldest}");
    if runs(Command::new("rustup").args(["run", &oldest, "cargo", "--version"])) {
        // Not `cargo +VERSION`: this process runs the cargo of a toolchain, which does not support `+`.
        let mut check = Command::new("rustup");
        check.args(["run", &oldest, "cargo", "check", "--locked", "--all-features"]);
        check.args(packages()).env_remove("CARGO").env_remove("RUSTUP_TOOLCHAIN");
        steps.command(&name, &mut check)?;
    } else {
        steps.leave_out(&name, &format!("rustup toolchain install {oldest} --profile minimal"));
    }
    for system in SYSTEMS {
        let mut check = cargo();
        check.args(["check", "--target", system, "--no-default-features", "--features", WITHOUT_C]);
        on(steps, system, check.args(packages()))?;
    }
    let codec = ["check", "--package", "remoting-protocol", "--all-features", "--target", NO_SYSTEM];
    on(steps, NO_SYSTEM, cargo().args(codec))
}

fn on(steps: &mut Steps, target: &str, check: &mut Command) -> anyhow::Result<()> {
    if is_installed(target)? {
        steps.command(target, check.env("RUSTFLAGS", "-D warnings"))
    } else {
        steps.leave_out(target, &format!("rustup target add {target}"));
        Ok(())
    }
}

fn packages() -> [String; CRATES.len()] {
    CRATES.map(|name| format!("--package={name}"))
}

/// The `rust-version` of the workspace.
fn oldest_rust() -> anyhow::Result<String> {
    let manifest = fs::read_to_string(workspace_root().join("Cargo.toml"))?;
    let mut lines = manifest.lines().filter_map(|line| line.strip_prefix("rust-version = "));
    Ok(lines.next().context("Cargo.toml has no rust-version")?.trim_matches('"').to_owned())
}

/// Returns whether the standard library for a platform is installed.
fn is_installed(target: &str) -> anyhow::Result<bool> {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(rustc)
        .args(["--print", "target-libdir", "--target", target])
        .output()
        .context("cannot start rustc")?;
    Ok(output.status.success() && Path::new(String::from_utf8_lossy(&output.stdout).trim()).is_dir())
}

/// Returns whether a command starts and succeeds.
fn runs(command: &mut Command) -> bool {
    command.output().is_ok_and(|output| output.status.success())
}
