//! An echo over every transport, and the errors of listeners and dials.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says so when it fails")]

mod deadline;
mod support;

use std::{sync::Arc, time::Duration};

use deadline::until;
use parking_lot::Mutex;
use remoting_transport::{
    Address, Channel, CloseReason, ConnectError, ConnectOptions, InboundSink, Listener, ListenerOptions,
    SocketOptions, TaskGroup, connect,
    protocol::{RemotingCommand, RequestCode},
};
use support::{Deliver, Echo, dial, plain, serve};
use tokio::io::AsyncReadExt;

async fn a_thousand_commands_come_back_in_order(address: &str) {
    let server = serve(address, ListenerOptions::default(), plain(), |_| Box::new(Echo)).await;
    let (sink, mut commands) = Deliver::new();
    let (channel, driver) = dial(&server.address, &plain(), sink).await;
    let driving = tokio::spawn(driver);
    for number in 0..1_000 {
        let body = vec![b'x'; if number % 100 == 0 { 200_000 } else { 20 }];
        channel.send(RemotingCommand::request(RequestCode(number)).with_body(body)).await.unwrap();
    }
    for number in 0..1_000 {
        let echo = commands.recv().await.unwrap();
        assert_eq!(echo.code(), number);
        assert_eq!(echo.body().len(), if number % 100 == 0 { 200_000 } else { 20 });
    }
    channel.close(CloseReason::local("done"));
    assert_eq!(driving.await.unwrap(), CloseReason::local("done"));
    assert_eq!(channel.closed().await, CloseReason::local("done"));
    server.tasks.ended().await;
}

#[tokio::test]
async fn commands_come_back_over_tcp() {
    a_thousand_commands_come_back_in_order("127.0.0.1:0").await;
}

#[tokio::test]
async fn commands_come_back_over_tcp_by_host_name() {
    a_thousand_commands_come_back_in_order("localhost:0").await;
}

#[cfg(unix)]
#[tokio::test]
async fn commands_come_back_over_a_unix_socket_whose_file_is_removed_afterwards() {
    let path = std::env::temp_dir().join(format!("remoting-{}.sock", std::process::id()));
    let _ = std::fs::remove_file(&path); // of a process of this number that was killed
    a_thousand_commands_come_back_in_order(&format!("unix:{}", path.display())).await;
    until(|| !path.exists()).await; // it goes with the task that accepts
}

#[tokio::test]
async fn commands_come_back_in_memory() {
    a_thousand_commands_come_back_in_order("memory:transports").await;
}

#[tokio::test]
async fn commands_come_back_between_threads() {
    let runtime =
        || tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    tokio::task::spawn_blocking(move || {
        runtime().block_on(a_thousand_commands_come_back_in_order("127.0.0.1:0"));
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn the_error_of_a_refused_dial_names_the_address() {
    // Bound but not listening, so that no other process gets the port.
    let taken = tokio::net::TcpSocket::new_v4().unwrap();
    taken.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    for address in [taken.local_addr().unwrap().into(), Address::memory("nobody")] {
        let error = connect(&address, &ConnectOptions::default(), Duration::from_secs(1)).await.unwrap_err();
        assert!(matches!(error, ConnectError::Io { .. }));
        assert!(error.to_string().contains(&address.to_string()), "{error}");
    }
}

#[tokio::test]
async fn the_error_of_an_address_in_use_names_it() {
    for address in ["127.0.0.1:0", "memory:taken"] {
        let first = Listener::bind(&address.parse().unwrap(), ListenerOptions::default()).await.unwrap();
        let error = Listener::bind(first.local_addr(), ListenerOptions::default()).await.unwrap_err();
        assert!(error.to_string().contains(&first.local_addr().to_string()), "{error}");
    }
}

#[tokio::test]
async fn a_connection_beyond_the_limit_is_closed_at_once_and_counted() {
    let options = ListenerOptions::new().max_connections(1);
    let server = serve("127.0.0.1:0", options, plain(), |_| Box::new(Echo)).await;
    let (sink, mut commands) = Deliver::new();
    let (channel, driver) = dial(&server.address, &plain(), sink).await;
    tokio::spawn(driver);
    channel.send(RemotingCommand::request(RequestCode(1))).await.unwrap();
    commands.recv().await.unwrap();

    let mut second = tokio::net::TcpStream::connect(server.address.as_socket().unwrap()).await.unwrap();
    assert_eq!(second.read(&mut [0; 1]).await.unwrap_or(0), 0);
    assert_eq!(server.statistics.refused(), 1);
    channel.send(RemotingCommand::request(RequestCode(2))).await.unwrap();
    commands.recv().await.unwrap();
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn the_configured_backlog_is_applied() {
    let options = ListenerOptions::new().socket(SocketOptions::new().with_backlog(37));
    let listener = Listener::bind(&"127.0.0.1:0".parse().unwrap(), options).await.unwrap();
    let port = listener.local_addr().port().unwrap();
    let output = std::process::Command::new("ss").args(["-ltnH", &format!("sport = :{port}")]).output();
    // `ss` shows the backlog of a listening socket in its Send-Q column.
    if let Ok(output) = output {
        let line = String::from_utf8(output.stdout).unwrap();
        assert_eq!(line.split_whitespace().nth(2), Some("37"), "{line}");
    }
}

#[tokio::test]
async fn an_ipv4_peer_of_a_listener_on_both_families_has_an_ipv4_address() {
    let peers = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&peers);
    let filter = move |peer: &Address, local: &Address| {
        seen.lock().push((peer.clone(), local.clone()));
        true
    };
    let all: Address = "[::]:0".parse().unwrap();
    // Not every machine has IPv6.
    let Ok(listener) = Listener::bind(&all, ListenerOptions::default()).await else { return };
    let port = listener.local_addr().port().unwrap();
    let (sender, mut receiver) = tokio::sync::mpsc::channel(1);
    let sinks = move |channel: &Channel| -> Box<dyn InboundSink> {
        let _ = sender.try_send(channel.peer_addr().clone());
        Box::new(Echo)
    };
    let serving = tokio::spawn(listener.serve(plain().connection_filter(filter), sinks, TaskGroup::new()));
    let socket = tokio::net::TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    let (own, server) = (socket.local_addr().unwrap().into(), socket.peer_addr().unwrap().into());
    let within = Duration::from_secs(60);
    assert_eq!(tokio::time::timeout(within, receiver.recv()).await.unwrap().as_ref(), Some(&own));
    assert_eq!(*peers.lock(), [(own, server)]);
    serving.abort();
}
