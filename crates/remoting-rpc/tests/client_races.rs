//! Calls while everything around them changes: each ends once, with its own response or with an error that says why,
//! and nothing is left.

mod client_support;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use client_support::*;
use remoting_rpc::transport::Address;
use remoting_rpc::{ClientConfig, RemotingClient, RpcError};
use tokio::task::JoinSet;

const CALLERS: usize = 16;
const CALLS: usize = 250;

async fn call_again_and_again(
    client: RemotingClient,
    addr: Address,
    caller: usize,
    answered: Arc<AtomicUsize>,
) {
    for n in 0..CALLS {
        let body = format!("{caller}/{n}");
        let call = request(MOVABLE).with_body(body.clone());
        match client.invoke(&addr, call, 10 * SECOND).await {
            Ok(response) => {
                assert_eq!(response.into_body(), body);
                answered.fetch_add(1, Ordering::Relaxed);
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
    let client = client_with(ClientConfig::new().drain_timeout(SECOND));
    let answered = Arc::new(AtomicUsize::new(0));
    let mut server = TestServer::start_at(addr.clone()).await;
    let mut callers = JoinSet::new();
    for caller in 0..CALLERS {
        callers.spawn(call_again_and_again(client.clone(), addr.clone(), caller, Arc::clone(&answered)));
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
    assert!(answered.load(Ordering::Relaxed) > 0);
    server.go_away(false);
    client.invoke(&addr, request(MOVABLE), SECOND).await.unwrap();
    assert_eq!(client.in_flight(), 0);
    until(|| client.statistics().draining == 0 && client.statistics().channels == 1).await;
    assert_eq!(client.statistics().addresses, 1);
    client.shutdown().await;
    nothing_left(&client);
}
