//! Our servers, serving the contract.

mod events;
mod hook;
mod processors;
mod pushes;
mod signatures;

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, bail};
use remoting::transport::Address;
use remoting::{RemotingServer, ServerConfig};
use tokio::sync::Notify;
use tokio::task::JoinHandle;

use self::events::EventCounter;
use self::hook::ServerHook;
use crate::contract::ServerAddrs;

/// The three servers that a Java client calls.
pub(super) struct ServersUnderTest {
    addrs: ServerAddrs,
    main: RemotingServer,
    idle: RemotingServer,
    drain: JoinHandle<()>,
    /// Signals the task that owns the draining server to shut it down.
    shut_down: Arc<Notify>,
}

impl ServersUnderTest {
    pub(super) async fn start() -> anyhow::Result<Self> {
        let shut_down = Arc::new(Notify::new());
        let main = start("main", ServerConfig::new(), &shut_down).await?;
        let idle = start("idle", ServerConfig::new().max_idle(Duration::from_secs(1)), &shut_down).await?;
        let graceful = ServerConfig::new().shutdown_gracefully(true).shutdown_wait(Duration::from_secs(5));
        let drain = start("drain", graceful, &shut_down).await?;
        let addrs = ServerAddrs { main: socket(&main)?, idle: socket(&idle)?, drain: socket(&drain)? };
        let told = Arc::clone(&shut_down);
        let drain = tokio::spawn(async move {
            told.notified().await;
            drain.shutdown().await;
        });
        Ok(Self { addrs, main, idle, drain, shut_down })
    }

    pub(super) const fn addrs(&self) -> &ServerAddrs {
        &self.addrs
    }

    pub(super) async fn end(self) {
        self.shut_down.notify_one();
        // Only fails if the task panicked, and then the cases have failed too.
        let _ = self.drain.await;
        self.main.shutdown().await;
        self.idle.shutdown().await;
    }
}

async fn start(
    name: &'static str,
    config: ServerConfig,
    shut_down: &Arc<Notify>,
) -> anyhow::Result<RemotingServer> {
    let events = Arc::new(EventCounter::default());
    let listener = Arc::clone(&events);
    let address = Address::from(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)));
    let builder = RemotingServer::builder()
        .config(config)
        .bind(address)
        .hook(ServerHook)
        .request_pipeline(signatures::check())
        .on_event(move |event| listener.count(&event));
    let builder = processors::register(builder, name, events, Arc::clone(shut_down));
    pushes::register(builder).start().await.with_context(|| format!("starting our server {name:?}"))
}

fn socket(server: &RemotingServer) -> anyhow::Result<SocketAddr> {
    match server.local_addr() {
        Address::Socket(addr) => Ok(*addr),
        other => bail!("our server listens on {other}"),
    }
}
