//! The connections of a client: one per address, dialled once for all callers, removed from the table when
//! they end.

mod client_support;

use std::sync::Arc;
use std::sync::atomic::Ordering;

use client_support::*;
use parking_lot::Mutex;
use remoting_rpc::transport::protocol::{RemotingCommand, ResponseCode};
use remoting_rpc::transport::{ChannelEvent, ChannelEventKind, CloseInitiator};
use remoting_rpc::{ClientConfig, Executor, RemotingClient, RequestContext, RpcError};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn concurrent_callers_share_one_connection() {
    let server = TestServer::start_at("127.0.0.1:0".parse().unwrap()).await;
    let client = client_with(ClientConfig::new().connect_timeout(HOUR));
    let calls: Vec<_> = (0..32)
        .map(|n| {
            let (client, addr) = (client.clone(), server.addr.clone());
            tokio::spawn(
                async move { client.invoke(addr, request(ECHO).with_body(n.to_string()), HOUR).await },
            )
        })
        .collect();
    for (n, call) in calls.into_iter().enumerate() {
        assert_eq!(call.await.unwrap().unwrap().into_body(), n.to_string());
    }
    assert_eq!(server.accepted(), 1);
    assert_eq!(client.statistics().addresses, 1);
}

#[tokio::test(start_paused = true)]
async fn a_caller_that_times_out_or_is_dropped_does_not_cancel_the_dial_for_the_others() {
    let server = TestServer::start("shared-dial").await;
    let client = RemotingClient::builder()
        .config(ClientConfig::new().scan_available_name_servers(false))
        .prologue_step(Slow(SECOND))
        .build()
        .unwrap();
    let call = |timeout| {
        let (client, addr) = (client.clone(), server.addr.clone());
        tokio::spawn(async move { client.invoke(addr, request(ECHO), timeout).await })
    };
    let impatient = call(SECOND / 10);
    tokio::task::yield_now().await;
    let dropped = call(5 * SECOND);
    let patient = call(5 * SECOND);
    tokio::task::yield_now().await;
    dropped.abort();
    assert!(impatient.await.unwrap().unwrap_err().is_timeout());
    patient.await.unwrap().unwrap();
    assert_eq!(server.accepted(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_call_after_a_failed_connect_dials_again() {
    let addr = address("late");
    let client = client();
    client.invoke(&addr, request(ECHO), SECOND).await.unwrap_err();
    assert_eq!(client.statistics().addresses, 0);
    let server = TestServer::start_at(addr).await;
    client.invoke(&server.addr, request(ECHO), SECOND).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_server_that_dies_fails_its_pending_calls_at_once_and_the_next_call_dials_anew() {
    let server = TestServer::start("mortal").await;
    let other = TestServer::start("immortal").await;
    let client = client();
    let pending: Vec<_> = (0..100)
        .map(|_| {
            let (client, addr) = (client.clone(), server.addr.clone());
            tokio::spawn(async move { client.invoke(addr, request(SILENT), 3600 * SECOND).await })
        })
        .collect();
    let spared = tokio::spawn({
        let (client, addr) = (client.clone(), other.addr.clone());
        async move { client.invoke(addr, request(SLOW), 3600 * SECOND).await }
    });
    until(|| server.requests() == 100).await;
    let addr = server.addr.clone();
    drop(server);
    for call in pending {
        let error = call.await.unwrap().unwrap_err();
        assert!(matches!(&error, RpcError::ChannelClosed { may_have_been_sent: true, .. }), "{error}");
        assert!(error.to_string().contains(&addr.to_string()), "{error}");
    }
    assert_eq!(client.in_flight(), 1, "calls to other servers are not affected");
    spared.await.unwrap().unwrap();
    until(|| client.statistics().channels == 1).await;
    assert_eq!(client.statistics().addresses, 1);
    let server = TestServer::start_at(addr).await;
    client.invoke(&server.addr, request(ECHO), SECOND).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn an_idle_channel_is_closed_and_dialled_again_on_demand() {
    let server = TestServer::start("idle").await;
    let events = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&events);
    let client = RemotingClient::builder()
        .config(ClientConfig::new().max_idle(10 * SECOND).scan_available_name_servers(false))
        .on_event(move |event: ChannelEvent| seen.lock().push(event.kind))
        .build()
        .unwrap();
    client.invoke(&server.addr, request(ECHO), SECOND).await.unwrap();
    tokio::time::sleep(11 * SECOND).await;
    assert_eq!(client.statistics().channels, 0);
    assert_eq!(client.statistics().addresses, 0);
    client.invoke(&server.addr, request(ECHO), SECOND).await.unwrap();
    client.shutdown().await;
    let events = std::mem::take(&mut *events.lock());
    assert!(matches!(
        &events[..],
        [
            ChannelEventKind::Connect,
            ChannelEventKind::Active,
            ChannelEventKind::Idle(_),
            ChannelEventKind::Close(idle),
            ChannelEventKind::Connect,
            ChannelEventKind::Active,
            ChannelEventKind::Close(local),
        ] if idle.by() == CloseInitiator::Idle && local.by() == CloseInitiator::Local
    ));
}

#[tokio::test(start_paused = true)]
async fn reachability_is_known_without_a_call() {
    let server = TestServer::start("reachable").await;
    let client = client();
    assert!(client.is_address_reachable(&server.addr, SECOND).await);
    assert!(!client.is_address_reachable(address("nobody"), SECOND).await);
    assert!(!client.is_address_reachable("no-port", SECOND).await);
    assert_eq!(server.requests(), 0);
    assert!(client.channel(&server.addr).is_some(), "the connection is kept");
}

#[tokio::test]
async fn unreachable_sockets_are_distinguished_from_reachable_ones() {
    let client = client();
    assert!(!client.is_address_reachable("127.0.0.1:1", SECOND).await);
    assert!(!client.is_address_reachable("[::1]:1", SECOND).await);
    assert!(!client.is_address_reachable("no-such-host.invalid:1", SECOND).await);
}

#[tokio::test(start_paused = true)]
async fn a_channel_of_the_client_can_be_called_directly() {
    let server = TestServer::start("direct").await;
    let client = client();
    assert!(client.channel(&server.addr).is_none());
    client.invoke(&server.addr, request(ECHO), SECOND).await.unwrap();
    let channel = client.channel(&server.addr).unwrap();
    assert_eq!(channel.invoke(request(ECHO).with_body("x"), SECOND).await.unwrap().into_body(), "x");
    assert_eq!(server.requests.load(Ordering::SeqCst), 2);
}

#[tokio::test(start_paused = true)]
async fn calls_that_share_a_dial_are_sent_in_order_of_arrival() {
    let server = TestServer::start("order").await;
    let bodies = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&bodies);
    server.server.register_processor(ECHO, Executor::inline(), {
        move |_: RequestContext, request: RemotingCommand| {
            seen.lock().push((request.opaque(), String::from_utf8(request.body().to_vec()).unwrap()));
            async move { Ok(RemotingCommand::response_to(&request, ResponseCode::SUCCESS)) }
        }
    });
    let client = client();
    let calls: Vec<_> = (0..64)
        .map(|n| {
            let (client, addr) = (client.clone(), server.addr.clone());
            let call = request(ECHO).with_body(n.to_string());
            tokio::spawn(async move { client.invoke(addr, call, SECOND).await })
        })
        .collect();
    for call in calls {
        call.await.unwrap().unwrap();
    }
    let expected: Vec<_> = (0..64).map(|n: i32| (n, n.to_string())).collect();
    assert_eq!(*bodies.lock(), expected);
}
