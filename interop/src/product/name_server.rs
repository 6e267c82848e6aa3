//! The name server: this project's program, or Java's.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use anyhow::{Context, ensure};
use clap::ValueEnum;
use tokio::net::TcpStream;
use tokio::process::Command;

use super::home::{Home, Homes};
use super::observer::until;
use super::ports;
use super::process::Process;
use crate::java::Servers;

const START: Duration = Duration::from_secs(60);
const STOP: Duration = Duration::from_secs(60);

/// Which name server the brokers and clients use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Implementation {
    /// The program `remoting-namesrv`.
    Ours,
    /// `NamesrvStartup` of RocketMQ 5.5.0.
    Java,
}

/// How name servers are started.
pub(super) enum Program {
    Ours(PathBuf),
    Java(Servers),
}

impl Program {
    /// Builds this project's program, beside the one that runs.
    pub(super) async fn build() -> anyhow::Result<Self> {
        let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        cargo.args(["build", "--quiet", "--package", "remoting-namesrv"]).stdin(Stdio::null());
        // With what cargo has set for this package, dependencies would be built again.
        for (name, _) in std::env::vars_os() {
            let text = name.to_string_lossy();
            if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") {
                cargo.env_remove(&name);
            }
        }
        let status = cargo.status().await.context("cannot start cargo")?;
        ensure!(status.success(), "building remoting-namesrv ended with {status}");
        let program = std::env::current_exe()?.with_file_name("remoting-namesrv");
        Ok(Self::Ours(program))
    }

    pub(super) const fn is_java(&self) -> bool {
        matches!(self, Self::Java(_))
    }
}

/// What differs between the name servers of a run.
#[derive(Default)]
pub(super) struct Settings {
    pub(super) supports_acting_master: bool,
    pub(super) enforces_tls: bool,
}

/// A name server that can be stopped and started again on the same port with the same files.
pub(super) struct NameServer {
    addr: SocketAddr,
    home: Home,
    command: Command,
    process: Option<Process>,
}

impl NameServer {
    pub(super) async fn start(
        program: &Program,
        homes: &Homes,
        name: &str,
        settings: &Settings,
    ) -> anyhow::Result<Self> {
        let addr = SocketAddr::from((Ipv4Addr::LOCALHOST, ports::free(1)?));
        let home = homes.home(name)?;
        let mut properties = vec![
            ("kvConfigPath", home.file("kvConfig.json").display().to_string()),
            ("configStorePath", home.file("stored.properties").display().to_string()),
            ("supportActingMaster", settings.supports_acting_master.to_string()),
            ("notifyMinBrokerIdChanged", settings.supports_acting_master.to_string()),
        ];
        let command = match program {
            Program::Ours(program) => {
                let config = home.write_properties("namesrv.properties", &properties)?;
                let mut command = Command::new(program);
                command.args(["--listen", &addr.to_string(), "--config"]).arg(config);
                if settings.enforces_tls {
                    let (certificate, key) = write_certificate(&home)?;
                    command.args(["--tls-mode", "enforcing"]);
                    command.arg("--tls-cert").arg(certificate).arg("--tls-key").arg(key);
                }
                command
            }
            Program::Java(servers) => {
                properties.push(("listenPort", addr.port().to_string()));
                properties.push(("bindAddress", addr.ip().to_string()));
                let config = home.write_properties("namesrv.properties", &properties)?;
                let mut options = home.jvm_options();
                if settings.enforces_tls {
                    options.push("-Dtls.server.mode=enforcing".to_owned());
                }
                let mut command = servers.command(&options, "org.apache.rocketmq.namesrv.NamesrvStartup");
                command.arg("-c").arg(config);
                command
            }
        };
        let mut server = Self { addr, home, command, process: None };
        server.start_again().await?;
        Ok(server)
    }

    /// Starts the process, and waits until it listens.
    pub(super) async fn start_again(&mut self) -> anyhow::Result<()> {
        let output = self.home.file("output.txt");
        let mut process = Process::spawn("the name server", &self.command, output)?;
        let addr = self.addr;
        until(START, format_args!("the name server listens on {addr}"), || {
            let ended = process.check();
            async move {
                ended?;
                Ok(TcpStream::connect(addr).await.is_ok())
            }
        })
        .await?;
        self.process = Some(process);
        Ok(())
    }

    pub(super) const fn addr(&self) -> SocketAddr {
        self.addr
    }

    fn process(&mut self) -> anyhow::Result<&mut Process> {
        self.process.as_mut().context("the name server does not run")
    }

    /// Sends SIGTERM.
    pub(super) async fn terminate(&mut self) -> anyhow::Result<()> {
        self.process()?.terminate().await
    }

    /// Waits for the end of the process after [`terminate`](Self::terminate).
    pub(super) async fn wait(&mut self) -> anyhow::Result<ExitStatus> {
        self.process()?.wait(STOP).await
    }
}

/// Writes a self-signed certificate and its key. Java makes its own.
fn write_certificate(home: &Home) -> anyhow::Result<(PathBuf, PathBuf)> {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()])?;
    let (certificate, key) = (home.file("certificate.pem"), home.file("key.pem"));
    std::fs::write(&certificate, made.cert.pem()).context("cannot write the certificate")?;
    std::fs::write(&key, made.signing_key.serialize_pem()).context("cannot write the key")?;
    Ok((certificate, key))
}
