//! The kinds of calls: sync, async, one-way, many at once, and a call with a late response.

use std::time::{Duration, Instant};

use anyhow::{Context, anyhow, ensure};
use remoting::RpcError;
use remoting::protocol::{RemotingCommand, SerializeType};
use tokio::sync::oneshot;
use tokio::task::JoinSet;
use tokio::time::sleep;

use super::ENCODINGS;
use super::cases::Cases;
use super::peer::{Peer, TIMEOUT, expect_field, request};
use crate::contract::{COUNT, COUNTED, ECHO, HANG_UP, LATER, SLEEP};

pub(super) async fn run(cases: &mut Cases<'_>, peer: &Peer) {
    for (encoding, suffix) in ENCODINGS {
        cases.run(format!("sync/{suffix}"), sync(peer, encoding)).await;
        cases.run(format!("async/{suffix}"), callback(peer, encoding)).await;
        cases.run(format!("oneway/{suffix}"), oneway(peer, encoding)).await;
        cases.run(format!("concurrent-64/{suffix}"), concurrent(peer, encoding)).await;
        cases.run(format!("answered-later/{suffix}"), answered_later(peer, encoding)).await;
    }
    cases.run("timeout", late_answer(peer)).await;
    cases.run("server-hangs-up", hangs_up(peer)).await;
}

fn greeting(encoding: SerializeType, text: &str) -> anyhow::Result<RemotingCommand> {
    Ok(request(ECHO, encoding).with_ext_field("text", text)?.with_body(text.to_owned()))
}

fn same(response: &RemotingCommand, text: &str) -> anyhow::Result<()> {
    ensure!(response.code() == 0, "code {}, remark {:?}", response.code(), response.remark());
    ensure!(response.flags().0 == 1, "flag: expected 1, got {}", response.flags().0);
    expect_field(response, "text", text)?;
    ensure!(response.body() == text.as_bytes(), "expected the body of {text:?}, got {:?}", response.body());
    Ok(())
}

async fn sync(peer: &Peer, encoding: SerializeType) -> anyhow::Result<()> {
    same(&peer.invoke(greeting(encoding, "sync")?).await?, "sync")
}

async fn callback(peer: &Peer, encoding: SerializeType) -> anyhow::Result<()> {
    let (answered, answer) = oneshot::channel();
    peer.invoke_with_callback(greeting(encoding, "async")?, |result| {
        // Only fails if this case has timed out.
        let _ = answered.send(result);
    });
    same(&answer.await.context("the callback was never called")??, "async")
}

async fn oneway(peer: &Peer, encoding: SerializeType) -> anyhow::Result<()> {
    let key = format!("rust {encoding:?}");
    for _ in 0..10 {
        peer.oneway(request(COUNT, encoding).with_ext_field("key", &key)?).await?;
    }
    let mut count = None;
    for _ in 0..500 {
        let counted = peer.success(request(COUNTED, encoding).with_ext_field("key", &key)?).await?;
        count = counted.ext_field("count").map(str::to_owned);
        if count.as_deref() == Some("10") {
            return Ok(());
        }
        sleep(Duration::from_millis(20)).await;
    }
    Err(anyhow!("of 10 one-way requests arrived {count:?}"))
}

async fn concurrent(peer: &Peer, encoding: SerializeType) -> anyhow::Result<()> {
    let mut calls = JoinSet::new();
    for number in 0..64 {
        let (peer, text) = (peer.clone(), format!("call {number}"));
        calls.spawn(async move { same(&peer.invoke(greeting(encoding, &text)?).await?, &text) });
    }
    while let Some(call) = calls.join_next().await {
        call??;
    }
    Ok(())
}

/// The response is sent long after the processor has returned; calls made meanwhile do not wait for it.
async fn answered_later(peer: &Peer, encoding: SerializeType) -> anyhow::Result<()> {
    let polling = request(LATER, encoding).with_ext_field("millis", "700")?;
    let waiting = peer.clone();
    let poll = tokio::spawn(async move { waiting.success(polling).await });
    for _ in 0..5 {
        same(&peer.invoke(greeting(encoding, "meanwhile")?).await?, "meanwhile")?;
    }
    ensure!(!poll.is_finished(), "the poll was over before the calls made meanwhile");
    poll.await?.map(drop)
}

/// A call fails when its channel closes, not when its time-out expires.
async fn hangs_up(peer: &Peer) -> anyhow::Result<()> {
    let start = Instant::now();
    let result = peer.invoke(request(HANG_UP, SerializeType::Json)).await;
    let Err(error @ RpcError::ChannelClosed { .. }) = result else {
        return Err(anyhow!("expected the channel's close, got {result:?}"));
    };
    ensure!(error.may_have_been_sent(), "the request counts as not sent");
    ensure!(start.elapsed() < TIMEOUT, "the call failed after {:?}, when its time was over", start.elapsed());
    same(&peer.invoke(greeting(SerializeType::Json, "again")?).await?, "again")
}

async fn late_answer(peer: &Peer) -> anyhow::Result<()> {
    same(&peer.invoke(greeting(SerializeType::Json, "before")?).await?, "before")?;
    let start = Instant::now();
    let slow = request(SLEEP, SerializeType::Json).with_ext_field("millis", "1500")?;
    let Err(error) = peer.invoke_within(slow, Duration::from_millis(300)).await else {
        return Err(anyhow!("a call of 300 ms got the answer of 1500 ms"));
    };
    let took = start.elapsed();
    ensure!(error.is_timeout() && error.may_have_been_sent(), "expected a time-out, got {error}");
    ensure!((250..1300).contains(&took.as_millis()), "timed out after {took:?}, not 300 ms");
    same(&peer.invoke(greeting(SerializeType::Json, "after")?).await?, "after")?;
    // The late response is still in flight.
    sleep(Duration::from_millis(1500)).await;
    same(&peer.invoke(greeting(SerializeType::Json, "later")?).await?, "later")
}
