//! A region that cannot be sent completely closes the channel. Nothing is padded.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says so when it fails")]

mod deadline;
mod region_support;
mod support;

use std::{fs::File, sync::Arc};

use deadline::until;
use parking_lot::Mutex;
use region_support::{bytes, decode, file, open, patient, read_all, region, request, tcp};
use remoting_transport::{
    Bootstrap, ChannelError, ChannelHandler, ChannelPipeline, CloseInitiator, CloseReason, Connection,
    HandlerContext, InboundSink, SinkContext, Stream, UnencodableCommand,
    protocol::{EncodeError, ErrorChain, ExternalBody, RemotingCommand},
};
use support::plain;
use tokio::io::{AsyncRead, AsyncReadExt};

const FILE: usize = 8 << 20;
const LEFT: usize = 3 << 20;

/// A handler that records errors.
#[derive(Clone, Default)]
struct Exceptions(Arc<Mutex<Vec<String>>>);

impl ChannelHandler for Exceptions {
    fn exception_caught(&mut self, _: &mut HandlerContext<'_>, error: &ChannelError) {
        self.0.lock().push(ErrorChain(error).to_string());
    }
}

/// Truncates a file while it is sent to a slow peer.
async fn cut_short(ours: impl Into<Stream>, mut peer: impl AsyncRead + Send + Unpin + 'static) {
    let exceptions = Exceptions::default();
    let handler = exceptions.clone();
    let bootstrap =
        patient().initializer(move |_: &remoting_transport::Channel, pipeline: &mut ChannelPipeline| {
            pipeline.add_last("exceptions", handler.clone())?;
            Ok(())
        });
    let (channel, driver) = open(ours, &bootstrap);
    let driving = tokio::spawn(driver);
    let file = file(FILE);
    channel.send(request(1).with_body("before")).await.unwrap();
    channel.send(request(2).with_body(region(&file, 0, FILE))).await.unwrap();
    channel.send(request(3).with_body("behind")).await.unwrap();
    let mut first = vec![0; 1000];
    peer.read_exact(&mut first).await.unwrap();
    file.set_len(LEFT as u64).unwrap();

    let rest = read_all(peer).await.unwrap();
    let mut all = bytes::BytesMut::from(&first[..]);
    all.extend_from_slice(&rest);
    assert_eq!(decode(&mut all).expect("the command before the region").body(), b"before");
    assert!(decode(&mut all).is_none(), "the frame of the region is incomplete");
    let head = all.len() - LEFT;
    assert!(head < 200, "{head} bytes besides the rest of the file");
    assert!(all[head..] == bytes(0, LEFT));

    let reason = driving.await.unwrap();
    assert_eq!(reason.by(), CloseInitiator::Local);
    let text =
        "the file region of 8388608 bytes at offset 0 broke off after 3145728 bytes: the file was truncated";
    assert_eq!(reason.why(), text);
    assert_eq!(channel.close_reason(), Some(reason));
    assert_eq!(*exceptions.0.lock(), [text]);
}

#[tokio::test]
async fn a_truncated_file_closes_the_channel_over_tcp() {
    let (ours, peer) = tcp().await;
    cut_short(ours, peer).await;
}

#[tokio::test]
async fn a_truncated_file_closes_the_channel_over_other_streams() {
    let (ours, peer) = tokio::io::duplex(10_000);
    cut_short(ours, peer).await;
    let (ours, peer) = tokio::net::UnixStream::pair().unwrap();
    cut_short(ours, peer).await;
}

#[tokio::test]
async fn an_unreadable_file_closes_the_channel() {
    let named = tempfile::NamedTempFile::new().unwrap();
    named.as_file().set_len(100).unwrap();
    let write_only = Arc::new(File::options().write(true).open(named.path()).unwrap());
    let (ours, _peer) = tokio::io::duplex(10_000);
    let (channel, driver) = open(ours, &patient());
    channel.try_send(request(1).with_body(region(&write_only, 10, 90))).unwrap();
    let reason = driver.await;
    assert!(
        reason.why().starts_with("the file region of 90 bytes at offset 10 broke off after 0 bytes"),
        "{reason}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_region_that_the_peer_does_not_read_ends_with_the_close_time_out() {
    let (ours, _peer) = tokio::io::duplex(64);
    let (channel, driver) = open(ours, &plain());
    let driving = tokio::spawn(driver);
    channel.send(request(1).with_body(region(&file(FILE), 0, FILE))).await.unwrap();
    let started = tokio::time::Instant::now();
    channel.close(CloseReason::local("enough"));
    assert_eq!(driving.await.unwrap(), CloseReason::local("enough"));
    assert_eq!(started.elapsed().as_secs(), 3);
}

#[tokio::test]
async fn a_driver_dropped_within_a_region_releases_the_file() {
    let file = file(FILE);
    let (ours, mut peer) = tokio::io::duplex(64);
    let (channel, driver) = open(ours, &patient());
    let driving = tokio::spawn(driver);
    channel.send(request(1).with_body(region(&file, 0, FILE))).await.unwrap();
    peer.read_exact(&mut [0; 1000]).await.unwrap();
    driving.abort();
    assert!(driving.await.is_err());
    assert_eq!(channel.close_reason(), Some(CloseReason::local("the channel's task was dropped")));
    until(|| Arc::strong_count(&file) == 1).await;
}

#[derive(Debug)]
struct Elsewhere;

impl ExternalBody for Elsewhere {
    fn len(&self) -> usize {
        10
    }
}

/// A sink that records failed writes.
struct Unwritten(Arc<Mutex<Vec<EncodeError>>>);

impl InboundSink for Unwritten {
    fn command(&mut self, _: &mut SinkContext<'_>, _: RemotingCommand) {}
    fn write_failed(&mut self, _: &mut SinkContext<'_>, failure: UnencodableCommand) {
        self.0.lock().push(failure.error);
    }
}

#[tokio::test]
async fn an_external_body_of_an_unknown_type_fails_and_the_channel_stays_open() {
    let errors = Arc::default();
    let (ours, peer) = tokio::io::duplex(10_000);
    let connection = Connection::new(ours, "memory:ours".parse().unwrap(), "memory:theirs".parse().unwrap());
    let opened = Bootstrap::open(&patient(), connection).unwrap();
    let channel = opened.channel().clone();
    let driver = opened.drive(Unwritten(Arc::clone(&errors)));
    channel.try_send(request(1).with_body(Arc::new(Elsewhere))).unwrap();
    channel.try_send(request(2)).unwrap();
    channel.close(CloseReason::local("done"));
    driver.await;
    assert_eq!(*errors.lock(), [EncodeError::UnknownBody { body: "Elsewhere".to_owned() }]);
    let mut all = read_all(peer).await.unwrap();
    assert_eq!(decode(&mut all).expect("the next command").code(), 2);
    assert!(all.is_empty());
}
