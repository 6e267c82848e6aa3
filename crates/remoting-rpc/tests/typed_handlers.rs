//! Typed handlers: what they get, what they may return, and what their callers get.

#![expect(clippy::unwrap_used, reason = "a test fails by a panic")]

mod store;

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use remoting_rpc::transport::protocol::{
    MqVersion, RemotingCommand, RequestCode, ResponseCode, SerializeType,
};
use remoting_rpc::{
    Executor, HookContext, ProcessorError, ProcessorSet, Refusal, RemotingClient, RemotingServer, Reply,
    Request, RequestContext, RpcHook, RunToEnd, Target, TypedReply, TypedResponder,
};
use store::*;
use tokio::sync::{Notify, oneshot};

/// A set with a state of its own for a test.
fn set<S: Send + Sync + 'static>(state: S) -> ProcessorSet<S> {
    ProcessorSet::with_state(Arc::new(state))
}

async fn start<S>(name: &str, set: ProcessorSet<S>) -> (RemotingServer, Target) {
    let server = RemotingServer::builder().bind(format!("memory:handlers-{name}")).processors(set).start();
    let server = server.await.unwrap();
    let target = RemotingClient::builder().build().unwrap().to(server.local_addr()).timeout(MINUTE);
    (server, target)
}

#[tokio::test]
async fn handlers_of_one_state_run_on_any_executor() {
    for (name, executor) in [
        ("inline", Executor::inline()),
        ("runtime", Executor::runtime(4)),
        ("blocking", Executor::blocking(1, 8)),
    ] {
        let store = Arc::new(Store::default());
        let (_server, target) = start(name, handlers(&store, &executor)).await;
        target.call(Add::of("nails", 50)).await.unwrap();
        assert_eq!(target.call(GetCount::of("nails")).await.unwrap().count, 50, "{name}");
        assert_eq!(*target.call(List).await.unwrap(), *store.stock.lock(), "{name}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_request_gives_its_content_its_context_and_the_command() {
    struct Checked;

    impl Checked {
        async fn add(&self, request: Request<Add>) -> Result<(), ProcessorError> {
            assert_eq!((&*request.header.item, *request.body), ("nails", 3));
            assert_eq!(request.command().ext_field("item"), Some("nails"));
            assert_eq!(request.command().serialize_type(), SerializeType::RocketMq);
            assert_eq!(request.version(), MqVersion::V4_9_4);
            assert_eq!(request.context().request_code(), RequestCode(20_002));
            assert_eq!(request.channel().peer_addr(), request.peer_addr());
            assert!(!request.is_oneway() && request.extensions().get::<u8>().is_none());
            let (add, ctx, command) = request.into_parts();
            assert_eq!((add.header.item, ctx.opaque()), ("nails".to_owned(), command.opaque()));
            Ok(())
        }
    }

    let (_server, target) = start("request", set(Checked).handle(Executor::inline(), Checked::add)).await;
    let request = RemotingCommand::request(RequestCode(20_002))
        .with_serialize_type(SerializeType::RocketMq)
        .with_version(MqVersion::V4_9_4)
        .with_header(&ItemHeader { item: "nails".to_owned() })
        .unwrap()
        .with_body("3");
    let response = target.invoke(request).into_success().await.unwrap();
    assert_eq!(response.serialize_type(), SerializeType::RocketMq);
}

#[tokio::test(start_paused = true)]
async fn a_refusal_is_a_response_and_any_other_error_a_failure() {
    struct Failing;

    impl Failing {
        async fn add(&self, request: Request<Add>) -> Result<(), ProcessorError> {
            let known = request.header.item == "nails";
            if known { Err("the store is closed".into()) } else { Err(Refusal::new(UNKNOWN_ITEM, "which?"))? }
        }
    }

    let (server, target) = start("errors", set(Failing).handle(Executor::inline(), Failing::add)).await;
    let error = target.call(Add::of("screws", 1)).await.unwrap_err();
    let response = error.response().unwrap();
    assert_eq!((response.code(), response.remark()), (UNKNOWN_ITEM, Some("which?")));
    assert_eq!(server.statistics().requests.failed, 0);

    let error = target.call(Add::of("nails", 1)).await.unwrap_err();
    let response = error.response().unwrap();
    assert_eq!(
        (response.code(), response.remark()),
        (ResponseCode::SYSTEM_ERROR, Some("the store is closed"))
    );
    assert_eq!(server.statistics().requests.failed, 1);
}

#[tokio::test(start_paused = true)]
async fn an_unreadable_request_fails_without_reaching_the_handler() {
    let store = Arc::new(Store::default());
    let (server, target) = start("unreadable", handlers(&store, &Executor::inline())).await;
    let no_item = RemotingCommand::request(RequestCode(20_002)).with_body("3");
    let no_count = Add::of("nails", 3);
    let no_count = RemotingCommand::request(RequestCode(20_002)).with_header(&no_count.header).unwrap();
    for (request, remark) in [
        (no_item, "header field `item` is missing"),
        (no_count.with_body("three"), "cannot read u32 from the JSON body"),
    ] {
        let response = target.invoke(request).await.unwrap();
        assert_eq!(response.response_code(), ResponseCode::SYSTEM_ERROR);
        let text = response.remark().unwrap();
        assert!(text.contains(remark), "{text}");
    }
    assert_eq!(server.statistics().requests.failed, 2);
    assert!(store.stock.lock().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_one_way_request_gets_no_response_and_a_two_way_one_an_empty_success() {
    let store = Arc::new(Store::default());
    let (_server, target) = start("oneway", handlers(&store, &Executor::inline())).await;
    target.call_oneway(Add::of("nails", 1)).await.unwrap();
    target.call(Add::of("nails", 2)).await.unwrap();
    assert_eq!(target.channel().unwrap().in_flight(), 0);
    assert_eq!(store.stock.lock()["nails"], 3);
}

#[tokio::test(start_paused = true)]
async fn a_handler_may_return_a_complete_command_an_untyped_reply_or_none() {
    struct Ready;

    impl Ready {
        async fn list(&self, _request: Request<List>) -> Result<RemotingCommand, Refusal> {
            Ok(RemotingCommand::response(ResponseCode::SUCCESS).with_body(r#"{"nails":7}"#))
        }

        async fn count(&self, _request: Request<GetCount>) -> Result<Reply, Refusal> {
            let response = RemotingCommand::response(ResponseCode::SUCCESS).with_ext_field("count", "7");
            Ok(Reply::Encoded(response.unwrap().with_serialize_type(SerializeType::RocketMq)))
        }

        async fn add(&self, _request: Request<Add>) -> Result<TypedReply<Add>, Refusal> {
            Ok(TypedReply::none())
        }
    }

    let inline = Executor::inline();
    let set = set(Ready).handle(inline.clone(), Ready::list).handle(inline.clone(), Ready::count);
    let (_server, target) = start("ready", set.handle(inline, Ready::add)).await;
    assert_eq!(target.call(List).await.unwrap()["nails"], 7);
    let count = target.call(GetCount::of("nails")).into_response().await.unwrap();
    assert_eq!((count.count, count.command().serialize_type()), (7, SerializeType::RocketMq));
    let error =
        target.timeout(std::time::Duration::from_secs(1)).call(Add::of("nails", 1)).await.unwrap_err();
    assert!(error.is_timeout(), "{error}");
}

#[tokio::test(start_paused = true)]
async fn a_deferred_response_is_typed_and_may_fail() {
    struct LongPolling;

    impl LongPolling {
        async fn wait(&self, request: Request<Await>) -> Result<TypedReply<Await>, Refusal> {
            if request.header.item.is_empty() {
                return Err(Refusal::new(UNKNOWN_ITEM, "which?"));
            }
            let (send, responder) = oneshot::channel();
            tokio::spawn(async move {
                let responder: TypedResponder<Await> = responder.await.unwrap();
                assert_eq!(responder.context().request_code(), RequestCode(20_004));
                match &*request.header.item {
                    "nails" => responder.send(CountHeader { count: 3 }).await.unwrap(),
                    "screws" => responder.fail(Refusal::new(UNKNOWN_ITEM, "none")).await.unwrap(),
                    _ => responder.fail("the store burns").await.unwrap(),
                }
            });
            Ok(TypedReply::later(|responder| assert!(send.send(responder).is_ok())))
        }
    }

    let set = set(LongPolling).handle(Executor::inline(), LongPolling::wait);
    let (server, target) = start("later", set).await;
    let wait = |item: &str| target.call(Await { header: ItemHeader { item: item.to_owned() } });
    assert_eq!(wait("nails").await.unwrap().count, 3);
    assert_eq!(wait("screws").await.unwrap_err().response().unwrap().code(), UNKNOWN_ITEM);
    assert_eq!(wait("").await.unwrap_err().response().unwrap().remark(), Some("which?"));
    assert_eq!(server.statistics().requests.failed, 0);
    let error = wait("water").await.unwrap_err();
    assert_eq!(error.response().unwrap().remark(), Some("the store burns"));
    assert_eq!(server.statistics().requests.failed, 1);
}

#[tokio::test(start_paused = true)]
async fn hooks_see_the_commands_of_typed_calls_and_handlers() {
    /// Renames the item on its way in, and marks the response.
    struct Rename(Arc<AtomicU32>);

    impl RpcHook for Rename {
        fn before_request(
            &self,
            ctx: &mut HookContext<'_>,
            request: &mut RemotingCommand,
        ) -> Result<(), ProcessorError> {
            ctx.extensions_mut().insert("seen");
            request.set_header(&ItemHeader { item: "screws".to_owned() })?;
            Ok(())
        }

        fn after_response(
            &self,
            _ctx: &mut HookContext<'_>,
            _request: &RemotingCommand,
            response: Option<&mut RemotingCommand>,
        ) -> Result<(), ProcessorError> {
            let count = response.unwrap().ext_field("count").unwrap().parse()?;
            self.0.store(count, Ordering::Relaxed);
            Ok(())
        }
    }

    struct Hooked;

    impl Hooked {
        async fn count(&self, request: Request<GetCount>) -> Result<CountHeader, ProcessorError> {
            assert_eq!(request.header.item, "screws");
            assert_eq!(request.extensions().get(), Some(&"seen"));
            Ok(CountHeader { count: 40 })
        }
    }

    let count = Arc::new(AtomicU32::new(0));
    let (server, target) = start("hooks", set(Hooked).handle(Executor::inline(), Hooked::count)).await;
    server.register_hook(Rename(Arc::clone(&count)));
    assert_eq!(target.call(GetCount::of("nails")).await.unwrap().count, 40);
    assert_eq!(count.load(Ordering::Relaxed), 40);
}

/// Handles a request until its caller has disconnected, and for a minute after.
#[derive(Default)]
struct Waiting {
    dropped: Arc<Notify>,
    finished: Arc<Notify>,
}

impl Waiting {
    async fn add(&self, request: Request<Add>) {
        /// Notifies when it is dropped.
        struct OnDrop<'a>(&'a Notify);
        impl Drop for OnDrop<'_> {
            fn drop(&mut self) {
                self.0.notify_one();
            }
        }
        let _on_drop = OnDrop(&self.dropped);
        request.context().caller_gone().await;
        tokio::time::sleep(MINUTE).await;
        self.finished.notify_one();
    }
}

/// Starts a call, waits until it is being handled, and disconnects.
async fn call_and_leave(server: &RemotingServer, target: Target) {
    let call = tokio::spawn(target.call(Add::of("nails", 1)));
    while server.statistics().requests.in_flight == 0 {
        tokio::task::yield_now().await;
    }
    call.abort();
    drop(target);
}

#[tokio::test(start_paused = true)]
async fn a_handler_is_dropped_after_its_caller_has_disconnected() {
    let state = Waiting::default();
    let dropped = Arc::clone(&state.dropped);
    let (server, target) = start("gone", set(state).handle(Executor::runtime(1), Waiting::add)).await;
    call_and_leave(&server, target).await;
    dropped.notified().await;
    assert_eq!(server.statistics().requests.abandoned, 1);
}

#[tokio::test(start_paused = true)]
async fn a_handler_that_runs_to_its_end_outlives_its_caller() {
    let state = Waiting::default();
    let finished = Arc::clone(&state.finished);
    let set = set(state).handle(Executor::runtime(1), RunToEnd(Waiting::add));
    let (server, target) = start("to-end", set).await;
    call_and_leave(&server, target).await;
    finished.notified().await;
    assert_eq!(server.statistics().requests.abandoned, 0);
}

#[tokio::test(start_paused = true)]
async fn untyped_processors_and_handlers_share_a_set_and_the_last_of_a_code_counts() {
    let store = Arc::new(Store::default());
    let untyped = |_: RequestContext, request: RemotingCommand| async move {
        Ok(RemotingCommand::response_to(&request, ResponseCode::SUCCESS).with_ext_field("count", "1")?)
    };
    let typed = handlers(&store, &Executor::inline());
    let codes: Vec<_> = typed.codes().collect();
    assert_eq!(codes, [RequestCode(20_001), RequestCode(20_002), RequestCode(20_003)]);
    let both = typed.clone().on(RequestCode(20_001), Executor::inline(), untyped);
    let (server, target) = start("both", both).await;
    assert_eq!(target.call(GetCount::of("nails")).await.unwrap().count, 1);
    server.register_processors(typed);
    assert_eq!(
        target.call(GetCount::of("nails")).await.unwrap_err().response().unwrap().code(),
        UNKNOWN_ITEM
    );
}

#[tokio::test(start_paused = true)]
async fn an_async_closure_is_a_handler() {
    let set = set(5_u32).handle(Executor::inline(), async |five: &u32, request: Request<GetCount>| {
        tokio::task::yield_now().await;
        if request.header.item == "fives" { Ok(CountHeader { count: *five }) } else { Err("not a five") }
    });
    let (_server, target) = start("closure", set).await;
    assert_eq!(target.call(GetCount::of("fives")).await.unwrap().count, 5);
    let error = target.call(GetCount::of("sixes")).await.unwrap_err();
    assert_eq!(error.response().unwrap().remark(), Some("not a five"));
}
