//! The Java servers.

use std::collections::HashMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use anyhow::{Context, bail};
use tokio::process::Command;
use tokio::time::timeout;

use super::Drivers;
use super::process::JavaProcess;
use crate::contract::ServerAddrs;

const START_TIMEOUT: Duration = Duration::from_secs(60);

/// A running driver with servers.
pub(crate) struct ServerProcess {
    process: JavaProcess,
    ports: HashMap<String, u16>,
}

impl ServerProcess {
    /// Starts a driver and waits until its servers listen.
    pub(crate) async fn start(command: Command) -> anyhow::Result<Self> {
        let mut process = JavaProcess::spawn(command)?;
        let ready = timeout(START_TIMEOUT, ready_line(&mut process)).await;
        let ports = match ready {
            Ok(line) => parse(&line?)?,
            Err(_elapsed) => {
                bail!("the Java server did not listen within {START_TIMEOUT:?}\n{}", process.complaint())
            }
        };
        Ok(Self { process, ports })
    }

    /// Returns the address of a server.
    pub(crate) fn addr(&self, name: &str) -> anyhow::Result<SocketAddr> {
        let port = self.ports.get(name).with_context(|| format!("no port of {name} in the READY line"))?;
        Ok((Ipv4Addr::LOCALHOST, *port).into())
    }

    pub(crate) async fn end(mut self) {
        self.process.end().await;
    }
}

/// A running `ServerDriver`.
pub(crate) struct JavaServer {
    process: ServerProcess,
    addrs: ServerAddrs,
}

impl JavaServer {
    /// Starts the driver and waits until its servers listen.
    pub(crate) async fn start(drivers: &Drivers) -> anyhow::Result<Self> {
        let process = ServerProcess::start(drivers.command("server.ServerDriver")).await?;
        let addrs = ServerAddrs {
            main: process.addr("main")?,
            idle: process.addr("idle")?,
            drain: process.addr("drain")?,
        };
        Ok(Self { process, addrs })
    }

    pub(crate) const fn addrs(&self) -> &ServerAddrs {
        &self.addrs
    }

    pub(crate) async fn end(self) {
        self.process.end().await;
    }
}

async fn ready_line(process: &mut JavaProcess) -> anyhow::Result<String> {
    while let Some(line) = process.line().await? {
        if let Some(ports) = line.strip_prefix("READY ") {
            return Ok(ports.to_owned());
        }
    }
    bail!("the Java server ended at once\n{}", process.complaint())
}

/// Reads `NAME=PORT NAME=PORT …`.
fn parse(line: &str) -> anyhow::Result<HashMap<String, u16>> {
    let ports = line.split(' ').map(|pair| {
        let (name, port) = pair.split_once('=')?;
        Some((name.to_owned(), port.parse().ok()?))
    });
    ports.collect::<Option<_>>().with_context(|| format!("READY line {line:?}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ready_line_names_each_server_with_its_port() {
        let ports = parse("main=1 idle=65535").unwrap();
        assert_eq!((ports.len(), ports["main"], ports["idle"]), (2, 1, 65_535));
        for broken in ["", "main", "main=", "main=65536", "main=1 "] {
            assert!(parse(broken).is_err(), "{broken:?}");
        }
    }
}
