//! An aborted channel closes at once and returns its unwritten commands.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says so when it fails")]

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use remoting_transport::{
    Bootstrap, Channel, ChannelHandler, ChannelOptions, ChannelPipeline, CloseReason, Connection,
    HandlerContext, InboundSink, SinkContext, TrySendError, WaterMark,
    protocol::{RemotingCommand, RequestCode, ResponseCode},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, DuplexStream},
    task::JoinHandle,
};

/// A sink that records its calls.
#[derive(Clone, Default)]
struct Record(Arc<Mutex<Vec<String>>>);

impl Record {
    fn push(&self, what: impl Into<String>) {
        self.0.lock().unwrap().push(what.into());
    }

    fn all(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }
}

impl InboundSink for Record {
    fn command(&mut self, _: &mut SinkContext<'_>, _: RemotingCommand) {}

    fn unsent(&mut self, _: &Channel, command: RemotingCommand) {
        self.push(format!("unsent {}", command.code()));
    }

    fn read_closed(&mut self, _: &mut SinkContext<'_>, _: &CloseReason) {
        self.push("read_closed");
    }

    fn inactive(&mut self, _: &Channel, _: &CloseReason) {
        self.push("inactive");
    }
}

struct Opened {
    channel: Channel,
    record: Record,
    driver: JoinHandle<CloseReason>,
    peer: DuplexStream,
}

/// Opens a channel whose peer buffers 64 bytes and does not read.
fn open() -> Opened {
    let options = ChannelOptions::new()
        .water_mark(WaterMark::new(500, 1_000).unwrap())
        .close_timeout(Duration::from_secs(3600));
    let (ours, peer) = tokio::io::duplex(64);
    let connection = Connection::new(ours, "memory:ours".parse().unwrap(), "memory:theirs".parse().unwrap());
    let (record, opened) = (Record::default(), Bootstrap::new(options).open(connection).unwrap());
    let channel = opened.channel().clone();
    let driver = tokio::spawn(opened.drive(record.clone()));
    Opened { channel, record, driver, peer }
}

fn request(code: i32) -> RemotingCommand {
    RemotingCommand::request(RequestCode(code)).with_body(vec![0; 136])
}

async fn settle() {
    tokio::time::sleep(Duration::from_millis(1)).await;
}

const ABORTED: CloseReason = CloseReason::local("aborted");

#[tokio::test(start_paused = true)]
async fn an_aborted_channel_closes_at_once_and_returns_its_unwritten_commands() {
    let Opened { channel, record, driver, mut peer } = open();
    channel.try_send(request(1)).unwrap();
    settle().await;
    // The first command is partly written. These two are not written at all.
    channel.try_send(request(2)).unwrap();
    channel.try_send(request(3)).unwrap();
    let began = tokio::time::Instant::now();
    channel.abort(ABORTED);
    assert!(
        matches!(channel.try_send(request(4)), Err(TrySendError::Closed { reason, .. }) if reason == ABORTED)
    );
    assert_eq!(channel.closed().await, ABORTED);
    assert_eq!(driver.await.unwrap(), ABORTED);
    assert_eq!(began.elapsed(), Duration::ZERO);
    assert_eq!(record.all(), ["unsent 2", "unsent 3", "inactive"]);
    let mut bytes = Vec::new();
    peer.read_to_end(&mut bytes).await.unwrap();
    assert_eq!(bytes.len(), 64, "nothing is written after the abort");
}

#[tokio::test(start_paused = true)]
async fn waiting_senders_fail_when_the_channel_is_aborted() {
    let Opened { channel, peer: _peer, .. } = open();
    while channel.try_send(request(1)).is_ok() {}
    let sender = tokio::spawn({
        let channel = channel.clone();
        async move { channel.send(request(2)).await.unwrap_err() }
    });
    settle().await;
    channel.abort(ABORTED);
    let error = sender.await.unwrap();
    assert_eq!((error.command.code(), error.reason), (2, ABORTED));
}

#[tokio::test(start_paused = true)]
async fn an_abort_ends_an_orderly_close_and_keeps_its_reason() {
    let Opened { channel, driver, peer: _peer, .. } = open();
    channel.try_send(request(1)).unwrap();
    settle().await;
    let began = tokio::time::Instant::now();
    let first = CloseReason::local("first");
    channel.close(first.clone());
    settle().await;
    assert!(channel.is_open());
    channel.abort(ABORTED);
    assert_eq!(driver.await.unwrap(), first);
    assert_eq!(channel.close_reason(), Some(first));
    assert!(began.elapsed() < Duration::from_millis(10));
}

#[tokio::test(start_paused = true)]
async fn an_abort_does_not_wait_for_the_peer_to_close() {
    let Opened { channel, driver, peer: _peer, .. } = open();
    channel.close(CloseReason::local("first"));
    channel.closed().await;
    settle().await;
    assert!(!driver.is_finished(), "the peer has not closed");
    let began = tokio::time::Instant::now();
    channel.abort(ABORTED);
    driver.await.unwrap();
    assert_eq!(began.elapsed(), Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn a_closing_channel_accepts_responses_and_rejects_requests() {
    let Opened { channel, mut peer, .. } = open();
    channel.try_send(request(1)).unwrap();
    settle().await;
    channel.close(CloseReason::local("done"));
    let refused = channel.try_send(request(2)).unwrap_err();
    assert!(matches!(refused, TrySendError::Closed { .. }), "{refused}");
    channel.try_send(RemotingCommand::response(ResponseCode::SUCCESS)).unwrap();
    let pending = channel.pending_bytes();
    assert!(channel.send(request(3)).await.is_err());
    assert_eq!(channel.pending_bytes(), pending, "a rejected command takes no capacity");
    let mut bytes = Vec::new();
    peer.read_to_end(&mut bytes).await.unwrap();
    assert!(bytes.len() > 136 + 64, "the request sent before the close and the response sent after it");
}

#[tokio::test(start_paused = true)]
async fn queued_requests_are_returned_before_read_closed_when_the_peer_closes() {
    let Opened { channel, record, driver, mut peer } = open();
    channel.try_send(request(1)).unwrap();
    settle().await;
    channel.try_send(request(2)).unwrap();
    channel.try_send(RemotingCommand::response(ResponseCode(3))).unwrap();
    peer.shutdown().await.unwrap();
    settle().await;
    drop(peer);
    driver.await.unwrap();
    // The stream fails on the response, because the peer is gone. It may have been written, so it is not returned.
    assert_eq!(record.all().first().map(String::as_str), Some("unsent 2"));
    assert_eq!(record.all().last().map(String::as_str), Some("inactive"));
    assert!(record.all().contains(&"read_closed".to_owned()));
}

#[tokio::test(start_paused = true)]
async fn a_dropped_driver_returns_its_unwritten_commands() {
    let Opened { channel, record, driver, peer: _peer } = open();
    channel.try_send(request(1)).unwrap();
    driver.abort();
    driver.await.unwrap_err();
    assert_eq!(record.all(), ["unsent 1"]);
}

/// A handler that records the time of each call.
#[derive(Clone, Default)]
struct Times(Arc<Mutex<Vec<std::time::Instant>>>);

impl ChannelHandler for Times {
    fn channel_active(&mut self, ctx: &mut HandlerContext<'_>) {
        self.0.lock().unwrap().push(ctx.now());
    }

    fn channel_inactive(&mut self, ctx: &mut HandlerContext<'_>, _: &CloseReason) {
        self.0.lock().unwrap().push(ctx.now());
    }
}

#[tokio::test(start_paused = true)]
async fn a_dropped_driver_notifies_its_handlers_at_the_time_of_a_paused_clock() {
    let times = Times::default();
    let handler = times.clone();
    let bootstrap = Bootstrap::new(ChannelOptions::default()).initializer(
        move |_: &Channel, pipeline: &mut ChannelPipeline| {
            pipeline.add_last("times", handler.clone())?;
            Ok(())
        },
    );
    let (ours, _peer) = tokio::io::duplex(64);
    let connection = Connection::new(ours, "memory:ours".parse().unwrap(), "memory:theirs".parse().unwrap());
    let driver = tokio::spawn(bootstrap.open(connection).unwrap().drive(Record::default()));
    settle().await;
    tokio::time::advance(Duration::from_secs(3600)).await;
    driver.abort();
    driver.await.unwrap_err();
    let times = times.0.lock().unwrap();
    let elapsed = times[1].saturating_duration_since(times[0]);
    assert!(elapsed >= Duration::from_secs(3600), "{elapsed:?}");
}
