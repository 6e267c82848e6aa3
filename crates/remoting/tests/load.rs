//! Many calls and many connections at once, and a server that dies under them.
#![allow(clippy::unwrap_used, reason = "a test fails by a panic")]

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use remoting::prelude::*;
use remoting_rpc::transport::{Listener, ListenerOptions};
use tokio::{io::AsyncReadExt, task::JoinSet};

const ECHO: RequestCode = RequestCode(1001);
const NEVER: RequestCode = RequestCode(1002);
/// A time-out that does not come, however busy the machine is.
const HOUR: Duration = Duration::from_secs(3600);

/// Waits with a deadline, so that the test fails instead of hanging.
async fn in_time<T>(awaited: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(120), awaited).await.unwrap()
}

async fn until(condition: impl Fn() -> bool) {
    in_time(async {
        while !condition() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    })
    .await;
}

async fn server() -> RemotingServer {
    server_that_counts(Arc::default()).await
}

/// Counts the requests and never responds to them.
async fn server_that_counts(unanswered: Arc<AtomicUsize>) -> RemotingServer {
    RemotingServer::builder()
        .bind("127.0.0.1:0")
        .processor(ECHO, Executor::inline(), |_, request: RemotingCommand| async move {
            Ok(RemotingCommand::response_to(&request, ResponseCode::SUCCESS).with_body(request.into_body()))
        })
        .processor(NEVER, Executor::runtime(100_000), move |_, _: RemotingCommand| {
            unanswered.fetch_add(1, Ordering::Relaxed);
            async move {
                std::future::pending::<()>().await;
                Ok(Reply::None)
            }
        })
        .config(ServerConfig::new().shutdown_timeout(Duration::from_millis(10)))
        .start()
        .await
        .unwrap()
}

fn client() -> RemotingClient {
    RemotingClient::builder().config(ClientConfig::new().connect_timeout(HOUR)).build().unwrap()
}

async fn echo(client: &RemotingClient, addr: &Address, text: String) -> Result<(), RpcError> {
    let serialize_type =
        if text.len().is_multiple_of(2) { SerializeType::Json } else { SerializeType::RocketMq };
    let request = RemotingCommand::request(ECHO).with_serialize_type(serialize_type).with_body(text.clone());
    let response = client.invoke(addr, request, HOUR).await?;
    assert_eq!(response.body(), text.as_bytes());
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_concurrent_calls_over_one_client_get_their_own_answers() {
    let server = server().await;
    let client = client();
    let mut calls = JoinSet::new();
    for number in 0..10_000 {
        let (client, addr) = (client.clone(), server.local_addr().clone());
        calls.spawn(async move { echo(&client, &addr, format!("call {number}")).await });
    }
    while let Some(call) = in_time(calls.join_next()).await {
        call.unwrap().unwrap();
    }
    assert_eq!(client.in_flight(), 0);
    assert_eq!(server.channels().len(), 1);
    client.shutdown().await;
    server.shutdown().await;
    assert_eq!(server.statistics().tasks, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_connections_are_served_at_once_and_leave_nothing() {
    let server = server().await;
    let mut clients = JoinSet::new();
    let all_connected = Arc::new(tokio::sync::Barrier::new(1_000));
    for number in 0..1_000 {
        let (addr, all_connected) = (server.local_addr().clone(), Arc::clone(&all_connected));
        clients.spawn(async move {
            let client = client();
            echo(&client, &addr, format!("first of {number}")).await.unwrap();
            all_connected.wait().await;
            for round in 0..5 {
                echo(&client, &addr, format!("client {number} round {round}")).await.unwrap();
            }
            client.shutdown().await;
        });
    }
    while let Some(client) = in_time(clients.join_next()).await {
        client.unwrap();
    }
    assert_eq!(server.listener_statistics().accepted(), 1_000);
    until(|| server.channels().is_empty()).await; // all clients have left, which the server has yet to see
    let report = server.shutdown().await;
    assert!(report.is_clean(), "{report:?}");
    assert!(server.channels().is_empty());
    assert_eq!(server.statistics().tasks, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_dies_fails_every_pending_call_at_once_and_by_name() {
    let unanswered = Arc::new(AtomicUsize::new(0));
    let server = server_that_counts(Arc::clone(&unanswered)).await;
    let addr = server.local_addr().clone();
    let client = client();
    let mut calls = JoinSet::new();
    for _ in 0..500 {
        let (client, addr) = (client.clone(), addr.clone());
        calls.spawn(async move { client.invoke(addr, RemotingCommand::request(NEVER), HOUR).await });
    }
    until(|| unanswered.load(Ordering::Relaxed) == 500).await;

    drop(server);
    while let Some(call) = in_time(calls.join_next()).await {
        let error = call.unwrap().unwrap_err();
        assert!(error.is_closed(), "{error}");
        assert!(error.may_have_been_sent());
        assert!(error.to_string().contains(&addr.to_string()), "{error}");
    }
    assert_eq!(client.in_flight(), 0);
    assert!(client.channel(&addr).is_none());
    client.shutdown().await;
}

#[tokio::test]
async fn a_call_to_a_server_that_takes_and_never_answers_ends_at_its_deadline() {
    let listener = Listener::bind(&"127.0.0.1:0".parse().unwrap(), ListenerOptions::default()).await.unwrap();
    let client = client();
    let request = RemotingCommand::request(ECHO);
    let error = client.invoke(listener.local_addr(), request, Duration::from_millis(100)).await.unwrap_err();
    assert!(error.is_timeout(), "{error}");
    assert_eq!(client.in_flight(), 0);
}

#[tokio::test]
async fn bytes_that_are_no_frame_end_their_own_connection_only() {
    use tokio::io::AsyncWriteExt;

    let server = server().await;
    let client = client();
    echo(&client, server.local_addr(), "before".to_owned()).await.unwrap();

    let mut hostile = tokio::net::TcpStream::connect(server.local_addr().as_socket().unwrap()).await.unwrap();
    hostile.write_all(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
    assert_eq!(in_time(hostile.read(&mut [0; 16])).await.unwrap(), 0);

    echo(&client, server.local_addr(), "after".to_owned()).await.unwrap();
    assert_eq!(server.listener_statistics().accepted(), 2);
}
