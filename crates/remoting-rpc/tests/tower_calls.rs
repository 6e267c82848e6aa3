//! Targets and channels as services of tower: readiness, clones, one-way requests, shutdown.

mod client_support;

use std::future::poll_fn;
use std::task::Poll;
use std::time::Duration;

use client_support::{
    ECHO, HOUR, MOVABLE, SECOND, SILENT, SLOW, TestServer, client, client_with, nothing_left, request,
};
use remoting_rpc::tower::TargetService;
use remoting_rpc::transport::MemoryNetwork;
use remoting_rpc::transport::protocol::{RemotingCommand, RequestCode, ResponseCode};
use remoting_rpc::{
    ClientConfig, Executor, HookContext, ProcessorError, RemotingClient, RemotingServer, RequestContext,
    RpcError, RpcHook, processor_fn,
};
use tower::{Service, ServiceExt};

/// Polls once. Returns whether the service is ready.
async fn is_ready(service: &mut TargetService) -> bool {
    poll_fn(|cx| Poll::Ready(service.poll_ready(cx).map(Result::unwrap).is_ready())).await
}

fn one_permit() -> RemotingClient {
    client_with(ClientConfig::new().async_permits(1))
}

#[tokio::test(start_paused = true)]
async fn a_service_calls_its_target_with_a_reservation_and_without() {
    let (server, client) = (TestServer::start("service").await, client());
    let mut service = client.to(&server.addr).into_service();
    let response = service.ready().await.unwrap().call(request(ECHO).with_body("a")).await.unwrap();
    assert_eq!(response.body(), b"a");
    let response = service.call(request(ECHO).with_body("b")).await.unwrap();
    assert_eq!(response.body(), b"b");
    assert_eq!(client.statistics().in_flight, 0);
}

#[tokio::test(start_paused = true)]
async fn a_service_that_waits_and_is_no_longer_polled_holds_up_no_other() {
    let (server, client) = (TestServer::start("idle").await, one_permit());
    let mut first = client.to(&server.addr).into_service();
    let mut idle = first.clone();
    let mut other = first.clone();
    assert!(is_ready(&mut first).await && !is_ready(&mut idle).await);
    let ready = tokio::spawn(async move { other.ready().await.map(|_| ()) });
    tokio::task::yield_now().await;
    drop(first);
    tokio::time::timeout(SECOND, ready).await.unwrap().unwrap().unwrap();
    assert!(is_ready(&mut idle).await);
}

#[tokio::test(start_paused = true)]
async fn a_service_is_not_ready_while_every_permit_is_taken() {
    let (server, client) = (TestServer::start("permits").await, one_permit());
    let mut service = client.to(&server.addr).into_service();
    let call = tokio::spawn(client.to(&server.addr).invoke(request(SLOW)));
    tokio::time::sleep(SECOND / 2).await;
    assert!(!is_ready(&mut service).await);
    let begun = tokio::time::Instant::now();
    service.ready().await.unwrap();
    assert_eq!(begun.elapsed(), SECOND / 2);
    call.await.unwrap().unwrap();
}

#[tokio::test(start_paused = true)]
async fn no_other_call_takes_the_permit_of_a_ready_service() {
    let (server, client) = (TestServer::start("reserved").await, one_permit());
    let mut service = client.to(&server.addr).into_service();
    assert!(is_ready(&mut service).await && is_ready(&mut service).await);
    assert_eq!(client.statistics().in_flight, 0, "a reservation is not a call");
    let error = client.to(&server.addr).invoke(request(ECHO)).await.unwrap_err();
    assert!(error.is_no_permit(), "{error}");

    let call = service.call(request(SLOW));
    tokio::join!(async { call.await.unwrap() }, async {
        tokio::time::sleep(SECOND / 2).await;
        assert_eq!(client.statistics().in_flight, 1);
    });
    client.to(&server.addr).invoke(request(ECHO)).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_clone_has_no_reservation_and_what_is_dropped_gives_its_back() {
    let (server, client) = (TestServer::start("clone").await, one_permit());
    let mut service = client.to(&server.addr).into_service();
    let mut clone = service.clone();
    assert!(is_ready(&mut service).await && !is_ready(&mut clone).await);
    assert!(!is_ready(&mut service.clone()).await);
    drop(service);
    assert!(is_ready(&mut clone).await);
    drop(clone.call(request(ECHO))); // a call that never began
    assert!(is_ready(&mut clone).await);
    let mut waiting = clone.clone();
    assert!(!is_ready(&mut waiting).await);
    drop(clone);
    drop(waiting); // after it was woken
    client.to(&server.addr).invoke(request(ECHO)).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_service_is_not_ready_while_its_channel_is_not_writable() {
    let network = MemoryNetwork::new();
    let echo = processor_fn(|_ctx, request: RemotingCommand| async move { Ok(request) });
    let server = RemotingServer::builder()
        .network(network.clone())
        .bind("memory:unwritable")
        .processor(ECHO, Executor::inline(), echo)
        .start()
        .await
        .unwrap();
    let client = RemotingClient::builder().network(network.clone()).build().unwrap();
    let mut service = client.to(server.local_addr()).into_service();
    assert!(is_ready(&mut service).await, "without a channel the call connects");
    service.call(request(ECHO)).await.unwrap();

    network.links()[0].stall();
    let large = request(ECHO).with_body(vec![0; 1 << 20]);
    client.to(server.local_addr()).invoke_oneway(large).await.unwrap();
    assert!(!is_ready(&mut service).await);
    assert_eq!(client.statistics().in_flight, 0);
    network.links()[0].resume();
    service.ready().await.unwrap().call(request(ECHO)).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_shutdown_waits_for_no_ready_service_and_ends_those_that_wait() {
    let (server, client) = (TestServer::start("shutdown").await, one_permit());
    let mut ready = client.to(&server.addr).into_service();
    ready.ready().await.unwrap().call(request(ECHO)).await.unwrap();
    assert!(is_ready(&mut ready).await);
    let waiting = tokio::spawn(client.to(&server.addr).into_service().ready_oneshot());
    tokio::task::yield_now().await;

    let begun = tokio::time::Instant::now();
    client.shutdown().await;
    assert!(begun.elapsed() < SECOND);
    assert!(matches!(waiting.await.unwrap(), Err(RpcError::ShutDown { .. })));
    let reserved = ready.call(request(ECHO));
    assert!(matches!(reserved.await, Err(RpcError::ShutDown { .. })));
    assert!(matches!(ready.ready().await, Err(RpcError::ShutDown { .. })));
    nothing_left(&client);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn services_and_calls_on_many_threads_all_get_a_permit() {
    let (server, client) =
        (TestServer::start("threads").await, client_with(ClientConfig::new().async_permits(2)));
    let target = client.to(&server.addr).timeout(HOUR);
    let tasks = (0..64).map(|number| {
        let target = target.clone();
        tokio::spawn(async move {
            for _ in 0..100 {
                if number % 4 == 0 {
                    target.invoke(request(ECHO)).await.unwrap();
                } else {
                    let mut service = target.clone().into_service();
                    let ready = service.ready().await.unwrap();
                    if number % 4 == 1 {
                        tokio::task::yield_now().await; // and dropped without a call
                    } else {
                        ready.call(request(ECHO)).await.unwrap();
                    }
                }
            }
        })
    });
    let all = async {
        for task in tasks.collect::<Vec<_>>() {
            task.await.unwrap();
        }
    };
    tokio::time::timeout(Duration::from_secs(120), all).await.unwrap();
    client.shutdown().await;
    nothing_left(&client);
}

#[tokio::test(start_paused = true)]
async fn a_call_with_a_reservation_moves_to_a_fresh_channel_and_leaves_no_permit_taken() {
    let (server, client) = (TestServer::start("moves").await, one_permit());
    let mut service = client.to(&server.addr).into_service();
    server.go_away(true);
    let moved = service.ready().await.unwrap().call(request(MOVABLE)).await;
    assert!(matches!(moved, Err(RpcError::GoAway { .. })), "{moved:?}");
    assert_eq!((server.requests(), server.accepted()), (2, 2));
    assert!(is_ready(&mut service).await);
    assert_eq!(client.statistics().in_flight, 0);
}

#[tokio::test(start_paused = true)]
async fn hooks_run_around_the_calls_of_a_service() {
    struct Marks;
    impl RpcHook for Marks {
        fn before_request(
            &self,
            _ctx: &mut HookContext<'_>,
            request: &mut RemotingCommand,
        ) -> Result<(), ProcessorError> {
            request.set_body("of the hook");
            Ok(())
        }
    }
    let server = TestServer::start("hooks").await;
    let client = RemotingClient::builder().hook(Marks).build().unwrap();
    let mut service = client.to(&server.addr).into_service();
    for _ in 0..2 {
        let response = service.ready().await.unwrap().call(request(ECHO)).await.unwrap();
        assert_eq!(response.body(), b"of the hook");
    }
}

#[tokio::test(start_paused = true)]
async fn a_service_of_an_invalid_address_is_never_ready() {
    let mut service = client().to("no address").into_service();
    assert!(matches!(service.ready().await, Err(RpcError::Address(_))));
}

#[tokio::test(start_paused = true)]
async fn a_one_way_request_returns_an_empty_success_once_it_is_queued() {
    let (server, client) = (TestServer::start("oneway").await, client());
    let service = client.to(&server.addr).into_service();
    let mut oneway = request(SILENT);
    oneway.mark_oneway();
    let response = service.oneshot(oneway).await.unwrap();
    assert_eq!((response.response_code(), response.body()), (ResponseCode::SUCCESS, &b""[..]));
    client_support::until(|| server.requests() == 1).await;
}

#[tokio::test(start_paused = true)]
async fn a_service_of_a_channel_calls_the_client_and_fails_once_the_channel_is_closed() {
    const ASK_BACK: RequestCode = RequestCode(20_001);
    const BACK: RequestCode = RequestCode(20_002);
    let (closed, service) = std::sync::mpsc::channel();
    let server = RemotingServer::builder()
        .bind("memory:tower-channel-service")
        .processor(ASK_BACK, Executor::runtime(4), move |ctx: RequestContext, _request: RemotingCommand| {
            let mut client = ctx.channel().clone().into_service(SECOND);
            closed.send(client.clone()).unwrap();
            async move { Ok(client.ready().await?.call(RemotingCommand::request(BACK)).await?) }
        })
        .start()
        .await
        .unwrap();
    let back = processor_fn(|_ctx, _request| async {
        Ok(RemotingCommand::response(ResponseCode::SUCCESS).with_body("of the client"))
    });
    let client = RemotingClient::builder().processor(BACK, Executor::inline(), back).build().unwrap();
    let response = client.to(server.local_addr()).invoke(request(ASK_BACK)).await.unwrap();
    assert_eq!(response.body(), b"of the client");

    client.shutdown().await;
    let mut service = service.recv().unwrap();
    let channels = || server.channels().len();
    client_support::until(|| channels() == 0).await;
    assert!(matches!(service.ready().await, Err(RpcError::ChannelClosed { .. })));
    assert!(service.call(request(BACK)).await.unwrap_err().is_closed());
}
