//! Layers around processors, and services as processors.

#![expect(clippy::unwrap_used, reason = "a test fails by a panic")]

mod client_support;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use client_support::{ECHO, SECOND, SLOW, TestServer, address, client, request};
use parking_lot::Mutex;
use remoting_rpc::tower::{ProcessorRequest, ServiceProcessor};
use remoting_rpc::transport::protocol::{RemotingCommand, RequestCode, ResponseCode};
use remoting_rpc::{
    Executor, ProcessorSet, Refusal, RemotingClient, RemotingServer, RemotingServerBuilder, RequestContext,
    RunToEnd, processor_fn,
};
use tower::{BoxError, ServiceBuilder};

const A: RequestCode = RequestCode(20_001);
const B: RequestCode = RequestCode(20_002);
const UNKNOWN: RequestCode = RequestCode(20_003);

/// The value that layers attach to a request: their names, from the outermost to the innermost.
#[derive(Clone, Default)]
struct Path(Vec<&'static str>);

/// A layer that appends its name to the path of each request.
fn passes(
    name: &'static str,
) -> tower::util::MapRequestLayer<impl Fn(ProcessorRequest) -> ProcessorRequest + Clone> {
    tower::util::MapRequestLayer::new(move |mut request: ProcessorRequest| {
        let mut path = request.ctx.extensions().get::<Path>().cloned().unwrap_or_default();
        path.0.push(name);
        request.ctx.extensions_mut().insert(path);
        request
    })
}

/// Answers with the path of the request.
fn path() -> impl remoting_rpc::RequestProcessor + Copy {
    processor_fn(|ctx: RequestContext, _request| async move {
        let path = ctx.extensions().get::<Path>().cloned().unwrap_or_default();
        Ok(RemotingCommand::response(ResponseCode::SUCCESS).with_remark(path.0.join(" ")))
    })
}

fn builder(name: &str) -> RemotingServerBuilder {
    RemotingServer::builder().bind(address(name))
}

async fn ask(server: &RemotingServer, code: RequestCode) -> RemotingCommand {
    client().to(server.local_addr()).invoke(request(code)).await.unwrap()
}

#[tokio::test(start_paused = true)]
async fn layers_of_a_server_surround_all_its_processors_and_the_first_is_the_outermost() {
    let server = builder("all")
        .processor(A, Executor::inline(), path())
        .default_processor(Executor::runtime(4), path())
        .layer(passes("outer"))
        .layer(passes("inner"))
        .start()
        .await
        .unwrap();
    server.register_processor(B, Executor::inline(), path());
    for code in [A, B, UNKNOWN] {
        assert_eq!(ask(&server, code).await.remark(), Some("outer inner"), "{code}");
    }
    server.register_default_processor(Executor::inline(), path());
    assert_eq!(ask(&server, UNKNOWN).await.remark(), Some("outer inner"));
}

#[tokio::test(start_paused = true)]
async fn a_sub_server_has_its_own_layers_around_all_its_processors() {
    let server = builder("main").layer(passes("main")).start().await.unwrap();
    let sub_server = server
        .sub_server_builder()
        .bind(address("sub"))
        .processor(A, Executor::inline(), path())
        .default_processor(Executor::inline(), path())
        .layer(passes("outer"))
        .layer(passes("inner"))
        .start()
        .await
        .unwrap();
    sub_server.register_processor(B, Executor::inline(), path());
    for code in [A, B, UNKNOWN] {
        let response = client().to(sub_server.local_addr()).invoke(request(code)).await.unwrap();
        assert_eq!(response.remark(), Some("outer inner"), "{code}");
    }
}

#[tokio::test(start_paused = true)]
async fn layers_of_a_client_surround_the_processors_that_its_servers_call() {
    let ask_back = |ctx: RequestContext, _request: RemotingCommand| async move {
        Ok(ctx.channel().invoke(request(B), SECOND).await?)
    };
    let server = builder("client").processor(A, Executor::runtime(4), ask_back).start().await.unwrap();
    let client = RemotingClient::builder()
        .processor(B, Executor::inline(), path())
        .layer(passes("client"))
        .build()
        .unwrap();
    let response = client.to(server.local_addr()).invoke(request(A)).await.unwrap();
    assert_eq!(response.remark(), Some("client"));
}

#[tokio::test(start_paused = true)]
async fn a_layer_of_a_set_surrounds_the_processors_that_the_set_has() {
    let set = ProcessorSet::new()
        .on(A, Executor::inline(), path())
        .layer(passes("first"))
        .layer(passes("second"))
        .on(B, Executor::inline(), path());
    let server = builder("set").processors(set).layer(passes("server")).start().await.unwrap();
    assert_eq!(ask(&server, A).await.remark(), Some("server second first"));
    assert_eq!(ask(&server, B).await.remark(), Some("server"));
}

#[tokio::test(start_paused = true)]
async fn a_layer_is_applied_once_for_all_codes_of_a_processor() {
    let applied = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&applied);
    let layer = tower::layer::layer_fn(move |processor: remoting_rpc::tower::ProcessorService| {
        counter.fetch_add(1, Ordering::Relaxed);
        processor
    });
    let set = ProcessorSet::new().on_each([A, B], Executor::inline(), path());
    let server = builder("once").processors(set).layer(layer).start().await.unwrap();
    assert_eq!(ask(&server, B).await.response_code(), ResponseCode::SUCCESS);
    assert_eq!(applied.load(Ordering::Relaxed), 1);
}

#[tokio::test(start_paused = true)]
async fn layers_see_what_hooks_and_pipeline_have_attached_and_only_admitted_requests() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let list = Arc::clone(&seen);
    let pipeline = |ctx: &mut RequestContext, _request: &mut RemotingCommand| {
        ctx.extensions_mut().insert(Path(vec!["pipeline"]));
        Ok(())
    };
    let server = builder("seen")
        .request_pipeline(pipeline)
        .processor(A, Executor::inline(), path())
        .layer(tower::util::MapRequestLayer::new(move |request: ProcessorRequest| {
            list.lock().push(request.ctx.request_code());
            request
        }))
        .layer(passes("layer"))
        .start()
        .await
        .unwrap();
    assert_eq!(ask(&server, A).await.remark(), Some("pipeline layer"));
    assert_eq!(ask(&server, UNKNOWN).await.response_code(), ResponseCode::REQUEST_CODE_NOT_SUPPORTED);
    assert_eq!(*seen.lock(), [A]);
}

#[tokio::test(start_paused = true)]
async fn errors_of_layers_and_of_processors_inside_become_what_errors_of_processors_become() {
    fn refusal() -> BoxError {
        Refusal::new(ResponseCode::NO_PERMISSION, "not you").into()
    }
    let refuse = |_: ProcessorRequest| async { Err::<RemotingCommand, BoxError>(refusal()) };
    let fail = |_: ProcessorRequest| async { Err::<RemotingCommand, BoxError>("disk full".into()) };
    let refused = processor_fn(|_ctx, _request| async {
        Err::<(), _>(Refusal::new(ResponseCode::NO_PERMISSION, "not you").into())
    });
    let inside = ProcessorSet::new().on(RequestCode(3), Executor::inline(), refused).layer(passes("a"));
    let server = builder("errors")
        .processor(RequestCode(1), Executor::inline(), ServiceProcessor::new(tower::service_fn(refuse)))
        .processor(RequestCode(2), Executor::inline(), ServiceProcessor::new(tower::service_fn(fail)))
        .processors(inside)
        .start()
        .await
        .unwrap();
    for (code, expected, remark) in [
        (1, ResponseCode::NO_PERMISSION, "not you"),
        (2, ResponseCode::SYSTEM_ERROR, "disk full"),
        (3, ResponseCode::NO_PERMISSION, "not you"),
    ] {
        let response = ask(&server, RequestCode(code)).await;
        assert_eq!((response.response_code(), response.remark()), (expected, Some(remark)));
    }
}

/// A processor that ends after ten seconds, and the number of requests that have ended.
fn ends_after_ten_seconds() -> (impl remoting_rpc::RequestProcessor, Arc<AtomicUsize>) {
    let ended = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&ended);
    let processor = move |_ctx: RequestContext, _request: RemotingCommand| {
        let counter = Arc::clone(&counter);
        async move {
            tokio::time::sleep(10 * SECOND).await;
            counter.fetch_add(1, Ordering::SeqCst);
            Ok(())
        }
    };
    (processor, ended)
}

#[tokio::test(start_paused = true)]
async fn a_layer_changes_neither_whether_a_processor_runs_to_its_end_nor_that_it_is_dropped() {
    let (kept, kept_ended) = ends_after_ten_seconds();
    let (dropped, dropped_ended) = ends_after_ten_seconds();
    let server = builder("cancelled")
        .processor(A, Executor::runtime(4), RunToEnd(kept))
        .processor(B, Executor::runtime(4), dropped)
        .layer(passes("layer"))
        .start()
        .await
        .unwrap();
    let client = client();
    for code in [A, B] {
        let call = client.to(server.local_addr()).timeout(SECOND).invoke(request(code));
        assert!(call.await.unwrap_err().is_timeout());
    }
    drop(client);
    tokio::time::sleep(20 * SECOND).await;
    assert_eq!((kept_ended.load(Ordering::SeqCst), dropped_ended.load(Ordering::SeqCst)), (1, 0));
}

/// A service that serves one request at a time, and answers after a second.
async fn one_at_a_time(name: &str, refuses: bool) -> RemotingServer {
    let slow = |_: RemotingCommand| async {
        tokio::time::sleep(SECOND).await;
        Ok::<_, BoxError>(RemotingCommand::response(ResponseCode::SUCCESS))
    };
    let service = ServiceBuilder::new().concurrency_limit(1).service(tower::service_fn(slow));
    let processor = ServiceProcessor::<_, RemotingCommand>::new(service);
    let processor = if refuses { processor.refuse_unless_ready() } else { processor };
    builder(name).processor(A, Executor::runtime(4), processor).start().await.unwrap()
}

#[tokio::test(start_paused = true)]
async fn a_request_waits_until_its_service_is_ready() {
    let server = one_at_a_time("waits", false).await;
    let begun = tokio::time::Instant::now();
    let (one, other) = tokio::join!(ask(&server, A), ask(&server, A));
    assert_eq!([one.response_code(), other.response_code()], [ResponseCode::SUCCESS; 2]);
    assert_eq!(begun.elapsed(), 2 * SECOND);
}

#[tokio::test(start_paused = true)]
async fn a_request_whose_service_is_not_ready_is_refused_if_so_configured() {
    let server = one_at_a_time("refuses", true).await;
    let later = async {
        tokio::time::sleep(SECOND / 2).await;
        ask(&server, A).await
    };
    let (one, other) = tokio::join!(ask(&server, A), later);
    assert_eq!(one.response_code(), ResponseCode::SUCCESS);
    assert_eq!(other.response_code(), ResponseCode::SYSTEM_BUSY);
    assert_eq!(other.remark(), Some("[REJECTREQUEST]system busy: the service is not ready"));
    assert_eq!(ask(&server, A).await.response_code(), ResponseCode::SUCCESS);
}

#[tokio::test(start_paused = true)]
async fn a_target_is_a_processor_that_forwards_requests_and_errors() {
    let broker = TestServer::start("broker").await;
    let forward = client().to(&broker.addr).timeout(SECOND / 2).into_service();
    let proxy = builder("proxy")
        .default_processor(Executor::runtime(4), ServiceProcessor::new(forward))
        .start()
        .await
        .unwrap();
    let target = client().to(proxy.local_addr());
    let response = target.invoke(request(ECHO).with_body("a")).await.unwrap();
    assert_eq!(response.body(), b"a");
    target.invoke_oneway(request(ECHO)).await.unwrap();
    client_support::until(|| broker.requests() == 2).await;
    let response = target.invoke(request(SLOW)).await.unwrap();
    assert_eq!(response.response_code(), ResponseCode::SYSTEM_ERROR);
    assert!(response.remark().unwrap().contains("wait response on the channel"), "{:?}", response.remark());
    assert_eq!(proxy.statistics().requests.in_flight, 0);
}
