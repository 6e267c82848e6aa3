//! The server calls its client back over the client's own channel.

use std::time::Duration;

use anyhow::ensure;
use remoting::rpc::transport::protocol::SerializeType;
use tokio::time::sleep;

use super::ENCODINGS;
use super::bodies::pattern;
use super::cases::Cases;
use super::peer::{Peer, expect_field, request};
use crate::interop::contract::{PUSH, PUSH_ONEWAY, PUSH_UNSUPPORTED, UNSUPPORTED};

pub(super) async fn run(cases: &mut Cases<'_>, peer: &Peer) {
    for (encoding, suffix) in ENCODINGS {
        cases.run(format!("push/{suffix}"), push(peer, encoding)).await;
        cases.run(format!("push-oneway/{suffix}"), oneway(peer, encoding)).await;
    }
    cases.run("push-unsupported", unsupported(peer)).await;
}

async fn push(peer: &Peer, encoding: SerializeType) -> anyhow::Result<()> {
    let body = pattern(70_000);
    let response =
        peer.success(request(PUSH, encoding).with_ext_field("k", "v")?.with_body(body.clone())).await?;
    ensure!(
        response.remark() == Some("pushed"),
        "the client's answer came back with remark {:?}",
        response.remark()
    );
    expect_field(&response, "by", "client")?;
    expect_field(&response, "k", "v")?;
    ensure!(response.body() == &body, "the body that came back is another one");
    Ok(())
}

async fn oneway(peer: &Peer, encoding: SerializeType) -> anyhow::Result<()> {
    let before = peer.notified();
    peer.success(request(PUSH_ONEWAY, encoding).with_ext_field("count", "5")?).await?;
    for _ in 0..100 {
        if peer.notified() >= before + 5 {
            break;
        }
        sleep(Duration::from_millis(20)).await;
    }
    let arrived = peer.notified() - before;
    ensure!(arrived == 5, "of 5 one-way pushes arrived {arrived}");
    Ok(())
}

async fn unsupported(peer: &Peer) -> anyhow::Result<()> {
    let response = peer.success(request(PUSH_UNSUPPORTED, SerializeType::Json)).await?;
    expect_field(&response, "code", "3")?;
    expect_field(&response, "remark", &format!(" request type {} not supported", UNSUPPORTED.0))
}
