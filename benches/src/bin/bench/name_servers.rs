//! Name servers: the reads of routes, alone and during registrations, and the memory for the topics.

use std::net::{Ipv4Addr, TcpListener};
use std::thread;
use std::time::Duration;

use anyhow::Context;
use serde::Deserialize;

use super::effort::Effort;
use super::process::Process;
use super::procfs;
use super::programs::Programs;
use super::results::NameServerResult;
use super::statistics::Sample;
use super::turns::Turns;

/// The time after which the memory of a server is read.
const REST: Duration = Duration::from_secs(1);

/// A name server program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Server {
    /// The program `remoting-namesrv`.
    Remoting,
    /// Java's `NamesrvStartup`.
    Java,
}

impl Server {
    pub(super) const ALL: [Self; 2] = [Self::Remoting, Self::Java];

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Remoting => "remoting-namesrv",
            Self::Java => "java",
        }
    }
}

/// `name server/java`.
pub(super) fn name(server: Server) -> String {
    format!("name server/{}", server.name())
}

/// The report of the client for one run.
#[derive(Deserialize)]
struct Report {
    requests: f64,
    seconds: f64,
    p50_ns: f64,
    p99_ns: f64,
}

/// Reads of routes, and the CPU time of the server for them.
struct Reads {
    report: Report,
    server_cpu: f64,
}

impl Reads {
    fn per_second(&self) -> f64 {
        self.report.requests / self.report.seconds
    }
}

/// One round of one server.
struct Round {
    register_seconds: f64,
    alone: Reads,
    during: Reads,
    /// The registrations per second during the reads.
    registrations: f64,
    memory: f64,
}

/// The servers, and the rounds of all sweeps so far.
pub(super) struct NameServerRun {
    turns: Turns<Server, Round>,
    measure: Duration,
    java_warm_up: Duration,
}

impl NameServerRun {
    pub(super) fn new(servers: Vec<Server>, effort: &Effort) -> Self {
        Self {
            turns: Turns::new(servers),
            measure: effort.name_server_measure(),
            java_warm_up: effort.java_warm_up,
        }
    }

    /// Returns whether no server is left to be measured.
    pub(super) fn is_over(&self) -> bool {
        self.turns.is_over()
    }

    pub(super) fn sweep(&mut self, programs: &Programs, failed: &mut Vec<String>) {
        let (measure, java_warm_up) = (self.measure, self.java_warm_up);
        self.turns.round(
            failed,
            |server| name(*server),
            |&server| {
                let warm_up = if server == Server::Java { java_warm_up } else { measure };
                round(programs, server, warm_up, measure).map(Some)
            },
        );
    }

    pub(super) fn results(&self) -> Vec<NameServerResult> {
        let result = |(server, rounds): (&Server, &[Round])| {
            let of_rounds = |value: &dyn Fn(&Round) -> f64| Sample::of(rounds.iter().map(value));
            NameServerResult {
                server: server.name().to_owned(),
                reads_per_second: of_rounds(&|round| round.alone.per_second()),
                server_cpu: of_rounds(&|round| round.alone.server_cpu / round.alone.report.requests * 1e6),
                p50_us: of_rounds(&|round| round.alone.report.p50_ns / 1e3),
                p99_us: of_rounds(&|round| round.alone.report.p99_ns / 1e3),
                reads_during_registrations: of_rounds(&|round| round.during.per_second()),
                p99_during_registrations_us: of_rounds(&|round| round.during.report.p99_ns / 1e3),
                registrations_per_second: of_rounds(&|round| round.registrations),
                register_seconds: of_rounds(&|round| round.register_seconds),
                memory_mib: of_rounds(&|round| round.memory / f64::from(1 << 20)),
            }
        };
        self.turns.results().map(result).collect()
    }
}

/// A server that listens, and the address of it.
fn start(programs: &Programs, server: Server) -> anyhow::Result<(Process, String)> {
    match server {
        Server::Remoting => {
            let process = Process::spawn(programs.name_server()?)?;
            let addr = process.expect("remoting-namesrv listening on")?;
            Ok((process, addr))
        }
        Server::Java => {
            // Java does not say which port it was given, so it is told one that was free a moment ago.
            let addr = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?;
            let process = Process::spawn(programs.java_name_server(addr.port())?)?;
            process.expect("The Name Server boot success")?;
            Ok((process, addr.to_string()))
        }
    }
}

fn round(programs: &Programs, server: Server, warm_up: Duration, measure: Duration) -> anyhow::Result<Round> {
    let memory = memory_of_all_topics_on_all_brokers(programs, server)?;
    let (process, addr) = start(programs, server)?;
    let mut brokers = Process::spawn(programs.brokers(&addr, None)?)?;
    let register_seconds = register(&mut brokers)?;
    let mut readers = Process::spawn(programs.route_readers(&addr)?)?;
    readers.expect("ready")?;
    let alone = reads(&mut readers, &process, warm_up, measure)?;
    brokers.tell("churn")?;
    let during = reads(&mut readers, &process, measure, measure)?;
    brokers.tell("rest")?;
    let registrations: f64 = brokers.expect("rested")?.parse().context("the number of registrations")?;
    readers.end()?;
    brokers.end()?;
    process.terminate()?;
    let registrations = registrations / (2.0 * measure.as_secs_f64());
    Ok(Round { register_seconds, alone, during, registrations, memory })
}

/// The memory of a server for 10 000 topics on each of 100 brokers, beyond what it had before.
fn memory_of_all_topics_on_all_brokers(programs: &Programs, server: Server) -> anyhow::Result<f64> {
    let (process, addr) = start(programs, server)?;
    let at_rest = || {
        thread::sleep(REST);
        procfs::memory(process.id())
    };
    let before = at_rest()?;
    let mut brokers = Process::spawn(programs.brokers(&addr, Some(100))?)?;
    register(&mut brokers)?;
    let memory = at_rest()?.saturating_sub(before) as f64;
    brokers.end()?;
    process.terminate()?;
    Ok(memory)
}

/// Registers all brokers. Returns the time in seconds.
fn register(brokers: &mut Process) -> anyhow::Result<f64> {
    brokers.expect("ready")?;
    brokers.tell("register")?;
    brokers.expect("registered")?.parse().context("the time of the registrations")
}

fn reads(
    readers: &mut Process,
    server: &Process,
    warm_up: Duration,
    measure: Duration,
) -> anyhow::Result<Reads> {
    readers.tell(&format!("time {} {}", warm_up.as_millis(), measure.as_millis()))?;
    readers.expect("measuring")?;
    let before = procfs::cpu_seconds(server.id())?;
    readers.expect("measured")?;
    let server_cpu = procfs::cpu_seconds(server.id())? - before;
    let report = serde_json::from_str(&readers.expect("report")?).context("a client's report")?;
    Ok(Reads { report, server_cpu })
}
