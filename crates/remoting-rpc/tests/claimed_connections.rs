//! Connections that a step has claimed for another protocol, when their server shuts down.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by a panic")]

use std::time::Duration;

use remoting_rpc::RemotingServer;
use remoting_rpc::transport::{ConnectOptions, Connection, ProtocolNegotiation, connect};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

#[tokio::test(start_paused = true)]
async fn a_shutdown_does_not_wait_for_a_claimed_connection_that_ends_on_its_signal() {
    let hold = ProtocolNegotiation::new().route("hold", b"!", |mut connection: Connection| async move {
        let closing = connection.closing_signal();
        let _ = connection.stream.write_all(b"hello").await;
        closing.received().await;
    });
    let server =
        RemotingServer::builder().bind("memory:claimed-shutdown").prologue_step(hold).start().await.unwrap();
    let second = Duration::from_secs(1);
    let mut other = connect(server.local_addr(), &ConnectOptions::default(), second).await.unwrap();
    other.stream.write_all(b"!").await.unwrap();
    other.stream.read_exact(&mut [0; 5]).await.unwrap();

    let began = tokio::time::Instant::now();
    assert!(server.shutdown().await.is_clean());
    assert_eq!(began.elapsed(), Duration::ZERO);
    assert_eq!(other.stream.read(&mut [0]).await.unwrap(), 0, "closed");
}
