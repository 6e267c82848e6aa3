//! The fast path of a call (an open channel), with and without hooks, and its slow path have equal outcomes.
#![allow(clippy::unwrap_used, reason = "a test fails by a panic")]

mod client_support;

use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use client_support::*;
use remoting_rpc::transport::protocol::{RemotingCommand, RequestCode, ResponseCode, SerializeType};
use remoting_rpc::transport::{Address, WaterMark};
use remoting_rpc::{CallPhase, ClientConfig, HookContext, RemotingClient, RemotingServer, RpcError, RpcHook};
use tokio::time::Instant;

/// A hook without effect.
struct NoHook;

impl RpcHook for NoHook {}

#[derive(Debug, Clone, Copy)]
enum Way {
    /// The channel is open, and there are no hooks.
    Straight,
    /// The call connects first.
    Connecting,
    /// A hook sees the call.
    Hooked,
}

const WAYS: [Way; 3] = [Way::Straight, Way::Connecting, Way::Hooked];

impl Way {
    /// Returns a client whose next call to `addr` takes this path.
    async fn client(self, addr: &Address, config: ClientConfig) -> RemotingClient {
        let client = client_with(config);
        match self {
            Self::Connecting => {}
            Self::Straight => assert!(client.is_address_reachable(addr, SECOND).await),
            Self::Hooked => {
                assert!(client.is_address_reachable(addr, SECOND).await);
                client.register_hook(NoHook);
            }
        }
        client
    }
}

fn poll_once<T>(future: std::pin::Pin<&mut impl Future<Output = T>>) -> Poll<T> {
    future.poll(&mut Context::from_waker(Waker::noop()))
}

#[tokio::test(start_paused = true)]
async fn a_call_returns_its_response() {
    for way in WAYS {
        let server = TestServer::start("ways").await;
        let client = way.client(&server.addr, ClientConfig::new()).await;
        let call = request(ECHO).with_body("body").with_serialize_type(SerializeType::RocketMq);
        let response = client.invoke(&server.addr, call, SECOND).await.unwrap();
        assert_eq!(response.into_body(), "body", "{way:?}");
        assert_eq!((client.in_flight(), server.accepted()), (0, 1), "{way:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn nothing_happens_before_the_first_poll() {
    for way in WAYS {
        let server = TestServer::start("ways").await;
        let client = way.client(&server.addr, ClientConfig::new()).await;
        let call = client.invoke(&server.addr, request(ECHO), SECOND);
        tokio::time::sleep(2 * SECOND).await;
        assert_eq!((client.in_flight(), server.requests()), (0, 0), "{way:?}");
        assert!(call.await.is_ok(), "{way:?}: nor does its time-out run");
    }
}

#[tokio::test(start_paused = true)]
async fn an_unanswered_call_times_out() {
    for way in WAYS {
        let server = TestServer::start("ways").await;
        let client = way.client(&server.addr, ClientConfig::new()).await;
        let start = Instant::now();
        let error = client.invoke(&server.addr, request(SILENT), SECOND).await.unwrap_err();
        assert!(matches!(error, RpcError::Timeout { phase: CallPhase::Response, timeout: SECOND, .. }));
        assert!(start.elapsed() >= SECOND && start.elapsed() < SECOND + Duration::from_millis(20), "{way:?}");
        assert_eq!((client.in_flight(), client.statistics().channels), (0, 1), "{way:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_call_without_a_permit_waits_for_one_if_it_has_time() {
    for way in WAYS {
        let server = TestServer::start("ways").await;
        let client = way.client(&server.addr, ClientConfig::new().async_permits(1)).await;
        let busy = tokio::spawn({
            let (client, addr) = (client.clone(), server.addr.clone());
            async move { client.invoke(addr, request(SLOW), 3 * SECOND).await }
        });
        until(|| server.requests() == 1).await;
        let error = client.invoke(&server.addr, request(ECHO), Duration::ZERO).await.unwrap_err();
        assert!(matches!(error, RpcError::NoPermit { limit: 1, .. }), "{way:?}: {error}");
        let error = client.invoke(&server.addr, request(ECHO), SECOND / 10).await.unwrap_err();
        let permit = |phase: &CallPhase| matches!(phase, CallPhase::Permit { limit: 1, .. });
        assert!(matches!(&error, RpcError::Timeout { phase, .. } if permit(phase)), "{way:?}: {error}");
        let mut dropped = Box::pin(client.invoke(&server.addr, request(ECHO), 2 * SECOND));
        assert!(poll_once(dropped.as_mut()).is_pending());
        let waiting = client.invoke(&server.addr, request(ECHO), 2 * SECOND);
        drop(dropped);
        assert!(waiting.await.is_ok(), "{way:?}");
        assert!(busy.await.unwrap().is_ok());
        assert_eq!((client.in_flight(), server.requests()), (0, 2), "{way:?}");
    }
}

/// A server that accepts connections and reads nothing.
async fn deaf() -> RemotingServer {
    let builder = RemotingServer::builder().bind(address("deaf")).prologue_step(Slow(60 * SECOND));
    builder.start().await.unwrap()
}

#[tokio::test(start_paused = true)]
async fn a_call_without_capacity_waits_for_it_if_it_has_time() {
    for way in WAYS {
        let server = deaf().await;
        let addr = server.local_addr().clone();
        let config = ClientConfig::new().water_mark(WaterMark::new(1 << 20, 1 << 20).unwrap());
        let client = way.client(&addr, config).await;
        let large = || request(ECHO).with_body(vec![7; 1 << 20]);
        let mut first = Box::pin(client.invoke(&addr, large(), 10 * SECOND));
        assert!(poll_once(first.as_mut()).is_pending());
        until(|| client.channel(&addr).is_some()).await;
        assert!(poll_once(first.as_mut()).is_pending(), "it fills the queue");
        let mut second = Box::pin(client.invoke(&addr, large(), 10 * SECOND));
        assert!(poll_once(second.as_mut()).is_pending(), "free capacity is for the first in the queue");
        let error = client.invoke(&addr, request(ECHO), Duration::ZERO).await.unwrap_err();
        assert!(matches!(error, RpcError::Timeout { phase: CallPhase::Send, .. }), "{way:?}: {error}");
        let start = Instant::now();
        let error = client.invoke(&addr, request(ECHO), SECOND).await.unwrap_err();
        assert!(matches!(error, RpcError::Timeout { phase: CallPhase::Send, .. }), "{way:?}: {error}");
        assert!(!error.may_have_been_sent());
        assert!(start.elapsed() >= SECOND && start.elapsed() < SECOND + Duration::from_millis(20), "{way:?}");
        let mut waiting = Box::pin(client.invoke(&addr, request(ECHO), 5 * SECOND));
        assert!(poll_once(waiting.as_mut()).is_pending());
        assert_eq!(client.channel(&addr).unwrap().in_flight(), 3);
        drop((waiting, second, first));
        assert_eq!(client.channel(&addr).unwrap().in_flight(), 0, "{way:?}");
        assert_eq!(client.in_flight(), 0, "{way:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_call_that_waits_for_capacity_times_out_after_an_earlier_call_did() {
    let server = deaf().await;
    let addr = server.local_addr().clone();
    let config = ClientConfig::new().water_mark(WaterMark::new(1 << 20, 1 << 20).unwrap());
    let client = Way::Straight.client(&addr, config).await;
    for _ in 0..2 {
        let (client, addr) = (client.clone(), addr.clone());
        let large = request(ECHO).with_body(vec![7; 1 << 20]);
        tokio::spawn(async move { client.invoke_oneway(&addr, large, 30 * SECOND).await });
    }
    tokio::time::sleep(SECOND).await; // no deadline on the channel, whose task waits for capacity
    let error = client.invoke(&addr, request(ECHO), Duration::ZERO).await.unwrap_err();
    assert!(matches!(error, RpcError::Timeout { phase: CallPhase::Send, .. }), "{error}");
    let start = Instant::now();
    let error = client.invoke(&addr, request(ECHO), SECOND).await.unwrap_err();
    assert!(matches!(error, RpcError::Timeout { phase: CallPhase::Send, .. }), "{error}");
    assert!(start.elapsed() >= SECOND && start.elapsed() < SECOND + Duration::from_millis(20));
}

#[tokio::test(start_paused = true)]
async fn a_call_that_waits_for_capacity_fails_as_unsent_when_its_channel_is_closed() {
    for way in WAYS {
        let server = deaf().await;
        let addr = server.local_addr().clone();
        let config = ClientConfig::new().water_mark(WaterMark::new(1, 1).unwrap());
        let client = way.client(&addr, config).await;
        assert!(client.is_address_reachable(&addr, SECOND).await);
        let channel = client.channel(&addr).unwrap();
        let mut first = Box::pin(channel.invoke(request(ECHO).with_body(vec![7; 1 << 20]), SECOND));
        let mut second = Box::pin(channel.invoke(request(ECHO), SECOND));
        assert!(poll_once(first.as_mut()).is_pending() && poll_once(second.as_mut()).is_pending());
        client.close_channels([&addr]);
        assert!(first.await.unwrap_err().may_have_been_sent());
        let error = second.await.unwrap_err();
        assert!(error.is_closed() && !error.may_have_been_sent(), "{way:?}: {error}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_request_that_cannot_be_encoded_fails_alone() {
    for way in WAYS {
        let server = TestServer::start("ways").await;
        let client = way.client(&server.addr, ClientConfig::new()).await;
        let pop = request(RequestCode::POP_MESSAGE).with_serialize_type(SerializeType::RocketMq);
        let error = client.invoke(&server.addr, pop, SECOND).await.unwrap_err();
        assert!(matches!(error, RpcError::Encode { .. }), "{way:?}: {error}");
        client.invoke(&server.addr, request(ECHO), SECOND).await.unwrap();
        assert_eq!((client.in_flight(), server.accepted()), (0, 1), "{way:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_dropped_call_frees_its_slot_and_its_permit() {
    for way in WAYS {
        let server = TestServer::start("ways").await;
        let client = way.client(&server.addr, ClientConfig::new()).await;
        let mut call = Box::pin(client.invoke(&server.addr, request(SILENT), SECOND));
        tokio::select! {
            _ = &mut call => unreachable!("there is no response"),
            () = until(|| server.requests() == 1) => {}
        }
        assert_eq!(client.in_flight(), 1);
        drop(call);
        assert_eq!(
            (client.in_flight(), client.channel(&server.addr).unwrap().in_flight()),
            (0, 0),
            "{way:?}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_channel_that_closes_fails_its_calls_and_is_replaced() {
    for way in WAYS {
        let server = TestServer::start("ways").await;
        let client = way.client(&server.addr, ClientConfig::new()).await;
        let mut call = pin!(client.invoke(&server.addr, request(SILENT), 10 * SECOND));
        tokio::select! {
            _ = &mut call => unreachable!("there is no response"),
            () = until(|| server.requests() == 1) => {}
        }
        client.close_channels([&server.addr]);
        let error = call.await.unwrap_err();
        assert!(
            matches!(error, RpcError::ChannelClosed { may_have_been_sent: true, .. }),
            "{way:?}: {error}"
        );
        client.invoke(&server.addr, request(ECHO), SECOND).await.unwrap();
        assert_eq!(server.accepted(), 2, "{way:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn go_away_moves_a_call_once() {
    for way in WAYS {
        let server = TestServer::start("ways").await;
        server.go_away(true);
        let client = way.client(&server.addr, ClientConfig::new()).await;
        let error = client.invoke(&server.addr, request(MOVABLE), SECOND).await.unwrap_err();
        assert!(matches!(error, RpcError::GoAway { twice: true, .. }), "{way:?}: {error}");
        assert_eq!(error.addr(), Some(&server.addr));
        assert_eq!((server.requests(), server.accepted()), (2, 2), "{way:?}");
        assert_eq!(client.in_flight(), 0, "{way:?}");
        let keep = ClientConfig::new().reconnect_for_go_away(false);
        let client = way.client(&server.addr, keep).await;
        let response = client.invoke(&server.addr, request(MOVABLE), SECOND).await.unwrap();
        assert_eq!(response.response_code(), ResponseCode::GO_AWAY, "{way:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_client_after_shutdown_rejects_calls() {
    for way in WAYS {
        let server = TestServer::start("ways").await;
        let client = way.client(&server.addr, ClientConfig::new()).await;
        client.shutdown().await;
        let error = client.invoke(&server.addr, request(ECHO), SECOND).await.unwrap_err();
        assert!(matches!(error, RpcError::ShutDown { .. }), "{way:?}: {error}");
        assert_eq!(error.addr(), Some(&server.addr));
    }
}

#[tokio::test(start_paused = true)]
async fn hooks_apply_to_calls_that_begin_while_they_are_registered() {
    struct Marking;
    impl RpcHook for Marking {
        fn before_request(
            &self,
            _: &mut HookContext<'_>,
            request: &mut RemotingCommand,
        ) -> Result<(), remoting_rpc::ProcessorError> {
            request.set_body("hooked");
            Ok(())
        }
    }
    let server = TestServer::start("ways").await;
    let client = Way::Straight.client(&server.addr, ClientConfig::new()).await;
    let echo = async || {
        let body = client.invoke(&server.addr, request(ECHO).with_body("plain"), SECOND).await;
        body.unwrap().into_body()
    };
    assert_eq!(echo().await, "plain");
    client.register_hook(Marking);
    assert_eq!(echo().await, "hooked");
    client.clear_hooks();
    assert_eq!(echo().await, "plain");
    client.register_hook(Marking);
    assert_eq!(echo().await, "hooked");
}

/// Users hold thousands of them.
#[tokio::test]
async fn the_future_of_a_call_is_small() {
    let server = TestServer::start("ways").await;
    let client = client();
    let call = client.invoke(&server.addr, request(ECHO), SECOND);
    assert!(size_of_val(&call) <= 288, "{} bytes", size_of_val(&call));
}

#[tokio::test]
async fn the_future_of_a_oneway_call_is_small() {
    let client = client();
    let call = client.invoke_oneway("127.0.0.1:1", request(ECHO), SECOND);
    assert!(size_of_val(&call) <= 896, "{} bytes", size_of_val(&call));
}
