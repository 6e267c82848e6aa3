//! Other protocols on the port of a listener.

#![expect(clippy::unwrap_used, reason = "a test fails by a panic")]

mod support;

use std::{sync::Arc, time::Duration};

use parking_lot::Mutex;
use remoting_transport::{
    Address, Channel, ConnectOptions, Connection, HTTP2_PREFACE, Listener, ListenerOptions, PrologueError,
    ProtocolNegotiation, TaskGroup, Verdict, connect,
    protocol::{RemotingCommand, RequestCode},
};
use support::{Deliver, Echo, plain, serve};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// Routes HTTP/2 and a protocol with a similar prefix to handlers that respond with the protocol's name.
fn negotiation() -> ProtocolNegotiation {
    let answer = |name: &'static str| {
        move |mut connection: Connection| async move {
            let mut first = [0; 3];
            let _ = connection.stream.read_exact(&mut first).await;
            let text = format!("{name} {}", first.escape_ascii());
            let _ = connection.stream.write_all(text.as_bytes()).await;
        }
    };
    ProtocolNegotiation::new().route("HTTP/2", HTTP2_PREFACE, answer("h2")).route(
        "PRINT",
        b"PRINT",
        answer("print"),
    )
}

async fn dialled(address: &Address) -> Connection {
    connect(address, &ConnectOptions::default(), Duration::from_secs(5)).await.unwrap()
}

async fn verdict(bytes: &[u8]) -> Result<Verdict, PrologueError> {
    let (mut theirs, ours) = tokio::io::duplex(1024);
    theirs.write_all(bytes).await.unwrap();
    let connection = Connection::new(ours, Address::memory("a"), Address::memory("b"));
    plain().prologue_step(negotiation()).run_prologue(connection).await
}

#[tokio::test(start_paused = true)]
async fn a_connection_with_a_known_preface_goes_to_its_handler_whole() {
    let server =
        serve("memory:negotiated", ListenerOptions::default(), plain().prologue_step(negotiation()), |_| {
            panic!("no channel may be made")
        })
        .await;
    for (bytes, answer) in [(HTTP2_PREFACE, "h2 PRI"), (b"PRINT hello", "print PRI")] {
        let mut connection = dialled(&server.address).await;
        for byte in bytes {
            // The handler may respond and close before it receives the last byte.
            let _ = connection.stream.write_all(&[*byte]).await;
            tokio::task::yield_now().await;
        }
        let mut text = String::new();
        connection.stream.read_to_string(&mut text).await.unwrap();
        assert_eq!(text, answer);
    }
}

#[tokio::test(start_paused = true)]
async fn a_rocketmq_client_is_not_delayed() {
    let server =
        serve("memory:undelayed", ListenerOptions::default(), plain().prologue_step(negotiation()), |_| {
            Box::new(Echo)
        })
        .await;
    let (sink, mut commands) = Deliver::new();
    let (channel, driver) = support::dial(&server.address, &plain(), sink).await;
    tokio::spawn(driver);
    let before = tokio::time::Instant::now();
    channel.send(RemotingCommand::request(RequestCode(5))).await.unwrap();
    assert_eq!(commands.recv().await.unwrap().code(), 5);
    assert_eq!(before.elapsed(), Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn bytes_decide_as_soon_as_they_can() {
    let before = tokio::time::Instant::now();
    for (bytes, claimed) in [
        (&b"\0"[..], false),
        (b"P\0", false),
        (b"PRINX", false),
        (b"PRI * HTTP/1.1", false),
        (b"PRINT", true),
        (HTTP2_PREFACE, true),
    ] {
        let verdict = verdict(bytes).await.unwrap();
        assert_eq!(matches!(verdict, Verdict::Claim(_)), claimed, "{:?}", bytes.escape_ascii().to_string());
    }
    assert_eq!(before.elapsed(), Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn a_silent_client_becomes_a_channel_and_a_half_said_preface_ends() {
    let before = tokio::time::Instant::now();
    assert!(matches!(verdict(b"").await.unwrap(), Verdict::Continue(_)));
    assert_eq!(before.elapsed(), Duration::from_secs(3));
    let error = verdict(b"PRI * HTTP").await.unwrap_err();
    let text = "prologue step protocol negotiation was not done after 3s (ProtocolNegotiation::deadline)";
    assert_eq!(error.to_string(), text);
    assert_eq!(before.elapsed(), Duration::from_secs(6));
}

#[tokio::test(start_paused = true)]
async fn a_claimed_connection_counts_against_the_limit_and_ends_with_its_owner() {
    let options = ListenerOptions::new().max_connections(1);
    let forever = ProtocolNegotiation::new().route("forever", b"!", |connection: Connection| async move {
        let _held = connection;
        std::future::pending().await
    });
    let server =
        serve("memory:claimed-place", options, plain().prologue_step(forever), |_| Box::new(Echo)).await;
    let mut claimed = dialled(&server.address).await;
    claimed.stream.write_all(b"!").await.unwrap();
    assert_eq!(dialled(&server.address).await.stream.read(&mut [0; 1]).await.unwrap(), 0);
    assert_eq!(server.statistics.refused_full(), 1);
    server.tasks.abort();
    assert_eq!(claimed.stream.read(&mut [0; 1]).await.unwrap(), 0);
    server.tasks.ended().await;
}

#[tokio::test(start_paused = true)]
async fn what_nobody_claims_is_named_and_closed() {
    for (bytes, name) in [
        (&b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"[..], "HTTP"),
        (HTTP2_PREFACE, "HTTP/2"),
        (b"\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03", "TLS"),
        (b"PROXY TCP4 1.1.1.1 2.2.2.2 1 2\r\n", "PROXY"),
        (b"\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c", "PROXY"),
    ] {
        let channels: Arc<Mutex<Vec<Channel>>> = Arc::default();
        let opened = Arc::clone(&channels);
        let name_of_server = format!("memory:unclaimed-{}", bytes.escape_ascii());
        let server = serve(&name_of_server, ListenerOptions::default(), plain(), move |channel| {
            opened.lock().push(channel.clone());
            Box::new(Echo)
        })
        .await;
        let mut connection = dialled(&server.address).await;
        connection.stream.write_all(bytes).await.unwrap();
        assert_eq!(connection.stream.read(&mut [0; 8]).await.unwrap(), 0);
        let channel = channels.lock()[0].clone();
        let reason = channel.closed().await.to_string();
        assert!(reason.contains(name), "{name}: {reason}");
        drop(connection);

        server.tasks.ended().await;
    }
}

#[tokio::test(start_paused = true)]
async fn the_owner_of_a_claimed_connection_learns_that_its_listener_closes() {
    let shout = ProtocolNegotiation::new().route("shout", b"!", |mut connection: Connection| async move {
        let closing = connection.closing_signal();
        assert!(!closing.is_received());
        closing.received().await;
        connection.stream.write_all(b"BYE").await.unwrap();
    });
    let address = Address::memory("told-of-closing");
    let listener = Listener::bind(&address, ListenerOptions::default()).await.unwrap();
    let (bootstrap, tasks) = (plain().prologue_step(shout), TaskGroup::new());
    let serving = tokio::spawn(listener.serve(bootstrap, |_: &Channel| Box::new(Echo), tasks.clone()));
    let mut connection = connect(&address, &ConnectOptions::default(), Duration::from_secs(1)).await.unwrap();
    connection.stream.write_all(b"!").await.unwrap();
    tokio::time::sleep(Duration::from_secs(60)).await;
    assert_eq!(tasks.len(), 1);
    serving.abort();
    let mut farewell = String::new();
    connection.stream.read_to_string(&mut farewell).await.unwrap();
    assert_eq!(farewell, "BYE");
    tasks.ended().await;
    assert!(!connection.closing_signal().is_received(), "a dialled connection has no listener");
}
