//! A call to a name server, while name servers go away, stall, die and leave the list.
#![allow(clippy::unwrap_used, reason = "a test fails by a panic")]

mod client_support;

use std::slice;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use client_support::*;
use remoting_rpc::testing::{PeerListener, ScriptedPeer, ok, request as expect};
use remoting_rpc::transport::Address;
use remoting_rpc::transport::protocol::RemotingCommand;
use remoting_rpc::{
    ClientConfig, HookContext, ProcessorError, RemotingClient, RpcError, RpcHook, ServerConfig,
};
use tokio::time::Instant;

/// A client that begins with the first of these name servers.
fn client_of(list: [&Address; 2], config: ClientConfig) -> RemotingClient {
    (0..)
        .map(|seed| {
            let client = client_with(config.clone().name_server_seed(seed));
            client.set_name_servers(list).unwrap();
            client
        })
        .find(|client| client.name_servers()[0] == *list[0])
        .unwrap()
}

#[tokio::test(start_paused = true)]
async fn a_name_server_that_goes_away_does_not_fail_the_call_while_another_lives() {
    let [leaving, alive] = [TestServer::start("leaving").await, TestServer::start("alive").await];
    let client = client_of([&leaving.addr, &alive.addr], ClientConfig::new());
    client.invoke_name_server(request(MOVABLE), SECOND).await.unwrap();
    leaving.go_away(true);
    client.invoke_name_server(request(MOVABLE), SECOND).await.unwrap();
    assert_eq!((leaving.requests(), alive.requests(), leaving.accepted()), (2, 1, 1));
    client.invoke_name_server(request(MOVABLE), SECOND).await.unwrap();
    assert_eq!((leaving.requests(), alive.requests()), (2, 2), "the other one is chosen now");
}

#[tokio::test(start_paused = true)]
async fn a_name_server_that_shuts_down_gracefully_does_not_fail_the_call() {
    let config = ServerConfig::new().shutdown_gracefully(true);
    let leaving = remoting_rpc::RemotingServer::builder()
        .bind(address("graceful"))
        .config(config)
        .default_processor(remoting_rpc::Executor::inline(), |_, request: RemotingCommand| async move {
            Ok(RemotingCommand::response_to(
                &request,
                remoting_rpc::transport::protocol::ResponseCode::SUCCESS,
            ))
        })
        .start()
        .await
        .unwrap();
    let alive = TestServer::start("alive").await;
    let client = client_of([leaving.local_addr(), &alive.addr], ClientConfig::new());
    client.invoke_name_server(request(ECHO), SECOND).await.unwrap();
    assert_eq!(alive.requests(), 0);
    let addr = leaving.local_addr().clone();
    let down = tokio::spawn(async move { leaving.shutdown().await });
    let deadline = Deadline::start();
    while ScriptedPeer::connect(&addr).await.is_ok() {
        deadline.yield_now().await;
    }
    client.invoke_name_server(request(ECHO), SECOND).await.unwrap();
    assert_eq!(alive.requests(), 1);
    assert!(down.await.unwrap().is_clean());
}

#[tokio::test(start_paused = true)]
async fn if_all_name_servers_go_away_each_is_tried_once_more_and_the_error_is_go_away() {
    let servers = [TestServer::start("leaving").await, TestServer::start("leaving").await];
    servers.iter().for_each(|server| server.go_away(true));
    let client = client_of([&servers[0].addr, &servers[1].addr], ClientConfig::new());
    let error = client.invoke_name_server(request(MOVABLE), SECOND).await.unwrap_err();
    assert!(matches!(error, RpcError::GoAway { twice: true, .. }), "{error}");
    assert!(!error.may_have_been_sent());
    for server in &servers {
        assert_eq!(
            (server.requests(), server.accepted()),
            (2, 2),
            "another server may be behind the address"
        );
    }
}

struct Counting(Arc<AtomicUsize>);

impl RpcHook for Counting {
    fn before_request(&self, _: &mut HookContext<'_>, _: &mut RemotingCommand) -> Result<(), ProcessorError> {
        self.0.fetch_add(1, Ordering::SeqCst);
        Ok(())
    }

    fn after_response(
        &self,
        _: &mut HookContext<'_>,
        _: &RemotingCommand,
        _: Option<&mut RemotingCommand>,
    ) -> Result<(), ProcessorError> {
        self.0.fetch_add(100, Ordering::SeqCst);
        Ok(())
    }
}

#[tokio::test(start_paused = true)]
async fn hooks_see_a_call_to_several_name_servers_once() {
    let [leaving, alive] = [TestServer::start("leaving").await, TestServer::start("alive").await];
    leaving.go_away(true);
    let client = client_of([&leaving.addr, &alive.addr], ClientConfig::new());
    let seen = Arc::new(AtomicUsize::new(0));
    client.register_hook(Counting(Arc::clone(&seen)));
    client.invoke_name_server(request(MOVABLE), SECOND).await.unwrap();
    assert_eq!((leaving.requests(), alive.requests()), (1, 1));
    assert_eq!(seen.load(Ordering::SeqCst), 101);
}

async fn stalling() -> PeerListener {
    ScriptedPeer::listen(address("stalling")).await.unwrap()
}

#[tokio::test(start_paused = true)]
async fn a_name_server_that_accepts_and_stalls_costs_its_share_of_the_budget() {
    let (mut stalls, alive) = (stalling().await, TestServer::start("alive").await);
    let client = client_of([stalls.local_addr(), &alive.addr], ClientConfig::new());
    let start = Instant::now();
    client.invoke_name_server(request(ECHO), 3 * SECOND).await.unwrap();
    assert_eq!(start.elapsed(), 3 * SECOND / 2, "half of the budget, for two candidates");
    assert_eq!(client.in_flight(), 0);
    stalls.accept().await.expect(expect(ECHO)).await;
    client.invoke_name_server(request(ECHO), 3 * SECOND).await.unwrap();
    assert_eq!(start.elapsed(), 3 * SECOND / 2, "the next call begins with the other one");
}

#[tokio::test(start_paused = true)]
async fn the_first_response_counts() {
    let (mut slow, mut stalls) = (stalling().await, stalling().await);
    let client = client_of([slow.local_addr(), stalls.local_addr()], ClientConfig::new());
    let call = tokio::spawn({
        let client = client.clone();
        async move { client.invoke_name_server(request(ECHO), 3 * SECOND).await }
    });
    let mut first = slow.accept().await;
    let received = first.expect(expect(ECHO)).await;
    let mut second = stalls.accept().await;
    second.expect(expect(ECHO)).await;
    received.reply(ok().with_remark("slow")).await;
    assert_eq!(call.await.unwrap().unwrap().remark(), Some("slow"));
}

#[tokio::test(start_paused = true)]
async fn a_single_name_server_and_a_client_without_hedging_send_one_request() {
    let (mut stalls, alive) = (stalling().await, TestServer::start("alive").await);
    let client = client_of([stalls.local_addr(), &alive.addr], ClientConfig::new().hedge_name_servers(false));
    let start = Instant::now();
    let error = client.invoke_name_server(request(ECHO), 3 * SECOND).await.unwrap_err();
    assert!(error.is_timeout() && error.may_have_been_sent(), "{error}");
    assert!(start.elapsed() >= 3 * SECOND);
    assert_eq!(alive.requests(), 0);
    let alone = client_with(ClientConfig::new());
    alone.set_name_servers([stalls.local_addr()]).unwrap();
    assert!(alone.invoke_name_server(request(ECHO), SECOND).await.unwrap_err().is_timeout());
    stalls.accept().await.expect(expect(ECHO)).await;
    let mut peer = stalls.accept().await;
    peer.expect(expect(ECHO)).await;
    assert!(!peer.has_received());
}

#[tokio::test(start_paused = true)]
async fn a_request_that_may_have_been_executed_is_not_repeated_by_an_error() {
    let (mut dies, alive) = (stalling().await, TestServer::start("alive").await);
    let client = client_of([dies.local_addr(), &alive.addr], ClientConfig::new());
    let call = tokio::spawn({
        let client = client.clone();
        async move { client.invoke_name_server(request(ECHO), 3 * SECOND).await }
    });
    let mut peer = dies.accept().await;
    peer.expect(expect(ECHO)).await;
    peer.close();
    let error = call.await.unwrap().unwrap_err();
    assert!(error.is_closed() && error.may_have_been_sent(), "{error}");
    assert_eq!(alive.requests(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_name_server_that_leaves_the_list_keeps_the_calls_in_flight() {
    let [leaving, staying] = [TestServer::start("leaving").await, TestServer::start("staying").await];
    let client = client_of([&leaving.addr, &staying.addr], ClientConfig::new());
    let slow = tokio::spawn({
        let client = client.clone();
        async move { client.invoke_name_server(request(SLOW), 10 * SECOND).await }
    });
    until(|| leaving.requests() == 1).await;
    let old = client.channel(&leaving.addr).unwrap();
    client.set_name_servers([&staying.addr]).unwrap();
    client.invoke_name_server(request(ECHO), SECOND).await.unwrap();
    assert_eq!(staying.requests(), 1);
    assert!(old.is_open() && client.channel(&leaving.addr).is_none());
    slow.await.unwrap().unwrap();
    assert_eq!(old.closed().await.why(), "this name server is no longer in the list");
}

#[tokio::test(start_paused = true)]
async fn probed_connections_are_closed_when_their_name_server_leaves_the_list() {
    let servers = [TestServer::start("probed").await, TestServer::start("probed").await];
    let start = Instant::now();
    let client = RemotingClient::builder().build().unwrap();
    client.set_name_servers([&servers[0].addr, &servers[1].addr]).unwrap();
    until(|| client.statistics().channels == 2).await;
    client.set_name_servers([&servers[1].addr]).unwrap();
    until(|| client.statistics().channels == 1).await;
    assert!(client.channel(&servers[0].addr).is_none() && client.channel(&servers[1].addr).is_some());
    // Nor is a connection kept whose dial ends after its name server has left the list.
    let slow = RemotingClient::builder().prologue_step(Slow(SECOND)).build().unwrap();
    slow.set_name_servers([&servers[0].addr]).unwrap();
    tokio::time::sleep(SECOND / 2).await;
    slow.set_name_servers([&servers[1].addr]).unwrap();
    until(|| slow.channel(&servers[1].addr).is_some()).await;
    until(|| slow.channel(&servers[0].addr).is_none() && slow.statistics().channels == 1).await;
    assert!(start.elapsed() < 10 * SECOND, "they are not closed by the idle time");
}

#[tokio::test(start_paused = true)]
async fn a_name_server_whose_connection_ends_is_not_available_any_more() {
    let [mortal, other] = [TestServer::start("mortal").await, TestServer::start("other").await];
    let client = RemotingClient::builder().config(ClientConfig::new().connect_timeout(HOUR)).build().unwrap();
    client.set_name_servers([&mortal.addr, &other.addr]).unwrap();
    until(|| client.available_name_servers().len() == 2).await;
    drop(mortal);
    until(|| client.statistics().channels == 1).await;
    assert_eq!(client.available_name_servers(), slice::from_ref(&other.addr));
    client.close_channels([&other.addr]);
    until(|| client.statistics().channels == 0).await;
    assert_eq!(client.available_name_servers(), slice::from_ref(&other.addr), "this side closed it");
}
