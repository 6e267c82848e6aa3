//! Many calls at once over one connection.

mod client_support;

use client_support::*;
use remoting_rpc::{ClientConfig, RpcError};
use tokio::task::JoinSet;

const CALLS: usize = 10_000;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_calls_at_once_each_get_their_own_response() {
    let server = TestServer::start_at("127.0.0.1:0".parse().unwrap()).await;
    let client = client_with(ClientConfig::new().connect_timeout(HOUR));
    let mut calls = JoinSet::new();
    for n in 0..CALLS {
        let (client, addr) = (client.clone(), server.addr.clone());
        calls.spawn(async move {
            let body = format!("call {n}");
            let response = client.invoke(addr, request(ECHO).with_body(body.clone()), HOUR).await?;
            assert_eq!(response.into_body(), body);
            Ok::<(), RpcError>(())
        });
    }
    while let Some(call) = calls.join_next().await {
        call.unwrap().unwrap();
    }
    assert_eq!(server.requests(), CALLS);
    assert_eq!(server.accepted(), 1);
    assert_eq!(
        client.channel(&server.addr).unwrap().in_flight(),
        0,
        "no entry is left in the response table"
    );
    assert_eq!(client.in_flight(), 0, "no permit is taken");
    client.shutdown().await;
    nothing_left(&client);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_killed_in_mid_flight_fails_ten_thousand_calls_by_its_address() {
    let server = TestServer::start_at("127.0.0.1:0".parse().unwrap()).await;
    let addr = server.addr.clone();
    let client = client_with(ClientConfig::new().connect_timeout(HOUR));
    let mut calls = JoinSet::new();
    for _ in 0..CALLS {
        let (client, addr) = (client.clone(), addr.clone());
        calls.spawn(async move { client.invoke(addr, request(SILENT), HOUR).await });
    }
    until(|| server.requests() == CALLS).await;
    drop(server);
    while let Some(call) = calls.join_next().await {
        let error = call.unwrap().unwrap_err();
        assert!(matches!(&error, RpcError::ChannelClosed { may_have_been_sent: true, .. }), "{error}");
        assert_eq!(error.addr(), Some(&addr));
        assert!(error.to_string().contains(&addr.to_string()), "{error}");
    }
    assert_eq!(client.in_flight(), 0);
    until(|| client.statistics().addresses == 0 && client.statistics().tasks == 0).await;
    nothing_left(&client);
}
