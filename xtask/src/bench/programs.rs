//! Building the programs, and the commands that start them.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context, ensure};
use serde::Deserialize;

use super::cases::{Case, Placement};
use super::contestant::{Contestant, Stack};
use crate::cargo::{cargo, workspace_root};

/// The version of the Java module that is compared with.
const ROCKETMQ: &str = "5.5.0";

/// Where the pinned processes run: not on the first core, which serves most interrupts.
fn pinned_core() -> usize {
    std::thread::available_parallelism().map_or(0, |cores| cores.get() - 1)
}

/// What has been built.
pub(super) struct Programs {
    load: PathBuf,
    peers: Option<PathBuf>,
    java_class_path: Option<String>,
    can_pin: bool,
}

impl Programs {
    /// Builds what these peers need. A peer whose tools are not installed is left out, with a line that says so.
    pub(super) fn build(peers: &[Stack]) -> anyhow::Result<Self> {
        let load = Self::load()?;
        let heavy = peers.iter().any(|peer| matches!(peer, Stack::Tarpc | Stack::Tonic));
        let peers_program = if heavy { Some(build_peers()?) } else { None };
        let java_class_path = if peers.contains(&Stack::Java) { build_java()? } else { None };
        let can_pin = runs("taskset");
        if !can_pin {
            eprintln!("taskset is not installed: nothing runs pinned to one core");
        }
        Ok(Self { load, peers: peers_program, java_class_path, can_pin })
    }

    /// The program of this stack alone.
    pub(super) fn load() -> anyhow::Result<PathBuf> {
        let mut build = cargo();
        build.args(["build", "--release", "--package", "remoting-benches", "--bin", "load"]);
        executable(build)
    }

    /// Whether this contestant can take part in the case.
    pub(super) fn has(&self, contestant: Contestant, case: &Case) -> bool {
        let built = match contestant.stack {
            Stack::Raw | Stack::TokioRaw | Stack::Remoting => true,
            Stack::Tarpc | Stack::Tonic => self.peers.is_some(),
            Stack::Java => self.java_class_path.is_some(),
        };
        built && (self.can_pin || case.placement == Placement::Free)
    }

    pub(super) fn server(&self, contestant: Contestant, placement: Placement) -> anyhow::Result<Command> {
        self.command(contestant, placement, "server")
    }

    pub(super) fn client(
        &self,
        contestant: Contestant,
        case: &Case,
        server: &str,
    ) -> anyhow::Result<Command> {
        let mut command = self.command(contestant, case.placement, "client")?;
        command.args(["--server", server]);
        for (option, value) in
            [("--connections", case.connections), ("--window", case.window), ("--body", case.body)]
        {
            command.args([option, &value.to_string()]);
        }
        if contestant.json {
            command.args(["--header", "json"]);
        }
        Ok(command)
    }

    /// Opens connections to a server of this stack.
    pub(super) fn connect(&self, stack: Stack, server: &str, connections: usize) -> Command {
        let mut command = Command::new(&self.load);
        command.args([
            "connect",
            stack.name(),
            "--server",
            server,
            "--connections",
            &connections.to_string(),
        ]);
        command
    }

    fn command(&self, contestant: Contestant, placement: Placement, role: &str) -> anyhow::Result<Command> {
        let mut words: Vec<String> = Vec::new();
        if placement == Placement::Pinned {
            words.extend(["taskset".to_owned(), "--cpu-list".to_owned(), pinned_core().to_string()]);
        }
        if contestant.stack == Stack::Java {
            let class_path = self.java_class_path.as_ref().context("the Java drivers were not built")?;
            let encoding = if contestant.json { "JSON" } else { "ROCKETMQ" };
            words.extend(["java", "-Xmx1g", "-cp", class_path].map(str::to_owned));
            words.push(format!("-Drocketmq.serialize.type={encoding}"));
            words.extend(["remoting.interop.bench.BenchDriver", role].map(str::to_owned));
        } else {
            let program = match contestant.stack {
                Stack::Tarpc | Stack::Tonic => self.peers.as_ref().context("the peers were not built")?,
                _ => &self.load,
            };
            words.push(program.display().to_string());
            words.extend([role, contestant.stack.name()].map(str::to_owned));
            if contestant.tls {
                words.push("--tls".to_owned());
            }
            if contestant.workers > 0 {
                words.extend(["--workers".to_owned(), contestant.workers.to_string()]);
            }
        }
        let mut command = Command::new(&words[0]);
        command.args(&words[1..]);
        Ok(command)
    }
}

fn build_peers() -> anyhow::Result<PathBuf> {
    let mut build = cargo();
    build.args(["build", "--release", "--target-dir"]).arg(target_directory()?.join("peers"));
    build.current_dir(workspace_root().join("benches/peers"));
    executable(build)
}

/// The class path of the drivers; none without a JDK and Maven.
fn build_java() -> anyhow::Result<Option<String>> {
    if !runs("java") || !runs("mvn") {
        eprintln!("no JDK or no Maven: the Java module does not take part");
        return Ok(None);
    }
    let project = workspace_root().join("interop");
    let mut maven = Command::new("mvn");
    maven.args(["-q", "-B", &format!("-Drmq={ROCKETMQ}"), "compile"]).current_dir(&project);
    let status = maven.stdin(Stdio::null()).stdout(Stdio::null()).status().context("starting mvn")?;
    ensure!(
        status.success(),
        "mvn could not build the Java drivers: run `mvn -Drmq={ROCKETMQ} compile` in interop/"
    );
    let target = project.join("target").join(ROCKETMQ);
    let entries = std::env::join_paths([target.join("classes"), target.join("lib").join("*")])?;
    Ok(Some(entries.to_string_lossy().into_owned()))
}

fn runs(program: &str) -> bool {
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

/// Where cargo puts what it builds.
pub(super) fn target_directory() -> anyhow::Result<PathBuf> {
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
