//! The server calls its client back over the client's own channel.

use std::time::Duration;

use anyhow::ensure;
use remoting::protocol::{RemotingCommand, RequestCode, SerializeType};
use tokio::task::JoinSet;
use tokio::time::sleep;

use super::ENCODINGS;
use super::bodies::pattern;
use super::cases::Cases;
use super::peer::{Peer, expect_field, request};
use crate::contract::{FAILURE, PUSH, PUSH_ONEWAY, PUSH_TO, PUSHED_FAIL, UNSUPPORTED};

pub(super) async fn run(cases: &mut Cases<'_>, peer: &Peer) {
    for (encoding, suffix) in ENCODINGS {
        cases.run(format!("push/{suffix}"), push(peer, encoding)).await;
        cases.run(format!("push-oneway/{suffix}"), oneway(peer, encoding)).await;
    }
    cases.run("push-concurrent", concurrent(peer)).await;
    cases.run("push-unsupported", unsupported(peer)).await;
    cases.run("push-processor-fails", processor_fails(peer)).await;
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
    ensure!(response.body() == body, "the returned body differs");
    Ok(())
}

async fn oneway(peer: &Peer, encoding: SerializeType) -> anyhow::Result<()> {
    let before = peer.notified();
    peer.success(request(PUSH_ONEWAY, encoding).with_ext_field("count", "5")?).await?;
    for _ in 0..500 {
        if peer.notified() >= before + 5 {
            break;
        }
        sleep(Duration::from_millis(20)).await;
    }
    let arrived = peer.notified() - before;
    ensure!(arrived == 5, "of 5 one-way pushes arrived {arrived}");
    Ok(())
}

/// Calls in both directions cross on one connection. Each side has its own opaques, with equal numbers.
async fn concurrent(peer: &Peer) -> anyhow::Result<()> {
    let mut calls = JoinSet::new();
    for number in 0..32 {
        let (peer, number) = (peer.clone(), number.to_string());
        calls.spawn(async move {
            let push = request(PUSH, SerializeType::Json).with_ext_field("number", &number)?;
            let response = peer.success(push).await?;
            expect_field(&response, "number", &number)?;
            expect_field(&response, "by", "client")
        });
    }
    while let Some(call) = calls.join_next().await {
        call??;
    }
    Ok(())
}

async fn push_to(peer: &Peer, target: RequestCode) -> anyhow::Result<RemotingCommand> {
    peer.success(request(PUSH_TO, SerializeType::Json).with_ext_field("target", &target.0.to_string())?).await
}

async fn unsupported(peer: &Peer) -> anyhow::Result<()> {
    let response = push_to(peer, UNSUPPORTED).await?;
    expect_field(&response, "code", "3")?;
    expect_field(&response, "remark", &format!(" request type {} not supported", UNSUPPORTED.0))
}

async fn processor_fails(peer: &Peer) -> anyhow::Result<()> {
    let response = push_to(peer, PUSHED_FAIL).await?;
    expect_field(&response, "code", "1")?;
    let remark = response.ext_field("remark").unwrap_or_default();
    ensure!(remark.contains(FAILURE), "expected a remark that tells {FAILURE:?}, got {remark:?}");
    Ok(())
}
