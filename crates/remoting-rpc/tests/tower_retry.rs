//! Repeated calls: which, how often, and for how long.

#![expect(clippy::unwrap_used, reason = "a test fails by a panic")]

mod client_support;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use client_support::{ECHO, SECOND, SILENT, TestServer, address, client, request};
use remoting_rpc::tower::{DeadlineLayer, RetryPolicy};
use remoting_rpc::transport::Address;
use remoting_rpc::transport::protocol::ext_fields::key;
use remoting_rpc::transport::protocol::{RemotingCommand, ResponseCode};
use remoting_rpc::{Executor, RemotingServer, RequestContext, RpcError};
use tokio::time::Instant;
use tower::retry::RetryLayer;
use tower::retry::budget::{Budget, TpsBudget};
use tower::{BoxError, Service, ServiceBuilder, ServiceExt};

/// A server that answers its first requests with `SYSTEM_BUSY`, and the number of its requests.
async fn busy_at_first(requests: usize) -> (RemotingServer, Arc<AtomicUsize>) {
    answers_at_first(requests, RemotingCommand::response(ResponseCode::SYSTEM_BUSY)).await
}

/// Starts a server that sends this response to as many requests.
async fn answers_at_first(requests: usize, response: RemotingCommand) -> (RemotingServer, Arc<AtomicUsize>) {
    let count = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&count);
    let processor = move |_ctx: RequestContext, _request: RemotingCommand| {
        let first = counter.fetch_add(1, Ordering::SeqCst) < requests;
        let response =
            if first { response.clone() } else { RemotingCommand::response(ResponseCode::SUCCESS) };
        async move { Ok(response) }
    };
    let builder =
        RemotingServer::builder().bind(address("busy")).default_processor(Executor::inline(), processor);
    (builder.start().await.unwrap(), count)
}

async fn call(
    policy: RetryPolicy,
    addr: &Address,
    request: RemotingCommand,
) -> Result<RemotingCommand, RpcError> {
    let service = client().to(addr).timeout(SECOND).into_service();
    ServiceBuilder::new().layer(RetryLayer::new(policy)).service(service).oneshot(request).await
}

#[tokio::test(start_paused = true)]
async fn a_request_that_the_peer_was_too_busy_for_is_repeated_after_a_pause() {
    let (server, requests) = busy_at_first(2).await;
    let begun = Instant::now();
    let response = call(RetryPolicy::new(), server.local_addr(), request(ECHO)).await.unwrap();
    assert_eq!(response.response_code(), ResponseCode::SUCCESS);
    assert_eq!(requests.load(Ordering::SeqCst), 3);
    assert!(begun.elapsed() >= Duration::from_millis(150), "{:?}", begun.elapsed());
}

#[tokio::test(start_paused = true)]
async fn a_method_that_responds_that_a_resource_is_exhausted_has_run_and_is_not_repeated() {
    let response = RemotingCommand::response(ResponseCode::SYSTEM_BUSY);
    let response = response.with_ext_field(key::GRPC_STATUS, "8").unwrap();
    let (server, requests) = answers_at_first(1, response).await;
    let response = call(RetryPolicy::new(), server.local_addr(), request(ECHO)).await.unwrap();
    assert_eq!(response.response_code(), ResponseCode::SYSTEM_BUSY);
    assert_eq!(requests.load(Ordering::SeqCst), 1);
}

#[tokio::test(start_paused = true)]
async fn a_response_of_another_code_is_a_result_that_does_not_fill_the_budget() {
    let response = RemotingCommand::response(ResponseCode::SYSTEM_ERROR);
    let (server, requests) = answers_at_first(2, response).await;
    let budget = Arc::new(TpsBudget::new(10 * SECOND, 0, 0.5));
    for _ in 0..2 {
        let policy = RetryPolicy::new().budget(Arc::clone(&budget) as _);
        call(policy, server.local_addr(), request(ECHO)).await.unwrap();
    }
    assert_eq!(requests.load(Ordering::SeqCst), 2);
    assert!(!budget.withdraw());
}

#[tokio::test(start_paused = true)]
async fn a_boxed_deadline_of_an_idempotent_request_is_repeated() {
    let server = TestServer::start("boxed-deadline").await;
    let service = ServiceBuilder::new()
        .layer(RetryLayer::new(RetryPolicy::new().idempotent(|_| true)))
        .layer(DeadlineLayer::new(SECOND))
        .map_err(BoxError::from)
        .service(client().to(&server.addr).timeout(60 * SECOND).into_service());
    service.oneshot(request(SILENT)).await.unwrap_err();
    assert_eq!(server.requests(), 3);
}

#[tokio::test(start_paused = true)]
async fn the_last_response_is_returned_after_the_last_attempt() {
    let (server, requests) = busy_at_first(usize::MAX).await;
    for attempts in [0, 1, 2, 5] {
        requests.store(0, Ordering::SeqCst);
        let policy = RetryPolicy::new().attempts(attempts);
        let response = call(policy, server.local_addr(), request(ECHO)).await.unwrap();
        assert_eq!(response.response_code(), ResponseCode::SYSTEM_BUSY);
        assert_eq!(requests.load(Ordering::SeqCst), attempts.max(1) as usize);
    }
}

#[tokio::test(start_paused = true)]
async fn without_a_budget_nothing_is_repeated_and_successes_fill_it() {
    let (server, requests) = busy_at_first(usize::MAX).await;
    let budget = Arc::new(TpsBudget::new(10 * SECOND, 0, 0.5));
    let policy = RetryPolicy::new().budget(Arc::clone(&budget) as _);
    call(policy.clone(), server.local_addr(), request(ECHO)).await.unwrap();
    assert_eq!(requests.load(Ordering::SeqCst), 1);

    let echo = TestServer::start("budget").await;
    for _ in 0..2 {
        call(policy.clone(), &echo.addr, request(ECHO)).await.unwrap();
    }
    call(policy, server.local_addr(), request(ECHO)).await.unwrap();
    assert_eq!(requests.load(Ordering::SeqCst), 3, "two successes pay for one repetition");
    assert!(!budget.withdraw());
}

#[tokio::test(start_paused = true)]
async fn a_request_that_was_not_sent_is_repeated() {
    let addr = address("later");
    let server = tokio::spawn({
        let addr = addr.clone();
        async move {
            tokio::time::sleep(Duration::from_millis(60)).await;
            TestServer::start_at(addr).await
        }
    });
    let response = call(RetryPolicy::new().attempts(20), &addr, request(ECHO).with_body("a")).await.unwrap();
    assert_eq!(response.body(), b"a");
    assert_eq!(server.await.unwrap().requests(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_request_that_may_have_been_sent_is_repeated_only_if_it_is_idempotent() {
    let server = TestServer::start("in-doubt").await;
    let idempotent = |request: &RemotingCommand| request.request_code() == SILENT;
    for (policy, sent) in [
        (RetryPolicy::new(), 1),
        (RetryPolicy::new().idempotent(|_| false), 1),
        (RetryPolicy::new().idempotent(idempotent), 3),
    ] {
        let before = server.requests();
        let error = call(policy, &server.addr, request(SILENT)).await.unwrap_err();
        assert!(error.is_timeout() && error.may_have_been_sent(), "{error}");
        assert_eq!(server.requests() - before, sent);
    }
}

#[tokio::test(start_paused = true)]
async fn an_error_that_would_come_again_is_not_repeated() {
    let policy = RetryPolicy::new().idempotent(|_| true);
    let begun = Instant::now();
    let service = client().to("no address").into_service();
    let mut service = ServiceBuilder::new().layer(RetryLayer::new(policy.clone())).service(service);
    let error = service.call(request(ECHO)).await.unwrap_err();
    assert!(error.is_invalid_address());

    let server = TestServer::start("shut-down").await;
    let client = client();
    client.shutdown().await;
    let service = client.to(&server.addr).into_service();
    let mut service = ServiceBuilder::new().layer(RetryLayer::new(policy)).service(service);
    let error = service.call(request(ECHO)).await.unwrap_err();
    assert!(matches!(error, RpcError::ShutDown { .. }));
    assert_eq!(begun.elapsed(), Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn a_deadline_around_the_retries_limits_their_time_together() {
    let server = TestServer::start("deadline").await;
    let service = ServiceBuilder::new()
        .layer(DeadlineLayer::new(2 * SECOND + SECOND / 2))
        .layer(RetryLayer::new(RetryPolicy::new().attempts(10).idempotent(|_| true)))
        .service(client().to(&server.addr).timeout(SECOND).into_service());
    let begun = Instant::now();
    let error = service.oneshot(request(SILENT)).await.unwrap_err();
    assert!(matches!(error, RpcError::DeadlineExceeded { .. }), "{error}");
    assert!(error.is_timeout() && error.may_have_been_sent() && error.addr().is_none());
    assert_eq!(error.to_string(), "call not done within 2.5s");
    assert_eq!(begun.elapsed(), 2 * SECOND + SECOND / 2);
    assert_eq!(server.requests(), 3);
}

#[tokio::test(start_paused = true)]
async fn retries_look_into_errors_that_a_layer_between_has_boxed() {
    let addr = address("nobody");
    let service = ServiceBuilder::new()
        .layer(RetryLayer::new(RetryPolicy::new()))
        .map_err(BoxError::from)
        .service(client().to(&addr).into_service());
    let begun = Instant::now();
    let error = service.oneshot(request(ECHO)).await.unwrap_err();
    assert!(error.downcast_ref::<RpcError>().unwrap().is_connect());
    assert!(begun.elapsed() >= Duration::from_millis(150), "two pauses");

    let not_of_a_call =
        tower::service_fn(|_: RemotingCommand| async { Err::<RemotingCommand, _>("full".into()) });
    let service =
        ServiceBuilder::new().layer(RetryLayer::new(RetryPolicy::new())).map_err(|error: BoxError| error);
    let begun = Instant::now();
    let error = service.service(not_of_a_call).oneshot(request(ECHO)).await.unwrap_err();
    assert_eq!((error.to_string().as_str(), begun.elapsed()), ("full", Duration::ZERO));
}
