//! The pace at which an address that keeps failing is dialled.
#![allow(clippy::unwrap_used, reason = "a test fails by a panic")]

mod client_support;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use client_support::*;
use remoting_rpc::testing::ScriptedPeer;
use remoting_rpc::transport::protocol::ErrorChain;
use remoting_rpc::transport::{
    Acceptor, Address, Channel, ChannelPipeline, Connection, Network, NetworkFuture, PipelineError,
    SocketOptions, SystemNetwork,
};
use remoting_rpc::{ClientConfig, RemotingClient, RpcError};
use tokio::time::Instant;

#[tokio::test(start_paused = true)]
async fn a_refusing_address_is_dialled_at_a_bounded_pace_and_at_once_after_a_long_life() {
    let client = client();
    let server = TestServer::start("restarts").await;
    let addr = server.addr.clone();
    client.invoke(&addr, request(ECHO), SECOND).await.unwrap();
    tokio::time::sleep(2 * SECOND).await;
    drop(server);
    until(|| client.channel(&addr).is_none()).await;
    let start = Instant::now();
    client.invoke(&addr, request(ECHO), SECOND).await.unwrap_err();
    assert_eq!(start.elapsed(), Duration::ZERO, "the first dial after a long life does not wait");
    let server = TestServer::start_at(addr.clone()).await;
    client.invoke(&addr, request(ECHO), SECOND).await.unwrap();
    assert!(
        start.elapsed() <= Duration::from_millis(20),
        "a restart does not wait either: {:?}",
        start.elapsed()
    );

    tokio::time::sleep(2 * SECOND).await;
    drop(server);
    until(|| client.channel(&addr).is_none()).await;
    let (start, mut dials) = (Instant::now(), 0);
    while start.elapsed() < 60 * SECOND {
        let error = client.invoke(&addr, request(ECHO), 3 * SECOND).await.unwrap_err();
        assert!(error.is_connect(), "{error}");
        dials += 1;
        assert!(dials < 100, "the clock does not advance");
    }
    assert!((60..75).contains(&dials), "{dials} dials in a minute");
}

#[tokio::test(start_paused = true)]
async fn an_address_that_accepts_and_closes_at_once_is_dialled_at_a_bounded_pace() {
    let mut listener = ScriptedPeer::listen(address("closes-at-once")).await.unwrap();
    let addr = listener.local_addr().clone();
    let client = client();
    let callers: Vec<_> = (0..8)
        .map(|_| {
            let (client, addr) = (client.clone(), addr.clone());
            tokio::spawn(async move {
                let start = Instant::now();
                while start.elapsed() < 60 * SECOND {
                    client.invoke(&addr, request(ECHO), 3 * SECOND).await.unwrap_err();
                }
            })
        })
        .collect();
    let mut accepted = 0;
    while callers.iter().any(|caller| !caller.is_finished()) {
        tokio::time::sleep(Duration::from_millis(1)).await;
        while listener.has_client() {
            listener.accept().await.close();
            accepted += 1;
            assert!(accepted < 100, "the clock does not advance");
        }
    }
    assert!((60..75).contains(&accepted), "{accepted} connections in a minute");
}

#[tokio::test(start_paused = true)]
async fn a_call_whose_time_ends_before_the_next_dial_fails_at_once_with_the_last_cause() {
    let (addr, client) = (address("refuses"), client());
    for _ in 0..8 {
        client.invoke(&addr, request(ECHO), 3 * SECOND).await.unwrap_err();
    }
    let start = Instant::now();
    let error = client.invoke(&addr, request(ECHO), SECOND / 2).await.unwrap_err();
    assert_eq!(start.elapsed(), Duration::ZERO);
    assert!(error.is_connect() && !error.is_timeout() && !error.may_have_been_sent());
    assert_eq!(
        ErrorChain(&error).to_string(),
        format!(
            "connect to <{addr}> failed: the last 8 attempts failed, and the next is in 1s: connection refused"
        )
    );
    let impatient = client_with(ClientConfig::new().longest_reconnect_pause(Duration::ZERO));
    for _ in 0..100 {
        impatient.invoke(&addr, request(ECHO), SECOND).await.unwrap_err();
    }
    assert_eq!(start.elapsed(), Duration::ZERO, "pauses can be turned off");
}

#[tokio::test(start_paused = true)]
async fn an_address_that_goes_away_at_once_is_dialled_at_a_bounded_pace() {
    let server = TestServer::start("always-leaving").await;
    server.go_away(true);
    let client = client();
    let start = Instant::now();
    while start.elapsed() < 60 * SECOND {
        let error = client.invoke(&server.addr, request(MOVABLE), 3 * SECOND).await.unwrap_err();
        assert!(matches!(error, RpcError::GoAway { twice: true, .. }), "{error}");
        assert!(server.accepted() < 100, "the clock does not advance");
    }
    let accepted = server.accepted();
    assert!((60..75).contains(&accepted), "{accepted} connections in a minute");
}

#[tokio::test(start_paused = true)]
async fn calls_that_keep_getting_go_away_share_the_pause() {
    let server = TestServer::start("always-leaving").await;
    server.go_away(true);
    let client = client();
    for _ in 0..10 {
        client.invoke(&server.addr, request(MOVABLE), 3 * SECOND).await.unwrap_err();
    }
    server.go_away(false);
    let (start, accepted) = (Instant::now(), server.accepted());
    client.close_channels([&server.addr]);
    let calls: Vec<_> = (0..64)
        .map(|_| {
            let (client, addr) = (client.clone(), server.addr.clone());
            tokio::spawn(async move { client.invoke(addr, request(MOVABLE), 3 * SECOND).await })
        })
        .collect();
    for call in calls {
        call.await.unwrap().unwrap();
    }
    assert!(start.elapsed() <= SECOND, "{:?}", start.elapsed());
    assert_eq!(server.accepted(), accepted + 1);
}

/// A network whose dials panic.
#[derive(Debug, Default)]
struct Panics(Arc<AtomicUsize>);

impl Network for Panics {
    fn dial<'a>(&'a self, _: &'a Address, _: &'a SocketOptions) -> NetworkFuture<'a, Connection> {
        self.0.fetch_add(1, Ordering::Relaxed);
        Box::pin(async { panic!("no network today") })
    }

    fn listen<'a>(
        &'a self,
        address: &'a Address,
        options: &'a SocketOptions,
    ) -> NetworkFuture<'a, Box<dyn Acceptor>> {
        SystemNetwork.listen(address, options)
    }
}

/// Calls `addr` for a minute. Returns the last error without a pause.
async fn fails_for_a_minute(client: &RemotingClient, addr: &Address) -> String {
    let (start, mut calls) = (Instant::now(), 0);
    loop {
        let error = client.invoke(addr, request(ECHO), 3 * SECOND).await.unwrap_err();
        assert!(error.is_connect(), "{error}");
        calls += 1;
        assert!(calls < 100, "the clock does not advance");
        if start.elapsed() >= 60 * SECOND {
            return ErrorChain(&error).to_string();
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_panic_in_a_dial_is_a_failed_dial_with_its_pause() {
    let config = || ClientConfig::new().scan_available_name_servers(false);
    let server = TestServer::start("panics").await;
    let addr = server.addr.clone();

    let initializer =
        |_: &Channel, _: &mut ChannelPipeline| -> Result<(), PipelineError> { panic!("no pipeline today") };
    let client = RemotingClient::builder().config(config()).handlers(initializer).build().unwrap();
    assert_eq!(
        fails_for_a_minute(&client, &addr).await,
        format!("connect to <{addr}> failed: the initializer of the pipeline panicked: no pipeline today")
    );
    let accepted = server.accepted();
    assert!((60..75).contains(&accepted), "{accepted} connections in a minute");

    let dials = Arc::<AtomicUsize>::default();
    let client =
        RemotingClient::builder().config(config()).network(Panics(Arc::clone(&dials))).build().unwrap();
    assert_eq!(
        fails_for_a_minute(&client, &addr).await,
        format!("connect to <{addr}> failed: the connection attempt panicked: no network today")
    );
    let dials = dials.load(Ordering::Relaxed);
    assert!((60..75).contains(&dials), "{dials} dials in a minute");
}
