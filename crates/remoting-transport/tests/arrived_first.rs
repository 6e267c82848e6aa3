//! Received data is handled before deadlines and before writes, even after the thread was busy.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says so when it fails")]

use std::{
    io::{Read, Write},
    net::{Shutdown, TcpListener, TcpStream},
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use remoting_transport::{
    Bootstrap, Channel, ChannelOptions, ChannelPipeline, CloseInitiator, CloseReason, Connection,
    IdleStateHandler, InboundSink, SinkContext, Stream,
    protocol::{FrameEncoder, RemotingCommand, RequestCode, bytes::BytesMut},
};

/// A sink that expects a command within a time.
#[derive(Clone, Default)]
struct Expecting {
    within: Option<Duration>,
    /// Whether a command leaves the deadline in place.
    patient: bool,
    deadline: Option<Instant>,
    events: Arc<Mutex<Vec<String>>>,
}

impl Expecting {
    fn push(&self, event: String) {
        self.events.lock().unwrap().push(event);
    }

    fn events(&self) -> Vec<String> {
        self.events.lock().unwrap().clone()
    }
}

impl InboundSink for Expecting {
    fn active(&mut self, cx: &mut SinkContext<'_>) {
        self.deadline = self.within.map(|within| cx.now() + within);
    }
    fn command(&mut self, _: &mut SinkContext<'_>, command: RemotingCommand) {
        if !self.patient {
            self.deadline = None;
        }
        self.push(format!("command {}", command.code()));
    }
    fn unsent(&mut self, _: &Channel, command: RemotingCommand) {
        self.push(format!("unsent {}", command.code()));
    }
    fn next_deadline(&mut self) -> Option<Instant> {
        self.deadline
    }
    fn deadline_reached(&mut self, _: &mut SinkContext<'_>) {
        self.deadline = None;
        self.push("deadline".to_owned());
    }
}

/// Opens a channel over TCP on this thread's runtime. The stream of the peer blocks the thread.
async fn open(bootstrap: &Bootstrap, sink: &Expecting) -> (Channel, TcpStream) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let peer = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
    let (ours, _) = listener.accept().unwrap();
    ours.set_nonblocking(true).unwrap();
    let stream = Stream::from(tokio::net::TcpStream::from_std(ours).unwrap());
    let (ours, theirs) = ("memory:ours".parse().unwrap(), "memory:theirs".parse().unwrap());
    let opened = bootstrap.open(Connection::new(stream, ours, theirs)).unwrap();
    let channel = opened.channel().clone();
    tokio::spawn(opened.drive(sink.clone()));
    // The first poll of the channel, after which the runtime polls its sockets.
    tokio::time::sleep(Duration::from_millis(1)).await;
    (channel, peer)
}

fn frame(code: i32) -> BytesMut {
    let mut frame = BytesMut::new();
    FrameEncoder::default().encode(&RemotingCommand::request(RequestCode(code)), &mut frame).unwrap();
    frame
}

/// Keeps the thread busy for longer than `time`.
fn hold_thread(time: Duration) {
    std::thread::sleep(time + Duration::from_millis(20));
}

async fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(60);
    while !holds() {
        assert!(Instant::now() < deadline, "never: {what}");
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

const TIME: Duration = Duration::from_millis(200);

fn plain() -> Bootstrap {
    Bootstrap::new(ChannelOptions::default())
}

#[tokio::test]
async fn a_command_that_arrived_in_time_is_delivered_before_the_deadline() {
    for wake in [false, true] {
        let sink = Expecting { within: Some(TIME), ..Expecting::default() };
        let (channel, mut peer) = open(&plain(), &sink).await;
        peer.write_all(&frame(1)).unwrap();
        hold_thread(TIME);
        if wake {
            // The channel is polled before the runtime has polled its sockets.
            channel.waker().wake();
        }
        until("something happened", || !sink.events().is_empty()).await;
        assert_eq!(sink.events(), ["command 1"]);
    }
}

#[tokio::test]
async fn a_deadline_is_reached_if_nothing_arrived() {
    let sink = Expecting { within: Some(TIME), ..Expecting::default() };
    let (channel, _peer) = open(&plain(), &sink).await;
    hold_thread(TIME);
    channel.waker().wake();
    until("something happened", || !sink.events().is_empty()).await;
    assert_eq!(sink.events(), ["deadline"]);
}

#[tokio::test]
async fn a_channel_is_not_idle_with_a_command_in_its_socket() {
    let idle = |_: &Channel, pipeline: &mut ChannelPipeline| {
        pipeline.add_last("idle", IdleStateHandler::new(TIME))?;
        Ok(())
    };
    let sink = Expecting::default();
    let (channel, mut peer) = open(&plain().initializer(idle), &sink).await;
    peer.write_all(&frame(1)).unwrap();
    hold_thread(TIME);
    channel.waker().wake();
    until("the command was delivered", || !sink.events().is_empty()).await;
    assert!(channel.is_open());
    let reason = tokio::time::timeout(Duration::from_secs(60), channel.closed()).await.unwrap();
    assert_eq!(reason.by(), CloseInitiator::Idle);
}

#[tokio::test]
async fn a_frame_is_in_time_if_its_rest_is_in_the_socket() {
    let options = ChannelOptions::new().frame_timeout(TIME);
    let sink = Expecting::default();
    let (channel, mut peer) = open(&Bootstrap::new(options), &sink).await;
    let frame = frame(1);
    peer.write_all(&frame[..10]).unwrap();
    tokio::time::sleep(Duration::from_millis(20)).await;
    peer.write_all(&frame[10..]).unwrap();
    hold_thread(TIME);
    channel.waker().wake();
    until("the command was delivered", || !sink.events().is_empty()).await;
    assert!(channel.is_open());
}

#[tokio::test]
async fn a_flood_delays_a_deadline_only_for_a_limited_time() {
    let sink = Expecting { within: Some(Duration::from_millis(50)), patient: true, ..Expecting::default() };
    let (channel, mut peer) = open(&plain(), &sink).await;
    let command = RemotingCommand::request(RequestCode(1)).with_body(vec![0; 1 << 20]);
    let mut frame = BytesMut::new();
    FrameEncoder::default().encode(&command, &mut frame).unwrap();
    let flood = std::thread::spawn(move || while peer.write_all(&frame).is_ok() {});
    until("the deadline is reached", || sink.events().contains(&"deadline".to_owned())).await;
    channel.abort(CloseReason::local("done"));
    channel.closed().await;
    tokio::task::spawn_blocking(|| flood.join().unwrap()).await.unwrap();
}

/// Closes the peer while the thread is busy, then sends a request.
async fn send_to_a_peer_that_is_gone(end: impl Fn(TcpStream)) -> (Vec<String>, CloseReason) {
    let sink = Expecting::default();
    let (channel, peer) = open(&plain(), &sink).await;
    end(peer);
    channel.try_send(RemotingCommand::request(RequestCode(7))).unwrap();
    let reason = tokio::time::timeout(Duration::from_secs(60), channel.closed()).await.unwrap();
    until("the command was returned", || sink.events().iter().any(|event| event.contains('7'))).await;
    (sink.events(), reason)
}

#[tokio::test]
async fn a_request_is_not_written_to_a_peer_that_closed_while_the_thread_was_busy() {
    for _ in 0..20 {
        let (events, reason) = send_to_a_peer_that_is_gone(drop).await;
        assert_eq!((events, reason.by()), (vec!["unsent 7".to_owned()], CloseInitiator::Peer));
    }
}

#[tokio::test]
async fn data_sent_before_the_peer_closed_is_delivered_first() {
    let (events, reason) = send_to_a_peer_that_is_gone(|mut peer| {
        peer.write_all(&frame(1)).unwrap();
        peer.shutdown(Shutdown::Both).unwrap();
    })
    .await;
    assert_eq!(
        (events, reason.by()),
        (vec!["command 1".to_owned(), "unsent 7".to_owned()], CloseInitiator::Peer)
    );
}

#[tokio::test]
async fn a_request_is_not_written_to_a_peer_that_reset_the_connection() {
    let sink = Expecting::default();
    let (channel, peer) = open(&plain(), &sink).await;
    channel.try_send(RemotingCommand::request(RequestCode(1))).unwrap();
    tokio::time::sleep(Duration::from_millis(20)).await;
    drop(peer); // with the first request unread
    channel.try_send(RemotingCommand::request(RequestCode(7))).unwrap();
    let reason = tokio::time::timeout(Duration::from_secs(60), channel.closed()).await.unwrap();
    assert_eq!((sink.events(), reason.by()), (vec!["unsent 7".to_owned()], CloseInitiator::Io));
}

#[tokio::test]
async fn a_channel_with_a_live_peer_writes_at_once() {
    let sink = Expecting::default();
    let (channel, mut peer) = open(&plain(), &sink).await;
    peer.write_all(&frame(1)).unwrap();
    channel.try_send(RemotingCommand::request(RequestCode(7))).unwrap();
    until("the command was delivered", || sink.events() == ["command 1"]).await;
    tokio::time::sleep(Duration::from_millis(1)).await;
    peer.set_nonblocking(true).unwrap();
    let mut word = [0; 4];
    peer.read_exact(&mut word).expect("the request was written");
}
