//! Bodies of all sizes, checked by digest on both sides.

use std::time::Duration;

use anyhow::{anyhow, ensure};
use remoting::RpcError;
use remoting::protocol::SerializeType;
use tokio::task::JoinSet;

use super::ENCODINGS;
use super::cases::Cases;
use super::peer::{Peer, expect_field, own_address, request};
use crate::contract::DIGEST;
use crate::digest::sha256;

const SIZES: [(&str, usize); 6] =
    [("0", 0), ("1", 1), ("1KiB", 1 << 10), ("64KiB", 64 << 10), ("1MiB", 1 << 20), ("4MiB", 4 << 20)];

pub(super) async fn run(cases: &mut Cases<'_>, peer: &Peer) {
    for (encoding, suffix) in ENCODINGS {
        for (name, size) in SIZES {
            cases.run(format!("body-{name}/{suffix}"), digest(peer, encoding, size)).await;
        }
    }
    cases.run("bodies-16x1MiB-at-once", concurrent(peer)).await;
    cases.run("bodies-2000-mixed", mixed(peer)).await;
    cases.run("frame-too-long", too_long(peer)).await;
}

/// More than any buffer holds, in both directions at once: neither side may wait for the other to read first.
async fn concurrent(peer: &Peer) -> anyhow::Result<()> {
    let mut calls = JoinSet::new();
    for number in 0..16 {
        let peer = peer.clone();
        calls.spawn(async move { digest(&peer, SerializeType::Json, (1 << 20) + number).await });
    }
    while let Some(call) = calls.join_next().await {
        call??;
    }
    Ok(())
}

/// Back-to-back frames of many lengths in both encodings, so that reads split them at many positions.
async fn mixed(peer: &Peer) -> anyhow::Result<()> {
    let mut callers = JoinSet::new();
    for caller in 0..40 {
        let peer = peer.clone();
        callers.spawn(async move {
            for call in 0..50 {
                let (encoding, _) = ENCODINGS[call % 2];
                digest(&peer, encoding, (caller * 7919 + call * 4001) % 40_000).await?;
            }
            anyhow::Ok(())
        });
    }
    while let Some(caller) = callers.join_next().await {
        caller??;
    }
    Ok(())
}

/// A Java server would close the connection on such a frame: our client does not send it, and the connection stays open.
async fn too_long(peer: &Peer) -> anyhow::Result<()> {
    let before = own_address(peer).await?;
    let long = request(DIGEST, SerializeType::Json).with_body(vec![0; 17 << 20]);
    match peer.invoke(long).await {
        Err(error @ RpcError::Encode { .. }) => ensure!(!error.may_have_been_sent(), "some of it was sent"),
        other => return Err(anyhow!("expected the encoder's refusal, got {other:?}")),
    }
    let after = own_address(peer).await?;
    ensure!(before == after, "the connection was replaced: {before} by {after}");
    Ok(())
}

async fn digest(peer: &Peer, encoding: SerializeType, size: usize) -> anyhow::Result<()> {
    let body = pattern(size);
    let response = peer
        .invoke_within(request(DIGEST, encoding).with_body(body.clone()), Duration::from_secs(10))
        .await?;
    ensure!(response.code() == 0, "code {}, remark {:?}", response.code(), response.remark());
    expect_field(&response, "length", &size.to_string())?;
    expect_field(&response, "sha256", &sha256(&body))?;
    ensure!(sha256(response.body()) == sha256(&body), "the returned body differs");
    Ok(())
}

/// Returns bytes without a short period, so that a shifted or repeated piece is detected.
pub(super) fn pattern(size: usize) -> Vec<u8> {
    let mut state = 0x9e37_79b9_u32;
    std::iter::repeat_with(|| {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        state.to_le_bytes()[0]
    })
    .take(size)
    .collect()
}
