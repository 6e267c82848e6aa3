//! A peer that does not read: senders wait, nothing is dropped, and memory stays bounded.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says so when it fails")]

mod support;

use std::{
    io,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll},
    time::Duration,
};

use remoting_transport::{
    Bootstrap, ChannelOptions, CloseInitiator, CloseReason, Connection, TrySendError, WaterMark,
    protocol::{FrameDecoder, FrameLimits, RemotingCommand, RequestCode},
};
use support::{Deliver, plain};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, DuplexStream, ReadBuf};

/// Opens a channel on one end of a pipe that holds `capacity` bytes, and returns the other end.
fn pipe(capacity: usize, bootstrap: &Bootstrap) -> (remoting_transport::Channel, DuplexStream) {
    let (ours, theirs) = tokio::io::duplex(capacity);
    let (sink, _commands) = Deliver::new();
    let connection = Connection::new(ours, "memory:ours".parse().unwrap(), "memory:theirs".parse().unwrap());
    let opened = bootstrap.open(connection).unwrap();
    let channel = opened.channel().clone();
    tokio::spawn(opened.drive(sink));
    (channel, theirs)
}

fn small_marks() -> Bootstrap {
    let options = ChannelOptions::new().water_mark(WaterMark::new(500, 1_000).unwrap());
    Bootstrap::new(options)
}

fn request(code: i32) -> RemotingCommand {
    RemotingCommand::request(RequestCode(code)).with_body(vec![0; 136])
}

/// Reads commands from the stream of the peer, and checks their codes and order.
async fn expect_codes(peer: &mut DuplexStream, codes: impl IntoIterator<Item = i32>) {
    let decoder = FrameDecoder::new(FrameLimits::default());
    let mut bytes = bytes::BytesMut::new();
    for code in codes {
        let command = loop {
            if let Some(command) = decoder.decode(&mut bytes).unwrap() {
                break command;
            }
            assert!(peer.read_buf(&mut bytes).await.unwrap() > 0, "end of stream instead of {code}");
        };
        assert_eq!(command.code(), code);
    }
}

#[tokio::test(start_paused = true)]
async fn senders_wait_in_order_and_nothing_is_dropped() {
    let (channel, mut peer) = pipe(64, &small_marks());
    let senders: Vec<_> = (0..200)
        .map(|code| {
            let channel = channel.clone();
            tokio::spawn(async move { channel.send(request(code)).await.unwrap() })
        })
        .collect();
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert!(channel.pending_bytes() <= 1_200, "{}", channel.pending_bytes());
    assert!(!channel.is_writable());
    assert!(matches!(channel.try_send(request(999)), Err(TrySendError::Full { .. })));

    expect_codes(&mut peer, 0..200).await;
    for sender in senders {
        sender.await.unwrap();
    }
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert!(channel.is_writable());
    assert_eq!(channel.pending_bytes(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_dropped_sender_releases_its_capacity() {
    let (channel, _peer) = pipe(64, &small_marks());
    while channel.try_send(request(1)).is_ok() {}
    tokio::task::yield_now().await;
    let pending = channel.pending_bytes();
    assert!(tokio::time::timeout(Duration::from_secs(1), channel.send(request(2))).await.is_err());
    assert_eq!(channel.pending_bytes(), pending);
}

#[tokio::test(start_paused = true)]
async fn a_sender_that_gives_up_makes_the_channel_writable_again() {
    let (channel, mut peer) = pipe(64, &small_marks());
    for _ in 0..4 {
        channel.try_send(request(1)).unwrap();
    }
    // This sender takes the remaining capacity and waits for more.
    let large = tokio::spawn({
        let channel = channel.clone();
        async move { channel.send(request(2).with_body(vec![0; 5_000])).await }
    });
    tokio::task::yield_now().await;
    expect_codes(&mut peer, [1, 1, 1]).await;
    large.abort();
    assert!(large.await.is_err());
    tokio::task::yield_now().await;
    assert!(channel.is_writable());
}

#[tokio::test(start_paused = true)]
async fn a_command_larger_than_the_high_water_mark_is_written() {
    let (channel, mut peer) = pipe(64, &small_marks());
    let sender = tokio::spawn({
        let channel = channel.clone();
        async move { channel.send(request(1).with_body(vec![7; 50_000])).await.unwrap() }
    });
    let mut bytes = vec![0; 50_000];
    peer.read_exact(&mut bytes).await.unwrap();
    sender.await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn waiting_senders_fail_with_the_reason_of_the_close() {
    let (channel, peer) = pipe(64, &small_marks());
    while channel.try_send(request(1)).is_ok() {}
    let sender = tokio::spawn({
        let channel = channel.clone();
        async move { channel.send(request(2)).await.unwrap_err() }
    });
    tokio::task::yield_now().await;
    drop(peer);
    let error = sender.await.unwrap();
    assert_eq!(error.command.code(), 2);
    assert!(error.to_string().contains("memory:theirs"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn a_channel_with_a_stalled_peer_closes_at_its_close_time_out() {
    let (channel, _peer) = pipe(64, &small_marks());
    while channel.try_send(request(1)).is_ok() {}
    tokio::task::yield_now().await;
    let started = tokio::time::Instant::now();
    channel.close(CloseReason::local("no more"));
    assert_eq!(channel.closed().await, CloseReason::local("no more"));
    assert_eq!(started.elapsed().as_secs(), 3);
}

#[tokio::test(start_paused = true)]
async fn a_close_writes_the_queued_commands() {
    let (channel, mut peer) = pipe(64, &plain());
    for code in 0..50 {
        channel.try_send(request(code)).unwrap();
    }
    channel.close(CloseReason::local("done"));
    let mut bytes = Vec::new();
    peer.read_to_end(&mut bytes).await.unwrap();
    let decoder = FrameDecoder::new(FrameLimits::default());
    let mut bytes = bytes::BytesMut::from(&bytes[..]);
    for code in 0..50 {
        assert_eq!(decoder.decode(&mut bytes).unwrap().unwrap().code(), code);
    }
}

#[tokio::test(start_paused = true)]
async fn a_broken_peer_closes_the_channel_with_the_reason() {
    let (channel, mut peer) = pipe(64, &plain());
    peer.write_all(&[0, 0, 0]).await.unwrap();
    drop(peer);
    let reason = channel.closed().await;
    assert_eq!(reason.by(), CloseInitiator::Peer);
    assert!(reason.why().contains("middle of a frame"), "{reason}");
}

/// A stream that counts its reads.
struct Counted {
    io: DuplexStream,
    reads: Arc<AtomicUsize>,
}

impl AsyncRead for Counted {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.reads.fetch_add(1, Ordering::SeqCst);
        Pin::new(&mut self.io).poll_read(cx, into)
    }
}

impl AsyncWrite for Counted {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, from: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.io).poll_write(cx, from)
    }
    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_flush(cx)
    }
    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_shutdown(cx)
    }
}

#[tokio::test(start_paused = true)]
async fn a_quiet_channel_sleeps() {
    let (ours, mut peer) = tokio::io::duplex(1024);
    let reads = Arc::default();
    let counted = Counted { io: ours, reads: Arc::clone(&reads) };
    let (sink, mut commands) = Deliver::new();
    let connection = Connection::new(
        remoting_transport::Stream::boxed(counted),
        "memory:ours".parse().unwrap(),
        "memory:theirs".parse().unwrap(),
    );
    tokio::spawn(plain().open(connection).unwrap().drive(sink));
    let mut frame = bytes::BytesMut::new();
    remoting_transport::protocol::FrameEncoder::default().encode(&request(1), &mut frame).unwrap();
    peer.write_all(&frame).await.unwrap();
    commands.recv().await.unwrap();

    tokio::time::sleep(Duration::from_secs(3600)).await;
    let reads = reads.load(Ordering::SeqCst);
    assert!(reads < 20, "{reads} reads in an hour without data");
}

#[tokio::test(start_paused = true)]
async fn commands_pending_at_a_stalled_peer_survive_the_release_of_buffers() {
    let (channel, mut peer) = pipe(64, &small_marks());
    let senders: Vec<_> = (0..20)
        .map(|code| {
            let channel = channel.clone();
            tokio::spawn(async move { channel.send(request(code)).await.unwrap() })
        })
        .collect();
    tokio::time::sleep(Duration::from_secs(30)).await;
    expect_codes(&mut peer, 0..20).await;
    for sender in senders {
        sender.await.unwrap();
    }
}
