//! Building the programs.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context, ensure};
use serde::Deserialize;

use crate::cargo::{cargo, target_directory, workspace_root};

/// The version of the Java module that is compared with.
pub(super) const ROCKETMQ: &str = "5.5.0";

/// The program of this stack, and of those that are only bytes.
pub(super) fn load() -> anyhow::Result<PathBuf> {
    let mut build = cargo();
    build.args(["build", "--release", "--package", "remoting-benches", "--bin", "load"]);
    executable(build)
}

/// The program of the other Rust stacks.
pub(super) fn peers() -> anyhow::Result<PathBuf> {
    let mut build = cargo();
    build.args(["build", "--release", "--target-dir"]).arg(target_directory()?.join("peers"));
    build.current_dir(workspace_root().join("benches/peers"));
    executable(build)
}

/// The class path of the Java drivers.
pub(super) fn java() -> anyhow::Result<String> {
    for program in ["java", "mvn"] {
        ensure!(runs(program), "`{program}` is not installed");
    }
    let project = workspace_root().join("interop");
    let mut maven = Command::new("mvn");
    maven.args(["-q", "-B", &format!("-Drmq={ROCKETMQ}"), "compile"]).current_dir(&project);
    let status = maven.stdin(Stdio::null()).stdout(Stdio::null()).status().context("starting mvn")?;
    ensure!(status.success(), "`mvn -Drmq={ROCKETMQ} compile` in interop/ failed");
    let target = project.join("target").join(ROCKETMQ);
    let entries = std::env::join_paths([target.join("classes"), target.join("lib").join("*")])?;
    Ok(entries.to_string_lossy().into_owned())
}

/// Whether this program is installed and says its version.
pub(super) fn runs(program: &str) -> bool {
    let version = Command::new(program).arg("--version").stdin(Stdio::null()).output();
    version.is_ok_and(|output| output.status.success())
}

/// One message of `cargo build --message-format json`.
#[derive(Deserialize)]
struct Message {
    executable: Option<PathBuf>,
}

/// Runs a build and gives the program that it made.
fn executable(mut build: Command) -> anyhow::Result<PathBuf> {
    let output = build
        .arg("--message-format=json-render-diagnostics")
        .stderr(Stdio::inherit())
        .output()
        .with_context(|| format!("cannot start {build:?}"))?;
    ensure!(output.status.success(), "{build:?} ended with {}", output.status);
    let text = String::from_utf8_lossy(&output.stdout);
    let messages = text.lines().filter_map(|line| serde_json::from_str::<Message>(line).ok());
    let mut programs = messages.filter_map(|message| message.executable);
    programs.next_back().with_context(|| format!("{build:?} made no program"))
}
