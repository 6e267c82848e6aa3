//! The programs, and the commands that start them.

use std::path::PathBuf;
use std::process::Command;

use anyhow::Context;

use super::build;
use super::cargo::target_directory;
use super::cases::{Case, Placement};
use super::contestant::{Contestant, Stack};
use super::name_servers::Server;
use super::regions::Mode;
use super::selection::Selection;

/// Where the pinned processes run: not on the first core, which serves most interrupts.
fn pinned_core() -> usize {
    std::thread::available_parallelism().map_or(0, |cores| cores.get() - 1)
}

/// Runs what follows with as many open files as are to be had: the usual limit is below what idle connections need.
const WITH_MANY_FILES: [&str; 3] = ["sh", "-c", r#"ulimit -S -n "$(ulimit -H -n)"; exec "$0" "$@""#];

/// What to type for this command, without what gives it many files.
pub(super) fn describe(command: &Command) -> String {
    let words = [command.get_program()].into_iter().chain(command.get_args());
    let words: Vec<_> = words.map(|word| word.to_string_lossy()).collect();
    words.strip_prefix(&WITH_MANY_FILES.map(Into::into)).unwrap_or(&words).join(" ")
}

/// What has been built.
pub(super) struct Programs {
    load: Option<PathBuf>,
    peers: Option<PathBuf>,
    java_class_path: Option<String>,
    name_server: Option<PathBuf>,
    java_name_server: Option<String>,
}

impl Programs {
    /// Builds what the selection needs. Whoever cannot take part is left out of it; the reasons are returned.
    pub(super) fn build(selection: &mut Selection) -> anyhow::Result<(Self, Vec<String>)> {
        let load = selection.needs_programs().then(build::load).transpose()?;
        let mut left_out = Vec::new();
        let mut unless_missing = |who: &str, result: anyhow::Result<_>| {
            result.map_err(|error| left_out.push(format!("{who} did not take part: {error:#}"))).ok()
        };
        let heavy = selection.involves(Stack::Tarpc) || selection.involves(Stack::Tonic);
        let peers = if heavy { unless_missing("tarpc and tonic", build::peers()) } else { None };
        let java = selection.involves(Stack::Java).then(build::java);
        let java_class_path = java
            .and_then(|java| unless_missing("java", java.map(PathBuf::from)))
            .map(|path| path.to_string_lossy().into_owned());
        let servers = &mut selection.name_servers;
        let ours = servers.contains(&Server::Remoting).then(build::name_server).transpose()?;
        let java_name_server = servers.contains(&Server::Java).then(build::java_name_server);
        let java_name_server = java_name_server
            .and_then(|java| unless_missing("Java's name server", java.map(PathBuf::from)))
            .map(|path| path.to_string_lossy().into_owned());
        servers.retain(|server| *server == Server::Remoting || java_name_server.is_some());
        // Java's name server takes part without the remoting drivers if nothing else asks for them.
        let java_is_left_out = selection.involves(Stack::Java) && java_class_path.is_none();
        selection.keep(|stack| match stack {
            Stack::Raw | Stack::TokioRaw | Stack::TokioRustls | Stack::Remoting => true,
            Stack::Tarpc | Stack::Tonic => peers.is_some(),
            Stack::Java => !java_is_left_out,
        });
        if !build::runs("taskset") {
            selection.cases.retain(|case| case.placement == Placement::Free);
            selection.name_servers.clear();
            left_out.push("nothing ran pinned to one core: `taskset` is not installed".to_owned());
        }
        for line in &left_out {
            eprintln!("{line}");
        }
        Ok((Self { load, peers, java_class_path, name_server: ours, java_name_server }, left_out))
    }

    /// Programs that stand in for the real ones.
    #[cfg(test)]
    pub(super) const fn scripted(load: PathBuf, peers: PathBuf) -> Self {
        Self {
            load: Some(load),
            peers: Some(peers),
            java_class_path: None,
            name_server: None,
            java_name_server: None,
        }
    }

    pub(super) fn server(&self, contestant: Contestant, placement: Placement) -> anyhow::Result<Command> {
        let mut command = self.command(contestant, placement, "server")?;
        if contestant.spawning {
            command.args(["--executor", "runtime"]);
        }
        if contestant.typed {
            command.arg("--typed");
        }
        Ok(command)
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
        if contestant.typed {
            command.arg("--typed");
        }
        if contestant.service {
            command.arg("--service");
        }
        Ok(command)
    }

    /// Opens connections to a server of this contestant.
    pub(super) fn connect(&self, contestant: Contestant, server: &str) -> anyhow::Result<Command> {
        let stack = match contestant.stack {
            // The same protocol.
            Stack::Java => Stack::Remoting,
            stack => stack,
        };
        let mut command = self.command(Contestant { stack, ..contestant }, Placement::Free, "connect")?;
        command.args(["--server", server]);
        Ok(command)
    }

    /// Answers each request with the next MiB of a file.
    pub(super) fn region_server(&self, mode: Mode, placement: Placement) -> anyhow::Result<Command> {
        let mut command = self.server(of_regions(mode), placement)?;
        command.args(["--file", mode.option()]);
        Ok(command)
    }

    pub(super) fn region_client(
        &self,
        mode: Mode,
        placement: Placement,
        server: &str,
    ) -> anyhow::Result<Command> {
        let mut command = self.command(of_regions(mode), placement, "client")?;
        command.args(["--server", server, "--file", "--window", "4"]);
        Ok(command)
    }

    /// This project's name server, on any free port, on the core of pinned processes.
    pub(super) fn name_server(&self) -> anyhow::Result<Command> {
        let program = self.name_server.as_ref().context("the name server was not built")?;
        let mut command = on_core(pinned_core());
        command.arg(program).args(["--listen", "127.0.0.1:0"]);
        Ok(command)
    }

    /// Java's name server, on the core of pinned processes.
    pub(super) fn java_name_server(&self, port: u16) -> anyhow::Result<Command> {
        let class_path = self.java_name_server.as_ref().context("Java's name server was not built")?;
        let home = target_directory()?.join("bench-namesrv");
        std::fs::create_dir_all(&home).with_context(|| format!("cannot make {}", home.display()))?;
        let config = home.join("namesrv.properties");
        std::fs::write(&config, format!("listenPort={port}\nbindAddress=127.0.0.1\n"))
            .with_context(|| format!("cannot write {}", config.display()))?;
        let mut command = on_core(pinned_core());
        command.args(["java", "-Xmx4g", "-cp", class_path]);
        for property in ["rocketmq.home.dir", "user.home"] {
            command.arg(format!("-D{property}={}", home.display()));
        }
        command.args(["org.apache.rocketmq.namesrv.NamesrvStartup", "-c"]).arg(config);
        Ok(command)
    }

    /// Brokers that register with a name server, on the first core. Each topic is on `spread` of them, or on the usual
    /// number.
    pub(super) fn brokers(&self, name_server: &str, spread: Option<usize>) -> anyhow::Result<Command> {
        let mut command = on_core(0);
        command.arg(self.load.as_ref().context("the load program was not built")?);
        command.args(["brokers", "--server", name_server]);
        if let Some(spread) = spread {
            command.args(["--spread", &spread.to_string()]);
        }
        Ok(command)
    }

    /// Clients that read routes with 64 requests in flight, on the first core.
    pub(super) fn route_readers(&self, name_server: &str) -> anyhow::Result<Command> {
        let mut command = on_core(0);
        command.arg(self.load.as_ref().context("the load program was not built")?);
        command.args(["routes", "--server", name_server, "--connections", "8", "--window", "8"]);
        Ok(command)
    }

    fn command(&self, contestant: Contestant, placement: Placement, role: &str) -> anyhow::Result<Command> {
        let mut words = WITH_MANY_FILES.map(str::to_owned).to_vec();
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
                _ => self.load.as_ref().context("the load program was not built")?,
            };
            words.push(program.display().to_string());
            words.extend([role, contestant.stack.name()].map(str::to_owned));
            if contestant.tls {
                words.push("--tls".to_owned());
            }
            if contestant.workers > 0 {
                let option = if contestant.loops && role == "server" { "--loops" } else { "--workers" };
                words.extend([option.to_owned(), contestant.workers.to_string()]);
            }
        }
        let mut command = Command::new(&words[0]);
        command.args(&words[1..]);
        Ok(command)
    }
}

/// Runs what follows on this core.
fn on_core(core: usize) -> Command {
    let mut command = Command::new("taskset");
    command.args(["--cpu-list", &core.to_string()]);
    command
}

fn of_regions(mode: Mode) -> Contestant {
    let remoting = Contestant::new(Stack::Remoting);
    if mode.is_tls() { remoting.tls() } else { remoting }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_described_as_it_would_be_typed() {
        let programs = Programs::scripted("/target/load".into(), "/target/peers".into());
        let raw = Contestant::new(Stack::Raw);
        let server = programs.server(raw, Placement::Free).unwrap();
        assert_eq!(describe(&server), "/target/load server raw");
        let loops = Contestant::new(Stack::Remoting).loops(2);
        let server = programs.server(loops, Placement::Free).unwrap();
        assert_eq!(describe(&server), "/target/load server remoting --loops 2");
        let typed = Contestant::new(Stack::Remoting).spawning().typed();
        let server = programs.server(typed, Placement::Free).unwrap();
        assert_eq!(describe(&server), "/target/load server remoting --executor runtime --typed");
        let pinned = describe(&programs.server(raw, Placement::Pinned).unwrap());
        assert!(pinned.starts_with("taskset --cpu-list "), "{pinned}");
        assert_eq!(describe(Command::new("valgrind").arg("--quiet")), "valgrind --quiet");
    }
}
