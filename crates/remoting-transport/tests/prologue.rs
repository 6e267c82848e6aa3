//! Prologue steps, which run before the first frame.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says so when it fails")]

mod deadline;
mod support;

use std::time::Duration;

use deadline::Deadline;
use remoting_transport::{
    Address, Channel, ConnectOptions, Connection, InboundSink, Listener, ListenerOptions, PrologueError,
    PrologueFuture, PrologueStep, Stream, TaskGroup, Verdict, connect,
    protocol::{RemotingCommand, RequestCode},
};
use support::{Deliver, Echo, plain, serve};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// A step that requires a word as the first bytes and then replaces the peer address.
#[derive(Debug)]
struct Password(&'static str);

impl PrologueStep for Password {
    fn name(&self) -> &'static str {
        "password"
    }

    fn deadline(&self) -> Duration {
        Duration::from_secs(2)
    }

    fn run(&self, mut connection: Connection) -> PrologueFuture<'_> {
        Box::pin(async move {
            let said = connection
                .stream
                .peek(self.0.len())
                .await
                .map_err(|error| PrologueError::io(self.name(), error))?;
            if !said.starts_with(self.0.as_bytes()) {
                return Err(PrologueError::refused(self.name(), "wrong word"));
            }
            connection.stream.consume(self.0.len());
            connection.peer = Address::memory("the-real-peer");
            Ok(Verdict::Continue(connection))
        })
    }
}

/// A step that replaces the stream.
#[derive(Debug)]
struct Wrap;

impl PrologueStep for Wrap {
    fn name(&self) -> &'static str {
        "wrap"
    }

    fn deadline(&self) -> Duration {
        Duration::from_secs(2)
    }

    fn run(&self, mut connection: Connection) -> PrologueFuture<'_> {
        Box::pin(async move {
            let (inner, outer) = tokio::io::duplex(1024);
            let mut below = std::mem::replace(&mut connection.stream, Stream::from(outer));
            tokio::spawn(async move {
                let mut inner = inner;
                let _ = tokio::io::copy_bidirectional(&mut below, &mut inner).await;
            });
            Ok(Verdict::Continue(connection))
        })
    }
}

#[tokio::test(start_paused = true)]
async fn steps_run_in_order_and_the_first_frame_follows_their_bytes() {
    let behind =
        plain().prologue_step(Password("open ")).prologue_step(Password("sesame")).prologue_step(Wrap);
    let server = serve("memory:prologue", ListenerOptions::default(), behind, |channel| {
        assert_eq!(channel.peer_addr(), &Address::memory("the-real-peer"));
        assert_ne!(channel.socket_peer_addr(), channel.peer_addr());
        Box::new(Echo)
    })
    .await;
    let mut connection =
        connect(&server.address, &ConnectOptions::default(), Duration::from_secs(1)).await.unwrap();
    connection.stream.write_all(b"open sesame").await.unwrap();
    let (sink, mut commands) = Deliver::new();
    let opened = plain().open(connection).unwrap();
    let channel = opened.channel().clone();
    tokio::spawn(opened.drive(sink));
    channel.send(RemotingCommand::request(RequestCode(5))).await.unwrap();
    assert_eq!(commands.recv().await.unwrap().code(), 5);
}

#[tokio::test(start_paused = true)]
async fn a_refused_connection_is_closed_and_delivers_nothing() {
    let server =
        serve("memory:refused", ListenerOptions::default(), plain().prologue_step(Password("open")), |_| {
            panic!("no channel may be made")
        })
        .await;
    let mut connection =
        connect(&server.address, &ConnectOptions::default(), Duration::from_secs(1)).await.unwrap();
    connection.stream.write_all(b"shut").await.unwrap();
    assert_eq!(connection.stream.read(&mut [0; 8]).await.unwrap(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_step_that_takes_too_long_is_ended_by_its_deadline() {
    let (_peer, ours) = tokio::io::duplex(64);
    let connection = Connection::new(ours, Address::memory("a"), Address::memory("b"));
    let error = plain().prologue_step(Password("open")).run_prologue(connection).await.unwrap_err();
    assert!(matches!(error, PrologueError::Timeout { step: "password", .. }), "{error}");
}

/// A step that claims connections that begin with `!`.
#[derive(Debug)]
struct Shout;

impl PrologueStep for Shout {
    fn name(&self) -> &'static str {
        "shout"
    }

    fn deadline(&self) -> Duration {
        Duration::from_secs(2)
    }

    fn run(&self, mut connection: Connection) -> PrologueFuture<'_> {
        Box::pin(async move {
            let first =
                connection.stream.peek(1).await.map_err(|error| PrologueError::io(self.name(), error))?;
            if !first.starts_with(b"!") {
                return Ok(Verdict::Continue(connection));
            }
            Ok(Verdict::Claim(Box::pin(async move {
                let _ = connection.stream.write_all(b"HELLO").await;
            })))
        })
    }
}

#[tokio::test(start_paused = true)]
async fn a_step_may_claim_a_connection_for_another_protocol() {
    let server =
        serve("memory:claimed", ListenerOptions::default(), plain().prologue_step(Shout), |_| Box::new(Echo))
            .await;
    let mut connection =
        connect(&server.address, &ConnectOptions::default(), Duration::from_secs(1)).await.unwrap();
    connection.stream.write_all(b"!").await.unwrap();
    let mut answer = String::new();
    connection.stream.read_to_string(&mut answer).await.unwrap();
    assert_eq!(answer, "HELLO");

    let (sink, mut commands) = Deliver::new();
    let (channel, driver) = support::dial(&server.address, &plain(), sink).await;
    tokio::spawn(driver);
    channel.send(RemotingCommand::request(RequestCode(5))).await.unwrap();
    assert_eq!(commands.recv().await.unwrap().code(), 5);
}

#[tokio::test(start_paused = true)]
async fn a_listener_that_closes_ends_the_connections_that_are_not_channels_yet() {
    let address = Address::memory("closing-prologue");
    let listener = Listener::bind(&address, ListenerOptions::default()).await.unwrap();
    let statistics = listener.statistics();
    let tasks = TaskGroup::new();
    let sinks = |_: &Channel| -> Box<dyn InboundSink> { panic!("no channel may be made") };
    let serving = tokio::spawn(listener.serve(plain().prologue_step(Password("open")), sinks, tasks.clone()));
    let started = tokio::time::Instant::now();
    let mut silent = connect(&address, &ConnectOptions::default(), Duration::from_secs(1)).await.unwrap();
    let deadline = Deadline::start();
    while statistics.accepted() == 0 {
        deadline.yield_now().await;
    }
    serving.abort();
    assert_eq!(silent.stream.read(&mut [0; 8]).await.unwrap(), 0);
    tasks.ended().await;
    assert_eq!(started.elapsed(), Duration::ZERO, "long before the step's own deadline");
}
