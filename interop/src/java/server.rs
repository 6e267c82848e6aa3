//! The Java servers.

use std::collections::HashMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use anyhow::{Context, bail};
use tokio::time::timeout;

use super::Drivers;
use super::process::JavaProcess;
use crate::contract::ServerAddrs;

const START_TIMEOUT: Duration = Duration::from_secs(60);

/// A running `ServerDriver`.
pub(crate) struct JavaServer {
    process: JavaProcess,
    addrs: ServerAddrs,
}

impl JavaServer {
    /// Starts the driver and waits until its servers listen.
    pub(crate) async fn start(drivers: &Drivers) -> anyhow::Result<Self> {
        let mut process = JavaProcess::spawn(drivers.command("server.ServerDriver"))?;
        let ready = timeout(START_TIMEOUT, ready_line(&mut process)).await;
        let addrs = match ready {
            Ok(line) => parse(&line?)?,
            Err(_elapsed) => {
                bail!("the Java server did not listen within {START_TIMEOUT:?}\n{}", process.complaint())
            }
        };
        Ok(Self { process, addrs })
    }

    pub(crate) const fn addrs(&self) -> &ServerAddrs {
        &self.addrs
    }

    pub(crate) async fn end(mut self) {
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

/// Reads `main=PORT idle=PORT drain=PORT`.
fn parse(line: &str) -> anyhow::Result<ServerAddrs> {
    let ports: HashMap<&str, &str> = line.split(' ').filter_map(|pair| pair.split_once('=')).collect();
    let addr = |name: &str| -> anyhow::Result<SocketAddr> {
        let port = ports.get(name).with_context(|| format!("no {name} in READY line {line:?}"))?;
        Ok((Ipv4Addr::LOCALHOST, port.parse::<u16>().with_context(|| format!("port in {line:?}"))?).into())
    };
    Ok(ServerAddrs { main: addr("main")?, idle: addr("idle")?, drain: addr("drain")? })
}
