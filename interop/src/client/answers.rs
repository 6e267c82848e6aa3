//! Responses that the remoting layer sends itself.

use anyhow::ensure;
use remoting::protocol::{ResponseCode, SerializeType};
use tokio::task::JoinSet;

use super::ENCODINGS;
use super::cases::Cases;
use super::peer::{Peer, expect_answer, request};
use crate::contract::{FAIL, FAILURE, NARROW, OVERLOAD_REMARK, REJECT_REMARK, REJECTED, UNSUPPORTED};

pub(super) async fn run(cases: &mut Cases<'_>, peer: &Peer) {
    for (encoding, suffix) in ENCODINGS {
        cases.run(format!("unsupported-code/{suffix}"), unsupported(peer, encoding)).await;
        cases.run(format!("reject/{suffix}"), reject(peer, encoding)).await;
        cases.run(format!("overload/{suffix}"), overload(peer, encoding)).await;
        cases.run(format!("processor-fails/{suffix}"), processor_fails(peer, encoding)).await;
    }
}

async fn unsupported(peer: &Peer, encoding: SerializeType) -> anyhow::Result<()> {
    let response = peer.invoke(request(UNSUPPORTED, encoding)).await?;
    let remark = format!(" request type {} not supported", UNSUPPORTED.0);
    expect_answer(&response, ResponseCode::REQUEST_CODE_NOT_SUPPORTED, &remark)
}

async fn reject(peer: &Peer, encoding: SerializeType) -> anyhow::Result<()> {
    let response = peer.invoke(request(REJECTED, encoding)).await?;
    expect_answer(&response, ResponseCode::SYSTEM_BUSY, REJECT_REMARK)
}

/// One request runs and one waits: of eight concurrent requests two succeed, and the others get the overload
/// response. Java serves only one if its idle thread is slow to take it out of the queue.
async fn overload(peer: &Peer, encoding: SerializeType) -> anyhow::Result<()> {
    let mut calls = JoinSet::new();
    for _ in 0..8 {
        let peer = peer.clone();
        calls.spawn(async move { peer.invoke(request(NARROW, encoding)).await });
    }
    let mut served = 0;
    while let Some(call) = calls.join_next().await {
        let response = call??;
        if response.response_code() == ResponseCode::SUCCESS {
            served += 1;
        } else {
            expect_answer(&response, ResponseCode::SYSTEM_BUSY, OVERLOAD_REMARK)?;
        }
    }
    ensure!(served == 1 || served == 2, "requests served of eight: expected 1 or 2, got {served}");
    Ok(())
}

async fn processor_fails(peer: &Peer, encoding: SerializeType) -> anyhow::Result<()> {
    let response = peer.invoke(request(FAIL, encoding)).await?;
    ensure!(
        response.response_code() == ResponseCode::SYSTEM_ERROR
            && response.remark().is_some_and(|remark| remark.contains(FAILURE)),
        "expected SYSTEM_ERROR with a remark that tells {FAILURE:?}, got {} with remark {:?}",
        response.response_code(),
        response.remark()
    );
    Ok(())
}
