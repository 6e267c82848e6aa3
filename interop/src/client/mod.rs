//! Our client, running the cases against a server that serves the contract.

mod answers;
mod bodies;
mod calls;
mod cases;
mod event_log;
mod fields;
mod go_away;
mod hooks;
mod idle;
mod peer;
mod pushes;
mod signed;
mod typed;

use std::net::SocketAddr;

use remoting::protocol::SerializeType;

pub(super) use self::cases::{Cases, Missing, NotApplicable};
use self::go_away::GoAway;
use self::peer::Peer;
use super::outcome::CaseResult;
use crate::contract::ServerAddrs;

/// Each header encoding, with its suffix in case names.
pub(super) const ENCODINGS: [(SerializeType, &str); 2] =
    [(SerializeType::Json, "json"), (SerializeType::RocketMq, "rocketmq")];

/// Runs all cases whose names contain `only`.
pub(super) async fn run(
    servers: &ServerAddrs,
    forwarder: SocketAddr,
    only: &str,
) -> anyhow::Result<Vec<CaseResult>> {
    let mut cases = Cases::new(only);
    let peer = Peer::new(servers.main)?;
    calls::run(&mut cases, &peer).await;
    bodies::run(&mut cases, &peer).await;
    fields::run(&mut cases, &peer).await;
    answers::run(&mut cases, &peer).await;
    hooks::run(&mut cases, servers.main).await;
    signed::run(&mut cases, servers.main).await;
    typed::run(&mut cases, &peer).await;
    pushes::run(&mut cases, &peer).await;
    peer.end().await;
    idle::run(&mut cases, servers).await;
    go_away::run(&mut cases, GoAway::new(servers.drain, forwarder)).await;
    Ok(cases.into_results())
}
