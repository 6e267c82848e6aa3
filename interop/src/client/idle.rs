//! The side with the shorter idle time closes an idle channel; the next call opens another.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context, ensure};
use remoting::ClientConfig;
use remoting::protocol::SerializeType;
use remoting::transport::ChannelEventKind;

use super::cases::Cases;
use super::peer::{Peer, own_address, request};
use crate::contract::EVENTS;
use crate::contract::ServerAddrs;

/// Much longer than the second after which the other side closes.
const PATIENCE: Duration = Duration::from_secs(8);

pub(super) async fn run(cases: &mut Cases<'_>, servers: &ServerAddrs) {
    cases.run("idle-server-closes", server_closes(servers.idle)).await;
    cases.run("idle-client-closes", client_closes(servers.main)).await;
}

async fn server_closes(server: SocketAddr) -> anyhow::Result<()> {
    let peer = Peer::new(server)?;
    let first = own_address(&peer).await?;
    let closed = peer.events.wait_for(|kind| matches!(kind, ChannelEventKind::Close(_)), PATIENCE).await;
    ensure!(closed, "the client saw no CLOSE within {PATIENCE:?}");
    ensure!(own_address(&peer).await? != first, "the second call came over the same connection {first}");
    let events = peer.success(request(EVENTS, SerializeType::Json)).await?;
    let idle: usize = events.ext_field("idle").context("ext field idle")?.parse()?;
    ensure!(idle > 0, "the server reported no IDLE");
    peer.end().await;
    Ok(())
}

async fn client_closes(server: SocketAddr) -> anyhow::Result<()> {
    let peer = Peer::with_config(server, ClientConfig::new().max_idle(Duration::from_secs(1)))?;
    let first = own_address(&peer).await?;
    let idle = peer.events.wait_for(|kind| matches!(kind, ChannelEventKind::Idle(_)), PATIENCE).await;
    ensure!(idle, "the client reported no IDLE within {PATIENCE:?}");
    ensure!(own_address(&peer).await? != first, "the second call came over the same connection {first}");
    peer.end().await;
    Ok(())
}
