//! Calls on channels that are closing, closed or dead: unsent calls move to a fresh channel, unless this side
//! closed the channel to end them.
#![allow(clippy::unwrap_used, reason = "a test fails by a panic")]

mod client_support;

use std::future::Future;
use std::pin::pin;
use std::task::{Context, Waker};
use std::time::Duration;

use client_support::*;
use parking_lot::Mutex;
use remoting_rpc::testing::{ScriptedPeer, any};
use remoting_rpc::transport::protocol::{RemotingCommand, ResponseCode};
use remoting_rpc::transport::{
    Address, CloseInitiator, CloseReason, Connection, PrologueFuture, PrologueStep, Stream, Verdict,
    WaterMark,
};
use remoting_rpc::{
    ClientConfig, Executor, RemotingClient, RemotingServer, RequestContext, RpcError, RpcHook,
};
use tokio::sync::oneshot;
use tokio::time::Instant;

/// Keeps the first connection from the server, so the test can play the peer.
#[derive(Debug)]
struct TakesFirst(Mutex<Option<oneshot::Sender<Stream>>>);

impl PrologueStep for TakesFirst {
    fn name(&self) -> &'static str {
        "takes the first"
    }

    fn deadline(&self) -> Duration {
        HOUR
    }

    fn run<'a>(&'a self, connection: Connection) -> PrologueFuture<'a> {
        Box::pin(async move {
            let Some(take) = self.0.lock().take() else { return Ok(Verdict::Continue(connection)) };
            assert!(take.send(connection.stream).is_ok());
            Ok(Verdict::Claim(Box::pin(std::future::pending())))
        })
    }
}

#[tokio::test(start_paused = true)]
async fn a_request_unwritten_at_the_end_of_its_channel_moves_to_a_fresh_one() {
    for hooked in [false, true] {
        let (take, taken) = oneshot::channel();
        let server = RemotingServer::builder()
            .bind(address("restarts"))
            .prologue_step(TakesFirst(Mutex::new(Some(take))))
            .default_processor(Executor::inline(), |_: RequestContext, request: RemotingCommand| async move {
                Ok(RemotingCommand::response_to(&request, ResponseCode::SUCCESS))
            })
            .start()
            .await
            .unwrap();
        let client = client();
        assert!(client.is_address_reachable(server.local_addr(), SECOND).await);
        let peer = taken.await.unwrap();
        if hooked {
            client.register_hook(NoHook);
        }
        tokio::time::sleep(2 * SECOND).await;
        // The client's own task does not run between the end of the connection and the call.
        drop(peer);
        let mut calls: Vec<_> =
            (0..10).map(|_| Box::pin(client.invoke(server.local_addr(), request(ECHO), SECOND))).collect();
        for call in &mut calls {
            assert!(call.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
        }
        assert_eq!(client.channel(server.local_addr()).map(|channel| channel.in_flight()), Some(10));
        for call in calls {
            assert_eq!(call.await.unwrap().response_code(), ResponseCode::SUCCESS);
        }
        assert_eq!((client.in_flight(), client.statistics().channels), (0, 1));
    }
}

#[tokio::test(start_paused = true)]
async fn a_request_that_was_written_before_the_channel_ended_is_not_repeated() {
    let mut listener = ScriptedPeer::listen(address("reads")).await.unwrap();
    let client = client();
    let call = tokio::spawn({
        let (client, addr) = (client.clone(), listener.local_addr().clone());
        async move { client.invoke(addr, request(ECHO), SECOND).await }
    });
    let mut peer = listener.accept().await;
    peer.expect(any()).await;
    peer.close();
    let error = call.await.unwrap().unwrap_err();
    assert!(error.is_closed() && error.may_have_been_sent(), "{error}");
    assert!(!listener.has_client());
}

/// Changes nothing.
struct NoHook;

impl RpcHook for NoHook {}

#[tokio::test(start_paused = true)]
async fn a_call_that_finds_its_channel_closing_uses_a_fresh_one() {
    const WHY: CloseReason = CloseReason::local("a test");
    let server = TestServer::start("closing").await;
    let client = client();
    client.invoke(&server.addr, request(ECHO), SECOND).await.unwrap();
    client.channel(&server.addr).unwrap().close(WHY);
    client.invoke(&server.addr, request(ECHO), SECOND).await.unwrap();
    assert_eq!(server.accepted(), 2);
    client.channel(&server.addr).unwrap().close(WHY);
    client.invoke_oneway(&server.addr, request(ECHO), SECOND).await.unwrap();
    until(|| server.requests() == 3).await;
    assert_eq!(server.accepted(), 3, "a closing channel might lose the request");
}

/// Fills the outbound queue of a channel to `addr`, so that later requests wait for capacity.
async fn fill(client: &RemotingClient, addr: &Address) {
    assert!(client.is_address_reachable(addr, SECOND).await);
    let large = request(ECHO).with_body(vec![7; 1 << 20]);
    client.invoke_oneway(addr, large.clone(), SECOND).await.unwrap();
    tokio::time::sleep(SECOND / 10).await; // the channel's task takes it
    client.invoke_oneway(addr, large, SECOND).await.unwrap();
    assert!(!client.is_channel_writable(addr));
}

/// A server that accepts connections and reads nothing.
async fn deaf() -> RemotingServer {
    let builder = RemotingServer::builder().bind(address("deaf")).prologue_step(Slow(3600 * SECOND));
    builder.start().await.unwrap()
}

#[tokio::test(start_paused = true)]
async fn a_oneway_call_that_finds_its_channel_dead_uses_a_fresh_one() {
    let (busy, server) = (deaf().await, TestServer::start("mortal").await);
    let config = ClientConfig::new().water_mark(WaterMark::new(1, 1).unwrap()).oneway_permits(1);
    let client = client_with(config);
    fill(&client, busy.local_addr()).await;
    client.invoke(&server.addr, request(ECHO), SECOND).await.unwrap();
    let oneway = |addr: &Address| {
        let (client, addr) = (client.clone(), addr.clone());
        tokio::spawn(async move { client.invoke_oneway(addr, request(ECHO), 30 * SECOND).await })
    };
    let holds_the_permit = oneway(busy.local_addr());
    until(|| client.statistics().oneway_in_flight == 1).await;
    let finds_it_dead = oneway(&server.addr);
    tokio::time::sleep(SECOND).await; // it has its channel and waits for the permit
    let channel = client.channel(&server.addr).unwrap();
    let addr = server.addr.clone();
    drop(server);
    channel.closed().await;
    let successor = TestServer::start_at(addr).await;
    client.close_channels([busy.local_addr()]);
    assert!(holds_the_permit.await.unwrap().unwrap_err().is_closed());
    finds_it_dead.await.unwrap().unwrap();
    until(|| successor.requests() == 1).await;
}

#[tokio::test(start_paused = true)]
async fn closing_channels_by_address_interrupts_the_calls_pending_there_and_no_others() {
    let [one, ten] = [TestServer::start("broker-1").await, TestServer::start("broker-10").await];
    let client = client();
    let pull = |server: &TestServer| {
        let (client, addr) = (client.clone(), server.addr.clone());
        tokio::spawn(async move { client.invoke(addr, request(SILENT), 30 * SECOND).await })
    };
    let (interrupted, other) = (pull(&one), pull(&ten));
    until(|| one.requests() == 1 && ten.requests() == 1).await;
    client.close_channels([&one.addr, &address("unknown")]);
    let error = interrupted.await.unwrap().unwrap_err();
    assert!(error.to_string().ends_with("closed locally: closed by close_channels"), "{error}");
    assert!(client.channel(&one.addr).is_none());
    assert!(!other.is_finished());
    client.invoke(&one.addr, request(ECHO), SECOND).await.unwrap();
    assert_eq!(one.accepted(), 2);
}

#[tokio::test(start_paused = true)]
async fn closing_channels_fails_the_calls_that_wait_for_capacity_at_once() {
    for hooked in [false, true] {
        let server = deaf().await;
        let addr = server.local_addr().clone();
        let client = client_with(ClientConfig::new().water_mark(WaterMark::new(1, 1).unwrap()));
        fill(&client, &addr).await;
        if hooked {
            client.register_hook(NoHook);
        }
        let call = tokio::spawn({
            let (client, addr) = (client.clone(), addr.clone());
            async move { client.invoke(addr, request(ECHO), 30 * SECOND).await }
        });
        let oneway = tokio::spawn({
            let (client, addr) = (client.clone(), addr.clone());
            async move { client.invoke_oneway(addr, request(ECHO), 30 * SECOND).await }
        });
        until(|| client.in_flight() == 1 && client.statistics().oneway_in_flight == 1).await;
        let start = Instant::now();
        client.close_channels([&addr]);
        for error in [call.await.unwrap().unwrap_err(), oneway.await.unwrap().unwrap_err()] {
            assert!(error.to_string().ends_with("closed locally: closed by close_channels"), "{error}");
            assert!(!error.may_have_been_sent());
        }
        assert_eq!(start.elapsed(), Duration::ZERO);
        assert_eq!(server.listener_statistics().accepted(), 1, "no call dialled a fresh connection");
    }
}

#[tokio::test(start_paused = true)]
async fn closing_channels_abandons_the_dial_too() {
    let server = TestServer::start("given-up").await;
    let client = RemotingClient::builder().prologue_step(BlackHole(server.addr.clone())).build().unwrap();
    let call = tokio::spawn({
        let (client, addr) = (client.clone(), server.addr.clone());
        async move { client.invoke(addr, request(ECHO), 3600 * SECOND).await }
    });
    until(|| client.statistics().addresses == 1).await;
    client.close_channels([&server.addr]);
    let error = call.await.unwrap().unwrap_err();
    assert!(matches!(error, RpcError::ChannelClosed { may_have_been_sent: false, .. }), "{error}");
    assert_eq!(client.statistics().addresses, 0);
}

#[tokio::test(start_paused = true)]
async fn calls_that_wait_for_capacity_move_to_a_fresh_channel_when_the_peer_closes() {
    let mut listener = ScriptedPeer::listen(address("closes")).await.unwrap();
    let addr = listener.local_addr().clone();
    let client = client_with(ClientConfig::new().water_mark(WaterMark::new(1, 1).unwrap()));
    assert!(client.is_address_reachable(&addr, SECOND).await);
    let first = listener.accept().await;
    let channel = client.channel(&addr).unwrap();
    let oneway = |body: usize| {
        let (client, addr) = (client.clone(), addr.clone());
        let call = request(ECHO).with_body(vec![7; body]);
        async move { client.invoke_oneway(addr, call, 30 * SECOND).await }
    };
    // Nothing runs in between, so the first call fills the queue and the second waits for capacity.
    let (mut fills, mut waits) = (pin!(oneway(1 << 20)), pin!(oneway(1)));
    let waker = Waker::noop();
    assert!(fills.as_mut().poll(&mut Context::from_waker(waker)).is_ready());
    assert!(waits.as_mut().poll(&mut Context::from_waker(waker)).is_pending());
    channel.close(CloseReason::new(CloseInitiator::Peer, "as if the peer had closed"));
    drop(first);
    waits.await.unwrap();
    assert!(listener.accept().await.expect(any()).await.command().body().len() == 1);
}
