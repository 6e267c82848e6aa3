//! A channel whose peer has closed its side closes when its last request is done.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says so when it fails")]

mod deadline;

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use deadline::until;
use remoting_transport::{
    Bootstrap, Channel, ChannelOptions, CloseInitiator, Connection, InboundSink, SinkContext,
    protocol::{FrameEncoder, RemotingCommand, RequestCode, bytes::BytesMut},
};
use tokio::io::{AsyncWriteExt, DuplexStream};

/// A sink that counts requests as in flight until the test finishes them.
#[derive(Clone, Default)]
struct Busy {
    in_flight: Arc<AtomicUsize>,
    turns: Arc<AtomicUsize>,
}

impl InboundSink for Busy {
    fn command(&mut self, _: &mut SinkContext<'_>, _: RemotingCommand) {
        self.in_flight.fetch_add(1, Ordering::Relaxed);
    }
    fn in_flight(&self) -> usize {
        self.in_flight.load(Ordering::Relaxed)
    }
    fn next_deadline(&mut self) -> Option<Instant> {
        self.turns.fetch_add(1, Ordering::Relaxed);
        None
    }
}

/// Opens a channel that has received one request, with a close time-out of an hour.
async fn busy_channel() -> (Busy, Channel, DuplexStream) {
    let options = ChannelOptions::new().close_timeout(Duration::from_secs(3600));
    let (ours, mut peer) = tokio::io::duplex(1024);
    let connection = Connection::new(ours, "memory:ours".parse().unwrap(), "memory:theirs".parse().unwrap());
    let (busy, opened) = (Busy::default(), Bootstrap::new(options).open(connection).unwrap());
    let channel = opened.channel().clone();
    tokio::spawn(opened.drive(busy.clone()));
    let mut frame = BytesMut::new();
    FrameEncoder::default().encode(&RemotingCommand::request(RequestCode(1)), &mut frame).unwrap();
    peer.write_all(&frame).await.unwrap();
    until(|| busy.in_flight() > 0).await;
    (busy, channel, peer)
}

/// Lets the channel's task run, until no task can run any more while time is paused.
async fn settle() {
    tokio::time::sleep(Duration::from_millis(1)).await;
}

#[tokio::test(start_paused = true)]
async fn a_closing_channel_closes_when_its_last_request_is_done() {
    let (busy, channel, mut peer) = busy_channel().await;
    peer.shutdown().await.unwrap();
    settle().await;
    assert!(channel.is_open());
    busy.in_flight.store(0, Ordering::Relaxed);
    channel.waker().wake_if_closing();
    let ended = tokio::time::timeout(Duration::from_millis(1), channel.closed()).await;
    assert_eq!(ended.unwrap().by(), CloseInitiator::Peer);
}

#[tokio::test(start_paused = true)]
async fn a_channel_that_is_not_closing_is_not_woken() {
    let (busy, channel, _peer) = busy_channel().await;
    let turns = busy.turns.load(Ordering::Relaxed);
    busy.in_flight.store(0, Ordering::Relaxed);
    channel.waker().wake_if_closing();
    settle().await;
    assert_eq!(busy.turns.load(Ordering::Relaxed), turns);
    channel.waker().wake();
    settle().await;
    assert_eq!(busy.turns.load(Ordering::Relaxed), turns + 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_that_finishes_while_the_peer_closes_is_not_missed() {
    for _ in 0..500 {
        let (busy, channel, mut peer) = busy_channel().await;
        let finishing = {
            let channel = channel.clone();
            tokio::spawn(async move {
                busy.in_flight.store(0, Ordering::Relaxed);
                channel.waker().wake_if_closing();
            })
        };
        peer.shutdown().await.unwrap();
        finishing.await.unwrap();
        let ended = tokio::time::timeout(Duration::from_secs(60), channel.closed()).await;
        assert!(ended.is_ok(), "the channel waits for its close time-out, an hour");
    }
}
