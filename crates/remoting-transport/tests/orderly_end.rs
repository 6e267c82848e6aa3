//! Data written before an orderly close reaches a peer that reads it.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says so when it fails")]

use std::{task::Poll, time::Duration};

use remoting_transport::{
    Bootstrap, Channel, ChannelOptions, ChannelPipeline, CloseInitiator, CloseReason, Connection,
    IdleStateHandler, InboundSink, SinkContext, Stream,
    protocol::{FrameEncoder, RemotingCommand, RequestCode, ResponseCode, bytes::BytesMut},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, DuplexStream},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

/// A sink that is never ready, so the channel does not read.
struct Full;

impl InboundSink for Full {
    fn poll_ready(&mut self, _: &mut SinkContext<'_>) -> Poll<()> {
        Poll::Pending
    }
    fn command(&mut self, _: &mut SinkContext<'_>, _: RemotingCommand) {}
}

/// A sink that accepts everything.
struct Discard;

impl InboundSink for Discard {
    fn command(&mut self, _: &mut SinkContext<'_>, _: RemotingCommand) {}
}

fn open(
    stream: impl Into<Stream>,
    bootstrap: &Bootstrap,
    sink: impl InboundSink,
) -> (Channel, JoinHandle<CloseReason>) {
    let (ours, theirs) = ("memory:ours".parse().unwrap(), "memory:theirs".parse().unwrap());
    let opened = bootstrap.open(Connection::new(stream, ours, theirs)).unwrap();
    (opened.channel().clone(), tokio::spawn(opened.drive(sink)))
}

fn plain() -> Bootstrap {
    Bootstrap::new(ChannelOptions::default())
}

async fn tcp() -> (TcpStream, TcpStream) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let peer = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
    (listener.accept().await.unwrap().0, peer)
}

fn request() -> BytesMut {
    let mut frame = BytesMut::new();
    FrameEncoder::default().encode(&RemotingCommand::request(RequestCode(1)), &mut frame).unwrap();
    frame
}

const BODY: usize = 1 << 20;

/// Writes a response, and closes the channel while a request is unread.
async fn close_beside_a_request(bootstrap: &Bootstrap, close: impl Fn(&Channel)) -> (CloseReason, Channel) {
    let (ours, mut peer) = tcp().await;
    peer.write_all(&request()).await.unwrap();
    let (channel, driver) = open(ours, bootstrap, Full);
    channel.try_send(RemotingCommand::response(ResponseCode::SUCCESS).with_body(vec![7; BODY])).unwrap();
    close(&channel);
    let mut bytes = Vec::new();
    let read = tokio::time::timeout(Duration::from_secs(60), peer.read_to_end(&mut bytes));
    read.await.expect("the channel ends").expect("the connection is not reset");
    assert!(bytes.len() > BODY, "{} bytes came", bytes.len());
    drop(peer);
    (driver.await.unwrap(), channel)
}

#[tokio::test]
async fn a_response_reaches_a_peer_whose_request_crossed_the_close() {
    let local = CloseReason::local("done");
    let (reason, channel) = close_beside_a_request(&plain(), |channel| channel.close(local.clone())).await;
    assert_eq!(reason, local);
    assert!(channel.is_peer_closed(), "the peer has closed its side");
}

#[tokio::test]
async fn a_response_reaches_a_peer_whose_request_crossed_an_idle_close() {
    let idle = |_: &Channel, pipeline: &mut ChannelPipeline| {
        pipeline.add_last("idle", IdleStateHandler::new(Duration::from_millis(200)))?;
        Ok(())
    };
    let (reason, _) = close_beside_a_request(&plain().initializer(idle), |_| {}).await;
    assert_eq!(reason.by(), CloseInitiator::Idle);
}

/// Returns a channel that is closing, its task, the time of the close, and the stream of the peer.
async fn closed() -> (Channel, JoinHandle<CloseReason>, tokio::time::Instant, DuplexStream) {
    let (ours, peer) = tokio::io::duplex(1024);
    let (channel, driver) = open(ours, &plain(), Discard);
    channel.close(CloseReason::local("done"));
    let began = tokio::time::Instant::now();
    channel.closed().await;
    (channel, driver, began, peer)
}

#[tokio::test(start_paused = true)]
async fn a_peer_that_closes_its_side_ends_the_wait() {
    let (channel, driver, began, mut peer) = closed().await;
    peer.read_to_end(&mut Vec::new()).await.unwrap();
    peer.shutdown().await.unwrap();
    driver.await.unwrap();
    assert_eq!(began.elapsed(), Duration::ZERO);
    assert!(channel.is_peer_closed());
}

#[tokio::test(start_paused = true)]
async fn a_peer_that_does_not_close_is_awaited_for_half_a_second_and_reported() {
    let (channel, driver, began, _peer) = closed().await;
    driver.await.unwrap();
    assert_eq!(began.elapsed(), Duration::from_millis(500));
    assert!(!channel.is_peer_closed());
}

#[tokio::test(start_paused = true)]
async fn a_peer_that_sends_without_end_is_read_for_at_most_half_a_second() {
    let (channel, driver, began, peer) = closed().await;
    let (mut read, mut write) = tokio::io::split(peer);
    let sending = tokio::spawn(async move { while write.write_all(&[0; 512]).await.is_ok() {} });
    read.read_to_end(&mut Vec::new()).await.unwrap();
    driver.await.unwrap();
    assert!(began.elapsed() <= Duration::from_millis(500));
    assert!(!channel.is_peer_closed());
    drop(read);
    tokio::time::timeout(Duration::from_secs(1), sending).await.expect("the stream is closed").unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_channel_whose_close_timed_out_does_not_wait_for_the_peer() {
    let (ours, _peer) = tokio::io::duplex(64);
    let (channel, driver) = open(ours, &plain(), Discard);
    channel.try_send(RemotingCommand::request(RequestCode(1)).with_body(vec![0; 1024])).unwrap();
    channel.close(CloseReason::local("done"));
    let began = tokio::time::Instant::now();
    driver.await.unwrap();
    assert_eq!(began.elapsed(), Duration::from_secs(3));
    assert!(!channel.is_peer_closed());
}

#[tokio::test(start_paused = true)]
async fn the_first_reason_is_kept_when_the_stream_breaks_while_closing() {
    let (ours, peer) = tokio::io::duplex(64);
    let (channel, driver) = open(ours, &plain(), Discard);
    channel.try_send(RemotingCommand::request(RequestCode(1)).with_body(vec![0; 1024])).unwrap();
    let first = CloseReason::local("first");
    channel.close(first.clone());
    tokio::time::sleep(Duration::from_millis(1)).await;
    assert!(channel.is_open());
    drop(peer);
    assert_eq!(driver.await.unwrap(), first);
    assert_eq!(channel.close_reason(), Some(first));
}
