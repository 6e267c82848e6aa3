//! The response to a request, in the order of the dispatcher's checks.

#![expect(clippy::unwrap_used, reason = "a test fails by a panic")]

mod deadline;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use deadline::Deadline;
use remoting_rpc::testing::{ScriptedPeer, any, response};
use remoting_rpc::transport::protocol::{
    MqVersion, RemotingCommand, RequestCode, ResponseCode, SerializeType,
};
use remoting_rpc::{
    Executor, ProcessorError, Refusal, RemotingServer, RemotingServerBuilder, Reply, RequestContext,
    RequestProcessor, ServerConfig,
};

const CODE: RequestCode = RequestCode(1001);
const BARRIER: RequestCode = RequestCode(1002);
const OCCUPY: RequestCode = RequestCode(1003);

fn request() -> RemotingCommand {
    RemotingCommand::request(CODE).with_opaque(42)
}

async fn success(_ctx: RequestContext, _request: RemotingCommand) -> Result<RemotingCommand, ProcessorError> {
    Ok(RemotingCommand::response(ResponseCode::SUCCESS))
}

/// Returns a server with a processor for `BARRIER`, and a connected client.
async fn start(name: &str, builder: RemotingServerBuilder) -> (RemotingServer, ScriptedPeer) {
    let builder = builder.bind(format!("memory:answers-{name}"));
    let server = builder.processor(BARRIER, Executor::inline(), success).start().await.unwrap();
    let peer = ScriptedPeer::connect(server.local_addr()).await.unwrap();
    (server, peer)
}

/// Returns the response of a server with this processor for `CODE`.
async fn answer(name: &str, processor: impl RequestProcessor) -> RemotingCommand {
    let builder = RemotingServer::builder().processor(CODE, Executor::inline(), processor);
    let (_server, peer) = start(name, builder).await;
    ask(peer, request()).await
}

/// With a processor for `OCCUPY` that never ends.
fn occupied(builder: RemotingServerBuilder, executor: &Executor) -> RemotingServerBuilder {
    builder.processor(OCCUPY, executor.clone(), |_ctx, _request| std::future::pending::<Result<Reply, _>>())
}

async fn ask(mut peer: ScriptedPeer, request: RemotingCommand) -> RemotingCommand {
    peer.send(request).await;
    let answer = peer.expect(any()).await.into_command();
    assert!(answer.is_response() && answer.opaque() == 42);
    answer
}

/// Sends a one-way request and then a barrier. Only the barrier gets a response.
async fn goes_unanswered(peer: &mut ScriptedPeer, code: RequestCode) {
    peer.send(RemotingCommand::oneway(code).with_opaque(1)).await;
    peer.send(RemotingCommand::request(BARRIER).with_opaque(2)).await;
    assert_eq!(peer.expect(any()).await.command().opaque(), 2);
}

#[tokio::test]
async fn a_code_without_processor_is_not_supported() {
    let (_server, peer) = start("unsupported", RemotingServer::builder()).await;
    let answer = ask(peer, RemotingCommand::request(RequestCode(99)).with_opaque(42)).await;
    assert_eq!(answer.response_code(), ResponseCode::REQUEST_CODE_NOT_SUPPORTED);
    assert_eq!(answer.remark(), Some(" request type 99 not supported"));
}

#[tokio::test]
async fn a_default_processor_serves_all_codes_without_their_own_processor() {
    let builder = RemotingServer::builder().default_processor(
        Executor::inline(),
        |ctx: RequestContext, _request: RemotingCommand| async move {
            Ok(RemotingCommand::response(ResponseCode::SUCCESS).with_remark(ctx.request_code().to_string()))
        },
    );
    let (_server, peer) = start("default", builder).await;
    let answer = ask(peer, RemotingCommand::request(RequestCode(99)).with_opaque(42)).await;
    assert_eq!(answer.remark(), Some(&*RequestCode(99).to_string()));
}

#[tokio::test]
async fn a_processor_can_be_registered_and_replaced_while_serving() {
    let (server, mut peer) = start("replace", RemotingServer::builder()).await;
    for remark in ["first", "second"] {
        server.register_processor(CODE, Executor::inline(), move |_ctx, _request| async move {
            Ok(RemotingCommand::response(ResponseCode::SUCCESS).with_remark(remark))
        });
        peer.send(request()).await;
        assert_eq!(peer.expect(any()).await.command().remark(), Some(remark));
    }
}

struct Rejecting(Arc<AtomicBool>);

impl RequestProcessor for Rejecting {
    async fn process(&self, ctx: RequestContext, request: RemotingCommand) -> Result<Reply, ProcessorError> {
        success(ctx, request).await.map(Reply::Response)
    }

    fn reject_request(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

#[tokio::test]
async fn a_processor_that_rejects_makes_the_system_busy() {
    let rejects = Arc::new(AtomicBool::new(true));
    let builder =
        RemotingServer::builder().processor(CODE, Executor::inline(), Rejecting(Arc::clone(&rejects)));
    let (_server, mut peer) = start("reject", builder).await;
    peer.send(request()).await;
    let answer = peer.expect(response(ResponseCode::SYSTEM_BUSY)).await.into_command();
    assert_eq!(answer.remark(), Some("[REJECTREQUEST]system busy, start flow control for a while"));

    rejects.store(false, Ordering::Relaxed);
    peer.send(request()).await;
    peer.expect(response(ResponseCode::SUCCESS)).await;
}

#[tokio::test]
async fn a_full_executor_makes_the_system_busy() {
    // A limit of zero would reject everything, so it counts as one.
    for (name, executor) in [("runtime", Executor::runtime(0)), ("inline", Executor::inline_with_limit(0))] {
        let builder = RemotingServer::builder().processor(CODE, executor.clone(), success);
        let (_server, peer) = start(&format!("overload-{name}"), occupied(builder, &executor)).await;
        peer.send(RemotingCommand::request(OCCUPY).with_opaque(1)).await;
        let answer = ask(peer, request()).await;
        assert_eq!(answer.response_code(), ResponseCode::SYSTEM_BUSY);
        assert_eq!(answer.remark(), Some("[OVERLOAD]system busy, start flow control for a while"));
    }
}

#[tokio::test]
async fn a_processor_that_aborts_chooses_code_and_remark() {
    let answer = answer("abort", |_ctx, _request| async {
        Err::<Reply, _>(Refusal::new(ResponseCode(16), "denied").into())
    });
    let answer = answer.await;
    assert_eq!((answer.code(), answer.remark()), (16, Some("denied")));
}

#[tokio::test]
async fn an_error_of_a_processor_is_a_system_error_with_its_cause_and_no_source_line() {
    let answer = answer("error", |_ctx, _request| async {
        let queue: i32 = "x1".parse()?;
        Ok(RemotingCommand::response(ResponseCode(queue)))
    });
    let answer = answer.await;
    assert_eq!(answer.response_code(), ResponseCode::SYSTEM_ERROR);
    assert_eq!(answer.remark(), Some("invalid digit found in string"));
}

#[tokio::test]
async fn a_server_that_withholds_errors_sends_no_details() {
    let config = ServerConfig::new().withhold_errors(true);
    let builder = RemotingServer::builder()
        .config(config)
        .processor(CODE, Executor::inline(), |_ctx, _request| async {
            Err::<Reply, _>(ProcessorError::new("secret path"))
        })
        .processor(RequestCode(2), Executor::runtime(1), |_ctx, _request| async {
            panic!("secret path") as Result<Reply, _>
        })
        .processor(RequestCode(3), Executor::inline(), |_ctx, _request| async {
            Err::<Reply, _>(Refusal::new(ResponseCode(16), "said on purpose").into())
        });
    let (_server, mut peer) = start("withheld", builder).await;
    for (code, remark) in
        [(CODE, "internal error"), (RequestCode(2), "internal error"), (RequestCode(3), "said on purpose")]
    {
        peer.send(RemotingCommand::request(code)).await;
        assert_eq!(peer.expect(any()).await.command().remark(), Some(remark));
    }
}

#[tokio::test]
async fn a_panic_fails_only_its_own_request_with_a_system_error() {
    for (name, executor) in [
        ("inline", Executor::inline()),
        ("runtime", Executor::runtime(1)),
        ("blocking", Executor::blocking(1, 1)),
    ] {
        let builder = RemotingServer::builder().processor(
            CODE,
            executor.clone(),
            |_ctx: RequestContext, request: RemotingCommand| async move {
                assert!(request.remark().is_none(), "boom");
                tokio::task::yield_now().await;
                assert!(request.body().is_empty(), "boom {}", request.body().len());
                Ok(RemotingCommand::response(ResponseCode::SUCCESS))
            },
        );
        let (_server, mut peer) = start(&format!("panic-{name}"), builder).await;
        for (request, text) in [
            (request().with_remark("at once"), "request processor panicked: boom"),
            (request().with_body("later"), "request processor panicked: boom 5"),
        ] {
            peer.send(request).await;
            let answer = peer.expect(response(ResponseCode::SYSTEM_ERROR)).await.into_command();
            assert_eq!(answer.remark(), Some(text));
        }
        peer.send(request()).await;
        peer.expect(response(ResponseCode::SUCCESS)).await;
    }
}

#[tokio::test]
async fn a_panic_before_the_future_exists_is_caught() {
    struct Eager;
    impl RequestProcessor for Eager {
        fn process(
            &self,
            _ctx: RequestContext,
            request: RemotingCommand,
        ) -> impl Future<Output = Result<Reply, ProcessorError>> + Send {
            assert!(request.remark().is_some(), "boom");
            async { Ok(RemotingCommand::response(ResponseCode::SUCCESS).into()) }
        }
    }
    let builder = RemotingServer::builder().processor(CODE, Executor::inline(), Eager);
    let (_server, mut peer) = start("eager-panic", builder).await;
    peer.send(request()).await;
    peer.expect(response(ResponseCode::SYSTEM_ERROR)).await;
    peer.send(request().with_remark("x")).await;
    peer.expect(response(ResponseCode::SUCCESS)).await;
}

#[tokio::test]
async fn one_way_requests_are_never_answered() {
    let full = Executor::runtime(1);
    let builder = occupied(RemotingServer::builder(), &full)
        .processor(CODE, Executor::inline(), |_ctx, _request| async {
            Err::<Reply, _>(ProcessorError::new("failed"))
        })
        .processor(RequestCode(2), Executor::inline(), success)
        .processor(RequestCode(3), full, success)
        .processor(RequestCode(4), Executor::inline(), Rejecting(Arc::new(AtomicBool::new(true))));
    let (server, mut peer) = start("oneway", builder).await;
    peer.send(RemotingCommand::request(OCCUPY)).await;
    for code in [CODE, RequestCode(2), RequestCode(3), RequestCode(4), RequestCode(99)] {
        goes_unanswered(&mut peer, code).await;
    }
    let statistics = server.statistics().requests;
    let counted = (statistics.failed, statistics.overloaded, statistics.rejected, statistics.not_supported);
    assert_eq!((counted, statistics.dropped_oneway), ((1, 1, 1, 1), 3));
}

#[tokio::test]
async fn a_processor_that_returns_none_may_answer_later_or_never() {
    let (keep, mut kept) = tokio::sync::mpsc::unbounded_channel();
    let (keep_responder, mut responders) = tokio::sync::mpsc::unbounded_channel();
    let builder = RemotingServer::builder()
        .processor(CODE, Executor::inline(), move |ctx: RequestContext, _request| {
            keep.send(ctx).unwrap();
            async { Ok(()) }
        })
        .processor(RequestCode(2), Executor::inline(), move |_ctx, _request| {
            let keep = keep_responder.clone();
            async move { Ok(Reply::later(move |responder| keep.send(responder).unwrap())) }
        });
    let (server, mut peer) = start("later", builder).await;
    goes_unanswered(&mut peer, CODE).await;
    for (code, opaque) in [(CODE, 42), (RequestCode(2), 43), (RequestCode(2), 44)] {
        let request = RemotingCommand::request(code).with_opaque(opaque);
        peer.send(request.with_serialize_type(SerializeType::RocketMq)).await;
    }
    let (_first, ctx) = (kept.recv().await, kept.recv().await.unwrap());
    assert_eq!(ctx.opaque(), 42);
    let (first, second) = (responders.recv().await.unwrap(), responders.recv().await.unwrap());
    assert_eq!((first.context().opaque(), server.statistics().requests.in_flight), (43, 2));
    let late = RemotingCommand::response(ResponseCode::SUCCESS).with_remark("late");
    second.send(late.clone()).await.unwrap();
    first.send(late).await.unwrap();
    assert_eq!(server.statistics().requests.in_flight, 0);
    for opaque in [44, 43] {
        let answer = peer.expect(response(ResponseCode::SUCCESS)).await.into_command();
        assert_eq!(answer.opaque(), opaque);
        assert_eq!((answer.remark(), answer.serialize_type()), (Some("late"), SerializeType::RocketMq));
    }
}

#[tokio::test]
async fn a_response_has_the_encoding_of_its_request_unless_the_processor_sets_another() {
    let builder = RemotingServer::builder().processor(CODE, Executor::inline(), success).processor(
        RequestCode(2),
        Executor::inline(),
        |_ctx, _request| async { Ok(Reply::Encoded(RemotingCommand::response(ResponseCode::SUCCESS))) },
    );
    let (_server, mut peer) = start("encoding", builder).await;
    for (code, expected) in [(CODE, SerializeType::RocketMq), (RequestCode(2), SerializeType::Json)] {
        peer.send(RemotingCommand::request(code).with_serialize_type(SerializeType::RocketMq)).await;
        assert_eq!(peer.expect(any()).await.command().serialize_type(), expected);
    }
}

#[tokio::test]
async fn a_configured_encoding_applies_to_every_response() {
    let config = ServerConfig::new().response_serialize_type(SerializeType::Json);
    let builder = RemotingServer::builder().config(config).processor(CODE, Executor::inline(), success);
    let (_server, peer) = start("forced-encoding", builder).await;
    let answer = ask(peer, request().with_serialize_type(SerializeType::RocketMq)).await;
    assert_eq!(answer.serialize_type(), SerializeType::Json);
}

#[tokio::test]
async fn a_response_that_cannot_be_encoded_becomes_an_error_response_and_the_channel_stays_open() {
    let builder = RemotingServer::builder().processor(CODE, Executor::inline(), |_ctx, _request| async {
        Ok(RemotingCommand::response(ResponseCode(200_050)))
    });
    let runtime = |_ctx, _request| async { Ok(RemotingCommand::response(ResponseCode(200_050))) };
    let builder = builder.processor(RequestCode(2), Executor::runtime(1), runtime);
    let (_server, mut peer) = start("unencodable", builder).await;
    for code in [CODE, RequestCode(2)] {
        let request =
            RemotingCommand::request(code).with_serialize_type(SerializeType::RocketMq).with_opaque(42);
        peer.send(request).await;
        let answer = peer.expect(response(ResponseCode::SYSTEM_ERROR)).await.into_command();
        assert_eq!(answer.opaque(), 42);
        assert!(answer.remark().unwrap().starts_with("response cannot be encoded: "), "{answer:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_server_that_is_going_away_sends_go_away_only_to_clients_that_support_it() {
    let config = ServerConfig::new().shutdown_gracefully(true);
    let (started, mut oneways) = tokio::sync::mpsc::unbounded_channel();
    let builder = RemotingServer::builder()
        .config(config)
        .processor(CODE, Executor::inline(), success)
        .processor(RequestCode(2), Executor::inline(), move |_ctx, request: RemotingCommand| {
            started.send(request.opaque()).unwrap();
            async { Ok(()) }
        });
    let (server, mut peer) = start("go-away", builder).await;
    let server = Arc::new(server);
    let shutdown = tokio::spawn({
        let server = Arc::clone(&server);
        async move { server.shutdown().await }
    });
    let deadline = Deadline::start();
    while ScriptedPeer::connect(server.local_addr()).await.is_ok() {
        deadline.yield_now().await; // the listener closes first
    }

    peer.send(request()).await;
    let answer = peer.expect(response(ResponseCode::GO_AWAY)).await.into_command();
    assert_eq!((answer.code(), answer.remark()), (1500, Some("please go away")));

    peer.send(request().with_version(MqVersion::V5_3_1)).await;
    peer.expect(response(ResponseCode::SUCCESS)).await;

    peer.send(RemotingCommand::request(RequestCode(99)).with_opaque(42)).await;
    peer.expect(response(ResponseCode::REQUEST_CODE_NOT_SUPPORTED)).await;

    peer.send(RemotingCommand::oneway(RequestCode(2)).with_opaque(5)).await;
    assert_eq!(oneways.recv().await, Some(5), "a one-way request has nobody to tell, so it is processed");

    peer.close();
    assert!(shutdown.await.unwrap().is_clean());
}
