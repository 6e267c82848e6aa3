//! Every duration in the settings may be `Duration::MAX`: it means forever, and nothing overflows.

#![expect(clippy::unwrap_used, reason = "a test fails by a panic")]

mod client_support;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use client_support::*;
use remoting_rpc::transport::protocol::{RemotingCommand, ResponseCode};
use remoting_rpc::transport::{ChannelEvent, ProtocolNegotiation, ProxyProtocol};
use remoting_rpc::{
    ClientConfig, Executor, RemotingClient, RemotingServer, RequestContext, RpcError, ServerConfig,
};
use tokio::time::Instant;

const ENDLESS: std::time::Duration = std::time::Duration::MAX;

/// A server on a real port, because sockets have time-outs too.
async fn server(config: ServerConfig) -> RemotingServer {
    RemotingServer::builder()
        .bind("127.0.0.1:0")
        .config(config)
        .default_processor(Executor::inline(), |_: RequestContext, request: RemotingCommand| async move {
            Ok(RemotingCommand::response_to(&request, ResponseCode::SUCCESS))
        })
        .start()
        .await
        .unwrap()
}

/// Makes a few calls, from connect to close.
async fn serves(client: RemotingClient, server: RemotingServer) {
    for _ in 0..3 {
        client.invoke(server.local_addr(), request(ECHO), HOUR).await.unwrap();
    }
    client.shutdown().await;
    nothing_left(&client);
    assert!(server.shutdown().await.is_clean());
}

#[tokio::test]
async fn the_time_outs_of_a_server_may_be_endless() {
    let config = ServerConfig::new;
    for config in [
        config().max_idle(ENDLESS),
        config().keepalive(ENDLESS),
        config().frame_timeout(ENDLESS),
        config().prologue_timeout(ENDLESS),
        config().shutdown_gracefully(true).shutdown_wait(ENDLESS),
        config().shutdown_timeout(ENDLESS),
    ] {
        serves(client(), server(config).await).await;
    }
}

#[tokio::test]
async fn the_time_outs_of_a_client_may_be_endless() {
    let config = ClientConfig::new;
    for config in [
        config().connect_timeout(ENDLESS),
        config().max_idle(ENDLESS),
        config().keepalive(ENDLESS),
        config().frame_timeout(ENDLESS),
        config().shutdown_timeout(ENDLESS),
    ] {
        serves(client_with(config), server(ServerConfig::new()).await).await;
    }
}

#[tokio::test]
async fn the_time_outs_of_prologue_steps_may_be_endless() {
    for (quiet_time, deadline) in [(ENDLESS, ENDLESS), (ENDLESS, HOUR), (HOUR, ENDLESS)] {
        let from = ["127.0.0.0/8".parse().unwrap()];
        let server = RemotingServer::builder()
            .bind("127.0.0.1:0")
            .proxy_protocol(ProxyProtocol::optional(from).quiet_time(quiet_time).deadline(deadline))
            .prologue_step(ProtocolNegotiation::new().quiet_time(quiet_time).deadline(deadline))
            .default_processor(Executor::inline(), |_: RequestContext, request: RemotingCommand| async move {
                Ok(RemotingCommand::response_to(&request, ResponseCode::SUCCESS))
            })
            .start()
            .await
            .unwrap();
        serves(client(), server).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_channel_may_drain_forever() {
    let server = TestServer::start("endless-drain").await;
    let client = client_with(ClientConfig::new().drain_timeout(ENDLESS));
    let slow = tokio::spawn({
        let (client, addr) = (client.clone(), server.addr.clone());
        async move { client.invoke(addr, request(SLOW), 60 * SECOND).await }
    });
    until(|| server.requests() == 1).await;
    server.go_away(true);
    let error = client.invoke(&server.addr, request(MOVABLE), SECOND).await.unwrap_err();
    assert!(matches!(error, RpcError::GoAway { .. }), "{error}");
    assert!(client.statistics().draining > 0);
    slow.await.unwrap().unwrap();
    until(|| client.statistics().draining == 0).await;
    client.shutdown().await;
    nothing_left(&client);
}

#[tokio::test(start_paused = true)]
async fn a_call_may_wait_forever() {
    let server = TestServer::start("endless-call").await;
    let client = client_with(ClientConfig::new().async_permits(1).connect_timeout(ENDLESS));
    let called_back = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&called_back);
    client.invoke_with_callback(&server.addr, request(SLOW), ENDLESS, move |result| {
        result.unwrap();
        counter.fetch_add(1, Ordering::SeqCst);
    });
    until(|| server.requests() == 1).await;
    client.invoke_oneway(&server.addr, request(ECHO), ENDLESS).await.unwrap();
    let started = Instant::now();
    client.invoke(&server.addr, request(ECHO), ENDLESS).await.unwrap();
    assert!(started.elapsed() < 2 * SECOND, "it waited for the one permit");
    until(|| called_back.load(Ordering::SeqCst) == 1).await;
    client.shutdown().await;
    nothing_left(&client);
}

#[tokio::test(start_paused = true)]
async fn name_servers_may_be_probed_once_and_never_again() {
    let server = TestServer::start("endless-probe").await;
    let client = RemotingClient::builder()
        .config(ClientConfig::new().connect_timeout(ENDLESS))
        .on_event(|_: ChannelEvent| {})
        .build()
        .unwrap();
    client.set_name_servers([&server.addr]).unwrap();
    until(|| !client.available_name_servers().is_empty()).await;
    client.shutdown().await;
    nothing_left(&client);
}
