//! `GO_AWAY`: the call moves to a fresh channel once, and the old channel lives as long as its calls.
#![allow(clippy::unwrap_used, reason = "a test fails by a panic")]

mod client_support;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use client_support::*;
use parking_lot::Mutex;
use remoting_rpc::transport::protocol::{
    CommandFlags, LanguageCode, MqVersion, RemotingCommand, ResponseCode, SerializeType,
};
use remoting_rpc::transport::{ChannelEvent, Listener, ListenerOptions};
use remoting_rpc::{
    ClientConfig, Executor, HookContext, ProcessorError, RemotingClient, RemotingServer, RequestContext,
    RpcError, RpcHook, ServerConfig,
};

/// A server that responds with `GO_AWAY` on its first connection and serves later ones, as behind a load
/// balancer.
async fn balanced() -> (RemotingServer, Arc<Mutex<Vec<RemotingCommand>>>) {
    let requests = Arc::<Mutex<Vec<RemotingCommand>>>::default();
    let (first, seen) = (Mutex::new(None), Arc::clone(&requests));
    let server = RemotingServer::builder()
        .bind(address("balanced"))
        .default_processor(Executor::inline(), move |ctx: RequestContext, request: RemotingCommand| {
            let leaving = *first.lock().get_or_insert(ctx.channel().id()) == ctx.channel().id();
            seen.lock().push(request.clone());
            async move {
                if request.request_code() == SLOW {
                    tokio::time::sleep(SECOND).await;
                } else if leaving && request.request_code() == MOVABLE {
                    return Ok(RemotingCommand::response_to(&request, ResponseCode::GO_AWAY));
                }
                Ok(RemotingCommand::response_to(&request, ResponseCode::SUCCESS))
            }
        })
        .start()
        .await
        .unwrap();
    (server, requests)
}

#[derive(Clone, Default)]
struct Counting(Arc<AtomicUsize>, Arc<AtomicUsize>);

impl RpcHook for Counting {
    fn before_request(
        &self,
        _: &mut HookContext<'_>,
        request: &mut RemotingCommand,
    ) -> Result<(), ProcessorError> {
        self.0.fetch_add(1, Ordering::SeqCst);
        request.set_ext_field("hooked", "once")?;
        Ok(())
    }

    fn after_response(
        &self,
        _: &mut HookContext<'_>,
        _: &RemotingCommand,
        response: Option<&mut RemotingCommand>,
    ) -> Result<(), ProcessorError> {
        assert_eq!(
            response.unwrap().response_code(),
            ResponseCode::SUCCESS,
            "only the last response is seen"
        );
        self.1.fetch_add(1, Ordering::SeqCst);
        Ok(())
    }
}

#[tokio::test(start_paused = true)]
async fn a_call_is_repeated_once_unchanged_except_for_its_opaque() {
    let (server, requests) = balanced().await;
    let hook = Counting::default();
    let client = RemotingClient::builder().hook(hook.clone()).build().unwrap();
    let sent = request(MOVABLE)
        .with_language(LanguageCode::GO)
        .with_version(MqVersion::V4_9_8)
        .with_flags(CommandFlags(1 << 8))
        .with_serialize_type(SerializeType::RocketMq)
        .with_remark("remark")
        .with_ext_field("key", "value")
        .unwrap()
        .with_body("body");
    let response = client.invoke(server.local_addr(), sent.clone(), SECOND).await.unwrap();
    assert_eq!(response.response_code(), ResponseCode::SUCCESS);
    let mut requests = std::mem::take(&mut *requests.lock());
    assert_eq!(requests.len(), 2);
    for request in &mut requests {
        request.set_opaque(0);
        assert_eq!(*request, sent.clone().with_ext_field("hooked", "once").unwrap());
    }
    assert_eq!((hook.0.load(Ordering::SeqCst), hook.1.load(Ordering::SeqCst)), (1, 1));
    assert_eq!(server.listener_statistics().accepted(), 2);
}

#[tokio::test(start_paused = true)]
async fn the_old_channel_stays_for_its_calls_and_is_closed_after_the_last() {
    let (server, _) = balanced().await;
    let client = client();
    let addr = server.local_addr().clone();
    let slow = tokio::spawn({
        let (client, addr) = (client.clone(), addr.clone());
        async move { client.invoke(addr, request(SLOW), 3 * SECOND).await }
    });
    until(|| client.in_flight() == 1 && client.channel(&addr).is_some()).await;
    let old = client.channel(&addr).unwrap();
    client.invoke(&addr, request(MOVABLE), SECOND).await.unwrap();
    assert_ne!(client.channel(&addr).unwrap().id(), old.id(), "new calls use the fresh channel");
    assert_eq!((client.statistics().channels, client.statistics().draining), (2, 1));
    assert!(old.is_open());
    slow.await.unwrap().unwrap();
    assert_eq!(old.closed().await.why(), "drained after GO_AWAY");
    until(|| client.statistics().channels == 1).await;
    assert_eq!(client.statistics().draining, 0);
}

#[tokio::test(start_paused = true)]
async fn the_old_channel_stays_for_the_requests_of_the_server() {
    let (server, _) = balanced().await;
    let calls = Arc::<AtomicUsize>::default();
    let counter = Arc::clone(&calls);
    let client = RemotingClient::builder()
        .config(ClientConfig::new().scan_available_name_servers(false))
        .processor(SLOW, Executor::inline(), move |_: RequestContext, request: RemotingCommand| {
            counter.fetch_add(1, Ordering::SeqCst);
            async move {
                tokio::time::sleep(SECOND).await;
                Ok(RemotingCommand::response_to(&request, ResponseCode::SUCCESS))
            }
        })
        .build()
        .unwrap();
    let addr = server.local_addr();
    client.invoke(addr, request(ECHO), SECOND).await.unwrap();
    let (old, callee) = (client.channel(addr).unwrap(), server.channels().pop().unwrap());
    let call = tokio::spawn(async move { callee.invoke(request(SLOW), 3 * SECOND).await });
    until(|| calls.load(Ordering::SeqCst) == 1).await;
    client.invoke(addr, request(MOVABLE), SECOND).await.unwrap();
    tokio::time::sleep(SECOND / 2).await;
    assert!(old.is_open());
    assert_eq!(call.await.unwrap().unwrap().response_code(), ResponseCode::SUCCESS);
    assert_eq!(old.closed().await.why(), "drained after GO_AWAY");
}

#[tokio::test(start_paused = true)]
async fn draining_has_a_deadline() {
    let (server, _) = balanced().await;
    let client = client_with(ClientConfig::new().drain_timeout(SECOND / 2));
    let addr = server.local_addr().clone();
    let slow = tokio::spawn({
        let (client, addr) = (client.clone(), addr.clone());
        async move { client.invoke(addr, request(SLOW), 3 * SECOND).await }
    });
    until(|| client.in_flight() == 1 && client.channel(&addr).is_some()).await;
    client.invoke(&addr, request(MOVABLE), SECOND).await.unwrap();
    let error = slow.await.unwrap().unwrap_err();
    assert!(error.to_string().contains("not drained in time after GO_AWAY"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn closing_channels_by_address_closes_the_draining_one_too() {
    let (server, _) = balanced().await;
    let client = client();
    let addr = server.local_addr().clone();
    let slow = tokio::spawn({
        let (client, addr) = (client.clone(), addr.clone());
        async move { client.invoke(addr, request(SLOW), 3 * SECOND).await }
    });
    until(|| client.in_flight() == 1 && client.channel(&addr).is_some()).await;
    client.invoke(&addr, request(MOVABLE), SECOND).await.unwrap();
    client.close_channels([&addr]);
    let error = slow.await.unwrap().unwrap_err();
    assert!(error.to_string().contains("closed by close_channels"), "{error}");
    until(|| client.statistics().channels == 0 && client.statistics().draining == 0).await;
}

#[tokio::test(start_paused = true)]
async fn concurrent_calls_move_to_one_fresh_channel() {
    let (server, _) = balanced().await;
    let client = client();
    let calls: Vec<_> = (0..64)
        .map(|_| {
            let (client, addr) = (client.clone(), server.local_addr().clone());
            tokio::spawn(async move { client.invoke(addr, request(MOVABLE), SECOND).await })
        })
        .collect();
    for call in calls {
        assert_eq!(call.await.unwrap().unwrap().response_code(), ResponseCode::SUCCESS);
    }
    assert_eq!(server.listener_statistics().accepted(), 2, "one fresh channel for all calls");
    until(|| client.statistics().channels == 1).await;
}

#[tokio::test(start_paused = true)]
async fn a_server_that_still_goes_away_on_the_fresh_channel_is_an_error() {
    let server = TestServer::start("leaving").await;
    server.go_away(true);
    let client = client();
    let error = client.invoke(&server.addr, request(MOVABLE), SECOND).await.unwrap_err();
    assert!(matches!(error, RpcError::GoAway { twice: true, .. }), "{error}");
    assert!(!error.may_have_been_sent(), "the server has not processed it");
    assert_eq!(server.accepted(), 2);
    server.go_away(false);
    client.invoke(&server.addr, request(MOVABLE), SECOND).await.unwrap();
    assert_eq!(server.accepted(), 2);
}

#[tokio::test(start_paused = true)]
async fn without_reconnect_the_caller_gets_the_go_away() {
    let server = TestServer::start("leaving").await;
    server.go_away(true);
    let client = client_with(ClientConfig::new().reconnect_for_go_away(false));
    let response = client.invoke(&server.addr, request(MOVABLE), SECOND).await.unwrap();
    assert_eq!(response.response_code(), ResponseCode::GO_AWAY);
    assert_eq!(server.accepted(), 1);
}

#[tokio::test(start_paused = true)]
async fn moving_spends_the_same_budget() {
    let server = TestServer::start("leaving").await;
    let client = RemotingClient::builder()
        .config(ClientConfig::new().scan_available_name_servers(false))
        .prologue_step(Slow(SECOND))
        .build()
        .unwrap();
    server.go_away(true);
    let start = tokio::time::Instant::now();
    let error = client.invoke(&server.addr, request(MOVABLE), 3 * SECOND / 2).await.unwrap_err();
    assert!(error.is_timeout() && error.is_connect(), "{error}");
    assert_eq!(start.elapsed(), 3 * SECOND / 2);
}

/// The client reads the clock only when it waits for its second response; until then its channel's task does.
#[tokio::test(start_paused = true)]
async fn a_moved_call_has_the_remaining_time_of_its_first_wait() {
    let connections = Arc::new(Mutex::new(Vec::new()));
    let server = RemotingServer::builder()
        .bind(address("late-leaving"))
        .default_processor(Executor::inline(), move |ctx: RequestContext, request: RemotingCommand| {
            let mut connections = connections.lock();
            if !connections.contains(&ctx.channel().id()) {
                connections.push(ctx.channel().id());
            }
            let leaving = connections.len() == 1;
            async move {
                if request.request_code() == ECHO {
                    return Ok(RemotingCommand::response_to(&request, ResponseCode::SUCCESS));
                }
                if !leaving {
                    std::future::pending::<()>().await;
                }
                tokio::time::sleep(SECOND).await;
                Ok(RemotingCommand::response_to(&request, ResponseCode::GO_AWAY))
            }
        })
        .start()
        .await
        .unwrap();
    let client = client();
    client.invoke(server.local_addr(), request(ECHO), SECOND).await.unwrap();
    tokio::time::sleep(SECOND).await; // not part of the call's time
    let start = tokio::time::Instant::now();
    let timeout = 3 * SECOND / 2;
    let error = client.invoke(server.local_addr(), request(MOVABLE), timeout).await.unwrap_err();
    assert!(error.is_timeout() && error.may_have_been_sent(), "{error}");
    let tick = Duration::from_millis(11);
    assert!((timeout..timeout + tick).contains(&start.elapsed()), "it took {:?}", start.elapsed());
}

#[tokio::test(start_paused = true)]
async fn a_server_that_shuts_down_gracefully_sends_its_clients_to_its_successor() {
    let addr = address("replaced");
    let config = ServerConfig::new().shutdown_gracefully(true);
    let echo = |_: RequestContext, request: RemotingCommand| async move {
        Ok(RemotingCommand::response_to(&request, ResponseCode::SUCCESS))
    };
    let start = || {
        RemotingServer::builder()
            .bind(&addr)
            .config(config.clone())
            .default_processor(Executor::inline(), echo)
            .start()
    };
    let old = start().await.unwrap();
    let client = client();
    client.invoke(&addr, request(ECHO), SECOND).await.unwrap();
    let down = tokio::spawn(async move { old.shutdown().await });
    // The successor can bind as soon as the old listener is closed, which is the first step of a shutdown.
    let probe = || Listener::bind(&addr, ListenerOptions::default());
    let deadline = Deadline::start();
    while probe().await.is_err() {
        deadline.yield_now().await;
    }
    let new = start().await.unwrap();
    client.invoke(&addr, request(ECHO), SECOND).await.unwrap();
    assert_eq!(new.listener_statistics().accepted(), 1);
    assert!(down.await.unwrap().is_clean());
    client.invoke(&addr, request(ECHO), SECOND).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_client_that_ends_drops_its_draining_channels() {
    for gracefully in [true, false] {
        let server = TestServer::start("drains-at-the-end").await;
        let events = Arc::<Mutex<Vec<String>>>::default();
        let seen = Arc::clone(&events);
        let client = RemotingClient::builder()
            .config(ClientConfig::new().shutdown_timeout(SECOND).scan_available_name_servers(false))
            .on_event(move |event: ChannelEvent| {
                seen.lock().push(event.kind.name().to_owned());
            })
            .build()
            .unwrap();
        client.invoke_with_callback(&server.addr, request(SILENT), 3600 * SECOND, |_| {});
        until(|| server.requests() == 1).await;
        server.go_away(true);
        client.invoke(&server.addr, request(MOVABLE), SECOND).await.unwrap_err();
        assert!(client.statistics().draining > 0);
        if gracefully {
            client.shutdown().await;
            nothing_left(&client);
        }
        drop(client);
        until(|| Arc::strong_count(&events) == 1).await;
        let count = |kind: &str| events.lock().iter().filter(|event| *event == kind).count();
        assert_eq!((count("CONNECT"), count("CLOSE")), (2, 2));
    }
}

/// A server that responds with `GO_AWAY` to every second request, and not at all to the others.
async fn sends_every_second_call_away() -> RemotingServer {
    let requests = AtomicUsize::new(0);
    RemotingServer::builder()
        .bind(address("every-second"))
        .default_processor(Executor::inline(), move |_: RequestContext, request: RemotingCommand| {
            let is_sent_away = requests.fetch_add(1, Ordering::SeqCst) % 2 == 1;
            async move {
                if !is_sent_away {
                    std::future::pending::<()>().await;
                }
                Ok(RemotingCommand::response_to(&request, ResponseCode::GO_AWAY))
            }
        })
        .start()
        .await
        .unwrap()
}

#[tokio::test(start_paused = true)]
async fn the_number_of_draining_channels_of_an_address_is_bounded() {
    let server = sends_every_second_call_away().await;
    let client = client_with(ClientConfig::new().longest_reconnect_pause(Duration::ZERO));
    let (mut cut, mut most) = (0, 0);
    let mut calls = tokio::task::JoinSet::new();
    for _ in 0..500 {
        let (caller, addr) = (client.clone(), server.local_addr().clone());
        calls.spawn(async move { caller.invoke(addr, request(MOVABLE), 3 * SECOND).await });
        tokio::time::sleep(Duration::from_millis(2)).await;
        let statistics = client.statistics();
        most = most.max(statistics.channels);
        assert!(statistics.draining <= 4, "{statistics:?}");
    }
    // The one in use, the four that drain, and the one that was just closed.
    assert!(most <= 6, "{most} channels at once");
    while let Some(call) = calls.join_next().await {
        let error = call.unwrap().unwrap_err();
        if error.is_closed() {
            assert!(error.to_string().ends_with("too many draining channels to this address"), "{error}");
            cut += 1;
        }
    }
    assert!(cut > 0);
    client.shutdown().await;
    nothing_left(&client);
}
