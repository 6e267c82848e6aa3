//! The bounds of gRPC connections.

use std::time::Duration;

use remoting_rpc::transport::{HTTP2_PREFACE, SocketOptions};
use remoting_service::{Code, Protocol};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::Instant;

use crate::both::Both;
use crate::greeter::hello;

#[tokio::test(start_paused = true)]
async fn a_call_with_too_many_headers_is_refused_and_its_connection_goes_on() {
    let both = Both::start().await;
    let greeter = both.greeter(Protocol::Grpc);
    greeter.say_hello(&hello("x")).await.unwrap();
    let status = greeter.say_hello(&hello("x")).metadata("large", "x".repeat(20 << 10)).await.unwrap_err();
    assert_ne!(status.code(), Code::DeadlineExceeded, "{status}");
    greeter.say_hello(&hello("x")).await.unwrap();
    assert_eq!(both.server.listener_statistics().accepted(), 1);
    both.server.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn a_silent_connection_that_answers_no_ping_is_closed() {
    let both = Both::start().await;
    let addr = both.server.local_addr();
    let (mut connection, _link) = both.network.connect(addr, &SocketOptions::default()).unwrap();
    // The preface and an empty SETTINGS frame.
    connection.stream.write_all(HTTP2_PREFACE).await.unwrap();
    connection.stream.write_all(&[0, 0, 0, 4, 0, 0, 0, 0, 0]).await.unwrap();
    let started = Instant::now();
    let mut received = Vec::new();
    let _end = tokio::time::timeout(Duration::from_secs(3_600), connection.stream.read_to_end(&mut received))
        .await
        .unwrap();
    assert_eq!(started.elapsed().as_secs(), 80);
    both.server.shutdown().await;
}
