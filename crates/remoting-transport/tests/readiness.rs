//! A sink that is not ready causes back-pressure, and is still notified when the peer closes.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says so when it fails")]

mod support;

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    task::Poll,
    time::{Duration, Instant},
};

use remoting_transport::{
    Bootstrap, Channel, ChannelOptions, ChannelPipeline, CloseInitiator, CloseReason, Connection,
    EmbeddedChannel, InboundSink, SinkContext, Stream,
    protocol::{FrameEncoder, RemotingCommand, RequestCode, bytes::BytesMut},
};
use tokio::{
    io::AsyncWriteExt,
    net::{TcpListener, TcpStream},
};

/// A sink that accepts one command for each permit of the test.
#[derive(Clone, Default)]
struct Gate {
    permits: Arc<AtomicUsize>,
    polls: Arc<AtomicUsize>,
    granted: bool,
    taken: Arc<Mutex<Vec<i32>>>,
    events: Arc<Mutex<Vec<&'static str>>>,
}

impl Gate {
    fn permit(&self, commands: usize) {
        self.permits.fetch_add(commands, Ordering::SeqCst);
    }

    fn taken(&self) -> Vec<i32> {
        self.taken.lock().unwrap().clone()
    }

    fn events(&self) -> Vec<&'static str> {
        self.events.lock().unwrap().clone()
    }
}

impl InboundSink for Gate {
    fn poll_ready(&mut self, _: &mut SinkContext<'_>) -> Poll<()> {
        self.polls.fetch_add(1, Ordering::SeqCst);
        if self.permits.load(Ordering::SeqCst) == 0 {
            return Poll::Pending;
        }
        self.permits.fetch_sub(1, Ordering::SeqCst);
        self.granted = true;
        Poll::Ready(())
    }

    fn command(&mut self, _: &mut SinkContext<'_>, command: RemotingCommand) {
        assert!(std::mem::take(&mut self.granted), "a command was delivered without `Ready`");
        self.taken.lock().unwrap().push(command.code());
    }

    fn peer_closed(&mut self, _: &mut SinkContext<'_>) {
        self.events.lock().unwrap().push("peer_closed");
    }

    fn read_closed(&mut self, _: &mut SinkContext<'_>, _: &CloseReason) {
        self.events.lock().unwrap().push("read_closed");
    }

    fn inactive(&mut self, _: &Channel, _: &CloseReason) {
        self.events.lock().unwrap().push("inactive");
    }
}

fn frames(codes: impl IntoIterator<Item = i32>) -> BytesMut {
    let mut frames = BytesMut::new();
    for code in codes {
        FrameEncoder::default().encode(&RemotingCommand::request(RequestCode(code)), &mut frames).unwrap();
    }
    frames
}

fn embedded(gate: &Gate, options: ChannelOptions) -> EmbeddedChannel {
    let sink = gate.clone();
    EmbeddedChannel::with_sink(|_: &Channel, _: &mut ChannelPipeline| Ok(()), options, |_| Box::new(sink))
        .unwrap()
}

#[test]
fn no_command_is_delivered_to_a_sink_that_is_not_ready() {
    let gate = Gate::default();
    let mut channel = embedded(&gate, ChannelOptions::default());
    channel.write_inbound_bytes(&frames(0..5));
    assert!(gate.taken().is_empty());
    gate.permit(2);
    channel.channel().waker().wake();
    channel.run();
    assert_eq!(gate.taken(), [0, 1]);
    gate.permit(3);
    channel.run();
    assert_eq!(gate.taken(), [0, 1, 2, 3, 4]);
}

#[test]
fn a_sink_is_polled_once_for_each_command() {
    let gate = Gate::default();
    gate.permit(1_000);
    let mut channel = embedded(&gate, ChannelOptions::default());
    channel.write_inbound_bytes(&frames(0..100));
    channel.run();
    // The last readiness is for the next command.
    assert_eq!((gate.taken().len(), gate.polls.load(Ordering::SeqCst)), (100, 101));
    channel.run();
    assert_eq!(gate.polls.load(Ordering::SeqCst), 101);
}

#[test]
fn a_frame_does_not_time_out_while_the_sink_is_not_ready() {
    let gate = Gate::default();
    let options = ChannelOptions::new().frame_timeout(Duration::from_secs(60));
    let mut channel = embedded(&gate, options);
    let mut bytes = frames(0..1);
    bytes.extend_from_slice(&frames(1..2)[..6]);
    channel.write_inbound_bytes(&bytes);
    channel.advance(Duration::from_secs(1_000));
    assert!(channel.channel().is_open());
    gate.permit(2);
    channel.run();
    assert_eq!(gate.taken(), [0]);
    channel.advance(Duration::from_secs(61));
    assert_eq!(channel.close_reason().unwrap().by(), CloseInitiator::Protocol);
}

#[test]
fn a_closing_channel_polls_the_sink_until_it_was_ready_once() {
    let gate = Gate::default();
    gate.permit(1);
    let mut channel = embedded(&gate, ChannelOptions::default());
    channel.stall_writes(true);
    channel.write_inbound_bytes(&frames(0..2));
    channel.write_outbound(RemotingCommand::request(RequestCode(9)));
    channel.channel().close(CloseReason::local("test"));
    channel.run();
    assert!(channel.channel().is_open(), "bytes are pending");
    gate.permit(5);
    channel.channel().waker().wake();
    channel.run();
    channel.run();
    assert_eq!(gate.permits.load(Ordering::SeqCst), 4, "polled until it was ready, and not again");
    assert_eq!(gate.taken(), [0], "nothing is delivered any more");
}

#[test]
fn peer_closed_of_an_embedded_channel_precedes_unread_commands() {
    let gate = Gate::default();
    let mut channel = embedded(&gate, ChannelOptions::default());
    channel.write_inbound_bytes(&frames(0..1));
    channel.close_inbound();
    channel.advance(Duration::from_secs(1));
    assert_eq!(gate.events(), ["peer_closed"]);
    gate.permit(2);
    channel.run();
    assert_eq!(gate.taken(), [0]);
    assert_eq!(gate.events(), ["peer_closed", "read_closed", "inactive"]);
}

/// Opens a channel over TCP, and returns the stream of the peer.
async fn tcp(sink: impl InboundSink, options: ChannelOptions) -> (Channel, TcpStream) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let peer = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
    let (ours, _) = listener.accept().await.unwrap();
    let address = "memory:test".parse().unwrap();
    let connection = Connection::new(Stream::from(ours), address, "memory:peer".parse().unwrap());
    let opened = Bootstrap::new(options).open(connection).unwrap();
    let channel = opened.channel().clone();
    tokio::spawn(opened.drive(sink));
    (channel, peer)
}

async fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(60);
    while !holds() {
        assert!(Instant::now() < deadline, "never: {what}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn a_peer_meets_back_pressure_while_the_sink_is_not_ready() {
    let gate = Gate::default();
    let (channel, mut peer) = tcp(gate.clone(), ChannelOptions::default()).await;
    // More than two sockets hold, so this ends only when the channel reads.
    let large = RemotingCommand::request(RequestCode(7)).with_body(vec![0; 1 << 20]);
    let mut frame = BytesMut::new();
    FrameEncoder::default().encode(&large, &mut frame).unwrap();
    let sending = tokio::spawn(async move {
        for _ in 0..40 {
            peer.write_all(&frame).await.unwrap();
        }
        peer
    });
    until("the sink was polled", || gate.polls.load(Ordering::SeqCst) > 0).await;
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert!(!sending.is_finished() && gate.taken().is_empty());
    gate.permit(usize::MAX / 2);
    channel.waker().wake();
    let _peer = tokio::time::timeout(Duration::from_secs(60), sending).await.expect("read").unwrap();
    until("all came", || gate.taken().len() == 40).await;
}

#[tokio::test]
async fn peer_closed_precedes_the_unread_commands_of_the_peer() {
    let gate = Gate::default();
    let (channel, mut peer) = tcp(gate.clone(), ChannelOptions::default()).await;
    peer.write_all(&frames(0..3)).await.unwrap();
    peer.shutdown().await.unwrap();
    until("the end is seen", || gate.events() == ["peer_closed"]).await;
    assert!(gate.taken().is_empty());
    assert!(channel.is_open());
    gate.permit(10);
    channel.waker().wake();
    let reason = tokio::time::timeout(Duration::from_secs(60), channel.closed()).await.unwrap();
    assert_eq!(reason.by(), CloseInitiator::Peer);
    assert_eq!(gate.taken(), [0, 1, 2]);
    until("all calls were recorded", || gate.events() == ["peer_closed", "read_closed", "inactive"]).await;
}

#[tokio::test]
async fn peer_closed_is_called_once_and_only_if_this_side_does_not_read() {
    let gate = Gate::default();
    gate.permit(10);
    let (channel, mut peer) = tcp(gate.clone(), ChannelOptions::default()).await;
    peer.write_all(&frames(0..3)).await.unwrap();
    peer.shutdown().await.unwrap();
    tokio::time::timeout(Duration::from_secs(60), channel.closed()).await.unwrap();
    until("all calls were recorded", || gate.events() == ["read_closed", "inactive"]).await;
}
