//! A channel on which no data arrived while a call timed out takes no new calls: its peer may have vanished.
#![allow(clippy::unwrap_used, reason = "a test fails by a panic")]

mod client_support;

use std::time::Duration;

use client_support::*;
use remoting_rpc::testing::{ScriptedPeer, ok, request as expect};
use remoting_rpc::transport::Address;
use remoting_rpc::transport::protocol::{RemotingCommand, RequestCode, ResponseCode};
use remoting_rpc::{CallPhase, ClientConfig, Executor, RemotingClient, RequestContext, RpcError};

#[tokio::test(start_paused = true)]
async fn a_vanished_peer_costs_only_the_calls_in_flight() {
    let mut listener = ScriptedPeer::listen(address("vanishes")).await.unwrap();
    let client = client();
    let call = || {
        let (client, addr) = (client.clone(), listener.local_addr().clone());
        tokio::spawn(async move { client.invoke(addr, request(ECHO), SECOND).await })
    };
    let (first, second) = (call(), call());
    let mute = listener.accept().await;
    for call in [first, second] {
        let error = call.await.unwrap().unwrap_err();
        assert!(matches!(error, RpcError::Timeout { phase: CallPhase::Response, .. }), "{error}");
    }
    let third = {
        let (client, addr) = (client.clone(), listener.local_addr().clone());
        tokio::spawn(async move { client.invoke(addr, request(ECHO), SECOND).await })
    };
    let mut alive = listener.accept().await;
    alive.expect(expect(ECHO)).await.reply(ok()).await;
    third.await.unwrap().unwrap();
    assert_eq!(
        mute.channel().closed().await.why(),
        "it closed the connection",
        "the client did, because no call was in flight on it"
    );
}

#[tokio::test(start_paused = true)]
async fn calls_in_flight_on_a_retired_channel_continue() {
    let server = TestServer::start("long-poll").await;
    server.server.register_processor(RequestCode(7), Executor::inline(), {
        |_: RequestContext, request: RemotingCommand| async move {
            tokio::time::sleep(60 * SECOND).await;
            Ok(RemotingCommand::response_to(&request, ResponseCode::SUCCESS))
        }
    });
    let client = client();
    let long_poll = tokio::spawn({
        let (client, addr) = (client.clone(), server.addr.clone());
        async move { client.invoke(addr, request(RequestCode(7)), 90 * SECOND).await }
    });
    until(|| client.in_flight() == 1 && client.channel(&server.addr).is_some()).await;
    let old = client.channel(&server.addr).unwrap();
    client.invoke(&server.addr, request(SILENT), SECOND).await.unwrap_err();
    assert_eq!((client.statistics().channels, client.statistics().draining), (1, 1));
    client.invoke(&server.addr, request(ECHO), SECOND).await.unwrap();
    assert_eq!(server.accepted(), 2, "new calls have a fresh channel");
    long_poll.await.unwrap().expect("longer than the drain time-out");
    assert!(old.closed().await.why().starts_with("unresponsive"));
    until(|| client.statistics().draining == 0).await;
}

#[tokio::test(start_paused = true)]
async fn a_channel_with_another_response_is_not_retired() {
    let server = TestServer::start("alive").await;
    let client = client();
    let silent = client.invoke(&server.addr, request(SILENT), SECOND);
    let echo = async {
        tokio::time::sleep(SECOND / 2).await;
        client.invoke(&server.addr, request(ECHO), SECOND).await
    };
    let (silent, echo) = tokio::join!(silent, echo);
    assert!(silent.unwrap_err().is_timeout());
    echo.unwrap();
    assert!(client.channel(&server.addr).is_some_and(|channel| channel.is_open()));
}

#[tokio::test(start_paused = true)]
async fn a_channel_with_a_late_response_or_a_request_is_not_retired() {
    let mut listener = ScriptedPeer::listen(address("late")).await.unwrap();
    let client = RemotingClient::builder()
        .config(ClientConfig::new().scan_available_name_servers(false))
        .processor(ECHO, Executor::inline(), |_: RequestContext, request: RemotingCommand| async move {
            Ok(RemotingCommand::response_to(&request, ResponseCode::SUCCESS))
        })
        .build()
        .unwrap();
    assert!(client.is_address_reachable(listener.local_addr(), SECOND).await);
    let peer = listener.accept().await;
    for sent in [ok().with_opaque(-1), request(ECHO)] {
        let silent = client.invoke(listener.local_addr(), request(SILENT), SECOND);
        let speak = async {
            tokio::time::sleep(SECOND / 2).await;
            peer.send(sent).await;
        };
        let (silent, ()) = tokio::join!(silent, speak);
        assert!(silent.unwrap_err().is_timeout());
        assert!(client.channel(listener.local_addr()).is_some_and(|channel| channel.is_open()));
    }
    client.invoke(listener.local_addr(), request(SILENT), SECOND).await.unwrap_err();
    assert!(client.channel(listener.local_addr()).is_none());
}

#[tokio::test(start_paused = true)]
async fn a_wait_for_a_permit_does_not_retire_the_channel() {
    let (other, server) = (TestServer::start("other").await, TestServer::start("alive").await);
    let config = ClientConfig::new().async_permits(2);
    let client = client_with(config);
    let slow = |addr: &Address| {
        let (client, addr) = (client.clone(), addr.clone());
        tokio::spawn(async move { client.invoke(addr, request(SLOW), 3 * SECOND).await })
    };
    let ends_first = slow(&other.addr);
    tokio::time::sleep(SECOND / 2).await;
    let long_poll = slow(&server.addr);
    until(|| server.requests() == 1).await;
    let timeout = Duration::from_millis(550);
    let error = client.invoke(&server.addr, request(SILENT), timeout).await.unwrap_err();
    assert!(matches!(error, RpcError::Timeout { phase: CallPhase::Response, .. }), "{error}");
    assert!(ends_first.is_finished(), "it waited for that call's permit");
    assert_eq!(client.statistics().draining, 0);
    long_poll.await.unwrap().unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_short_wait_does_not_retire_the_channel_and_retiring_can_be_turned_off() {
    let server = TestServer::start("quiet").await;
    let client = client_with(ClientConfig::new().retire_silent_channel_on_timeout(false));
    client.invoke(&server.addr, request(SILENT), 10 * SECOND).await.unwrap_err();
    assert!(client.channel(&server.addr).is_some());
    let client = client_support::client();
    client.invoke(&server.addr, request(ECHO), SECOND).await.unwrap();
    client.invoke(&server.addr, request(SILENT), Duration::ZERO).await.unwrap_err();
    assert!(client.channel(&server.addr).is_some());
}
