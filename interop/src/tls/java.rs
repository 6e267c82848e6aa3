//! Java's server and client.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, anyhow};

use super::certificates::Identity;
use super::sides::{CallFailed, ClientSide, ServerSide};
use crate::java::{Conversation, Drivers};

/// A little less than the time-out of the Java client's calls.
const ALMOST_TIMEOUT: Duration = Duration::from_millis(4900);

/// A `TlsServerDriver`.
pub(super) struct JavaServer {
    driver: Conversation,
    executes_what_it_refuses: bool,
}

impl JavaServer {
    pub(super) fn spawn(drivers: &Drivers) -> anyhow::Result<Self> {
        let driver = Conversation::start(drivers, "tls.TlsServerDriver")?;
        // Mended by apache/rocketmq#10110.
        Ok(Self { driver, executes_what_it_refuses: drivers.is_older_than(5, 5) })
    }

    pub(super) async fn end(mut self) {
        self.driver.end().await;
    }

    async fn ask(&mut self, line: &str) -> anyhow::Result<String> {
        self.driver.ask(line).await?.map_err(|why| anyhow!("the Java server, told {line:?}: {why}"))
    }
}

impl ServerSide for JavaServer {
    fn executes_what_it_refuses(&self) -> bool {
        self.executes_what_it_refuses
    }

    async fn start(&mut self, mode: &'static str, properties: &Path) -> anyhow::Result<SocketAddr> {
        let port = self.ask(&format!("START {mode} {}", properties.display())).await?;
        Ok((Ipv4Addr::LOCALHOST, port.parse::<u16>().with_context(|| format!("port {port:?}"))?).into())
    }

    async fn reload(&mut self) -> anyhow::Result<()> {
        self.ask("RELOAD").await.map(drop)
    }

    async fn executed(&mut self) -> anyhow::Result<usize> {
        let count = self.ask("COUNT").await?;
        count.parse().with_context(|| format!("count {count:?}"))
    }

    async fn stop(&mut self) -> anyhow::Result<()> {
        self.ask("STOP").await.map(drop)
    }
}

/// A `TlsClientDriver`.
pub(super) struct JavaClients {
    driver: Conversation,
    knows_pkcs12_encryption_only: bool,
}

impl JavaClients {
    pub(super) fn spawn(drivers: &Drivers) -> anyhow::Result<Self> {
        let driver = Conversation::start(drivers, "tls.TlsClientDriver")?;
        Ok(Self { driver, knows_pkcs12_encryption_only: drivers.is_older_than(5, 0) })
    }

    pub(super) async fn end(mut self) {
        self.driver.end().await;
    }
}

impl ClientSide for JavaClients {
    const VERIFIES_HOST_NAMES: bool = false;
    const SHOWS_ANY_CERTIFICATE: bool = false;

    fn cannot_have(&self, identity: Identity) -> Option<&'static str> {
        (self.knows_pkcs12_encryption_only && identity == Identity::EncryptedClient)
            .then_some("the Netty of 4.9 reads no key that is encrypted like this (PBES2)")
    }

    async fn open(&mut self, name: &'static str, tls: bool, properties: &Path) -> anyhow::Result<()> {
        let line = format!("OPEN {name} {} {}", if tls { "tls" } else { "plain" }, properties.display());
        self.driver.ask(&line).await?.map_err(|why| anyhow!("the Java client, told {line:?}: {why}"))?;
        Ok(())
    }

    async fn call(&mut self, name: &'static str, addr: SocketAddr) -> anyhow::Result<Result<(), CallFailed>> {
        let begin = Instant::now();
        let answer = self.driver.ask(&format!("CALL {name} {addr}")).await?;
        // The exception does not tell: a call that the end of its connection has ended may be a RemotingTimeoutException,
        // thrown at once.
        let timed_out = begin.elapsed() >= ALMOST_TIMEOUT;
        Ok(answer.map(drop).map_err(|why| CallFailed { timed_out, why }))
    }
}
