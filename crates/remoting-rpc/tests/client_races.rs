//! Calls while everything around them changes: each ends once, with its own response or with an error, and
//! frees everything it held.

mod client_support;

use std::time::Duration;

use client_support::*;
use remoting_rpc::transport::Address;
use remoting_rpc::{ClientConfig, RemotingClient, RpcError};
use tokio::task::JoinSet;

const CALLERS: usize = 16;
const CALLS: usize = 250;
/// Only a lost call takes this long.
const LOST: Duration = Duration::from_secs(60);

/// Ends after its calls, at least one of which got a response.
async fn call_again_and_again(client: RemotingClient, addr: Address, caller: usize) {
    // A server that is down refuses so fast that all calls may be over before it is up again.
    let mut was_answered = false;
    let mut n = 0;
    while n < CALLS || !was_answered {
        n += 1;
        let body = format!("{caller}/{n}");
        let call = request(MOVABLE).with_body(body.clone());
        match client.invoke(&addr, call, LOST).await {
            Ok(response) => {
                assert_eq!(response.into_body(), body);
                was_answered = true;
            }
            Err(RpcError::Connect { .. } | RpcError::ChannelClosed { .. } | RpcError::GoAway { .. }) => {}
            Err(error) => panic!("{error}"),
        }
        tokio::task::yield_now().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn calls_survive_restarts_go_away_and_closed_channels() {
    let addr = address("chaos");
    let client = client_with(ClientConfig::new().drain_timeout(SECOND).connect_timeout(LOST));
    let mut server = TestServer::start_at(addr.clone()).await;
    let mut callers = JoinSet::new();
    for caller in 0..CALLERS {
        callers.spawn(call_again_and_again(client.clone(), addr.clone(), caller));
    }
    let mut round = 0;
    while !callers.is_empty() {
        match round % 4 {
            0 => client.close_channels([&addr]),
            1 => server.go_away(true),
            2 => server.go_away(false),
            _ => {
                server.server.shutdown().await;
                server = TestServer::start_at(addr.clone()).await;
            }
        }
        round += 1;
        tokio::time::sleep(Duration::from_millis(1)).await;
        while let Some(caller) = callers.try_join_next() {
            caller.unwrap();
        }
    }
    server.go_away(false);
    client.invoke(&addr, request(MOVABLE), LOST).await.unwrap();
    assert_eq!(client.in_flight(), 0);
    until(|| client.statistics().draining == 0 && client.statistics().channels == 1).await;
    assert_eq!(client.statistics().addresses, 1);
    client.shutdown().await;
    nothing_left(&client);
}
