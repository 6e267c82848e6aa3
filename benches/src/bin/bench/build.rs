//! Building the programs.

use std::collections::HashMap;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context, ensure};
use serde::Deserialize;

use crate::cargo::{cargo, target_directory, workspace_root};

/// The version of the Java module that is compared with.
pub(super) const ROCKETMQ: &str = "5.5.1";

/// The version of Java's name server, the newest that there is.
pub(super) const NAME_SERVER: &str = "5.5.0";

/// Benches of this stack, to be built or run as the programs are built, so that nothing is compiled twice.
pub(super) fn bench(names: &[&str]) -> Command {
    let mut command = cargo();
    command.args(["bench", "--profile", "release", "--package", "remoting-benches"]);
    command.args(names.iter().flat_map(|name| ["--bench", name]));
    command
}

/// The programs of these benches, by name.
pub(super) fn benches(names: &[&str]) -> anyhow::Result<HashMap<String, PathBuf>> {
    let mut build = bench(names);
    build.arg("--no-run");
    let programs = executables(&mut build)?.into_iter();
    Ok(programs.filter(|(name, _)| names.contains(&name.as_str())).collect())
}

/// The program of this stack, and of those that are only bytes.
pub(super) fn load() -> anyhow::Result<PathBuf> {
    let mut build = cargo();
    build.args(["build", "--release", "--package", "remoting-benches", "--bin", "load"]);
    executable(build)
}

/// The name server of this project.
pub(super) fn name_server() -> anyhow::Result<PathBuf> {
    let mut build = cargo();
    build.args(["build", "--release", "--package", "remoting-namesrv", "--bin", "remoting-namesrv"]);
    executable(build)
}

/// The class path of Java's name server.
pub(super) fn java_name_server() -> anyhow::Result<String> {
    for program in ["java", "mvn"] {
        ensure!(runs(program), "`{program}` is not installed");
    }
    let project = workspace_root().join("interop/servers");
    let mut maven = Command::new("mvn");
    maven.args(["-q", "-B", &format!("-Drmq={NAME_SERVER}"), "compile"]).current_dir(&project);
    let status = maven.stdin(Stdio::null()).stdout(Stdio::null()).status().context("starting mvn")?;
    ensure!(status.success(), "`mvn -Drmq={NAME_SERVER} compile` in interop/servers failed");
    Ok(project.join("target").join(NAME_SERVER).join("lib/*").display().to_string())
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
    target: Option<Target>,
    executable: Option<PathBuf>,
}

#[derive(Deserialize)]
struct Target {
    name: String,
}

/// Runs a build and gives the last program that it made.
fn executable(mut build: Command) -> anyhow::Result<PathBuf> {
    let program = executables(&mut build)?.pop();
    program.map(|(_, path)| path).with_context(|| format!("{build:?} made no program"))
}

/// Runs a build and gives the programs that it made, with their names.
fn executables(build: &mut Command) -> anyhow::Result<Vec<(String, PathBuf)>> {
    let output = build
        .arg("--message-format=json-render-diagnostics")
        .stderr(Stdio::inherit())
        .output()
        .with_context(|| format!("cannot start {build:?}"))?;
    ensure!(output.status.success(), "{build:?} ended with {}", output.status);
    Ok(programs_in(&String::from_utf8_lossy(&output.stdout)))
}

fn programs_in(messages: &str) -> Vec<(String, PathBuf)> {
    let messages = messages.lines().filter_map(|line| serde_json::from_str::<Message>(line).ok());
    messages.filter_map(|message| Some((message.target?.name, message.executable?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_programs_that_cargo_made_are_found_among_its_messages() {
        let messages = r#"{"reason":"compiler-artifact","target":{"name":"remoting"},"executable":null}
{"reason":"compiler-artifact","target":{"name":"codec"},"executable":"/target/codec-1"}
{"reason":"build-finished","success":true}
"#;
        assert_eq!(programs_in(messages), [("codec".to_owned(), PathBuf::from("/target/codec-1"))]);
    }
}
