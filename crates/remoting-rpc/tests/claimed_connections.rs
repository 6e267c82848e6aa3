//! Connections that a step has claimed for another protocol, when their server shuts down.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by a panic")]

use std::time::Duration;

use remoting_rpc::transport::{ConnectOptions, Connection, ProtocolNegotiation, connect};
use remoting_rpc::{RemotingServer, ServerConfig};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::Instant;

const SECOND: Duration = Duration::from_secs(1);

/// Starts a server on whose port connections of another protocol end `after` their signal, and connects.
async fn start(name: &str, shutdown_timeout: Duration, after: Duration) -> (RemotingServer, Connection) {
    let hold = ProtocolNegotiation::new().route("hold", b"!", move |mut connection: Connection| async move {
        let closing = connection.closing_signal();
        let _ = connection.stream.write_all(b"hello").await;
        closing.received().await;
        tokio::time::sleep(after).await;
        let _ = connection.stream.write_all(b"bye").await;
    });
    let config = ServerConfig::new().shutdown_timeout(shutdown_timeout);
    let builder = RemotingServer::builder().bind(format!("memory:claimed-{name}")).config(config);
    let server = builder.prologue_step(hold).start().await.unwrap();
    let mut other = connect(server.local_addr(), &ConnectOptions::default(), SECOND).await.unwrap();
    other.stream.write_all(b"!").await.unwrap();
    other.stream.read_exact(&mut [0; 5]).await.unwrap();
    (server, other)
}

/// Returns what the peer still reads.
async fn rest(mut other: Connection) -> Vec<u8> {
    let mut rest = Vec::new();
    other.stream.read_to_end(&mut rest).await.unwrap();
    rest
}

#[tokio::test(start_paused = true)]
async fn a_shutdown_does_not_wait_for_a_claimed_connection_that_ends_on_its_signal() {
    let (server, other) = start("at-once", 10 * SECOND, Duration::ZERO).await;
    let began = Instant::now();
    assert!(server.shutdown().await.is_clean());
    assert_eq!((began.elapsed(), rest(other).await), (Duration::ZERO, b"bye".to_vec()));
}

#[tokio::test(start_paused = true)]
async fn a_shutdown_waits_for_a_claimed_connection_as_long_as_for_requests() {
    let (server, other) = start("in-time", 60 * SECOND, 50 * SECOND).await;
    let began = Instant::now();
    assert!(server.shutdown().await.is_clean());
    assert_eq!((began.elapsed().as_secs(), rest(other).await), (50, b"bye".to_vec()));
}

#[tokio::test(start_paused = true)]
async fn a_claimed_connection_that_does_not_end_in_time_is_cut_and_reported() {
    for (shutdown_timeout, seconds) in [(Duration::ZERO, 4), (60 * SECOND, 60)] {
        let (server, other) = start("late", shutdown_timeout, 3_600 * SECOND).await;
        let began = Instant::now();
        assert_eq!(server.shutdown().await.aborted_channels, 1);
        assert_eq!((began.elapsed().as_secs(), rest(other).await), (seconds, Vec::new()));
    }
}
