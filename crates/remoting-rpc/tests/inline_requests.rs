//! Requests of an inline executor share one allocation, one after the other, and do not affect each other. The result
//! is the same with and without hooks around the processor.

#![expect(clippy::unwrap_used, reason = "a test fails by a panic")]

use std::collections::HashSet;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use remoting_rpc::testing::{ScriptedPeer, any, response};
use remoting_rpc::transport::protocol::{RemotingCommand, RequestCode, ResponseCode};
use remoting_rpc::{
    Executor, ProcessorError, Refusal, RemotingServer, RemotingServerBuilder, Reply, RequestContext,
    RequestProcessor, RpcHook, processor_with,
};

const CLOSURE: RequestCode = RequestCode(1001);
const TYPE: RequestCode = RequestCode(1002);
const LARGE: RequestCode = RequestCode(1003);

struct NoHook;

impl RpcHook for NoHook {}

/// The behaviour that the remark of a request selects.
async fn obey(request: RemotingCommand) -> Result<Reply, ProcessorError> {
    match request.remark().unwrap_or_default() {
        "wait" => tokio::task::yield_now().await,
        "panic" => panic!("boom"),
        "fail" => return Err(Refusal::new(ResponseCode::NO_PERMISSION, "no").into()),
        "never" => return Ok(Reply::None),
        _ => {}
    }
    Ok(RemotingCommand::response(ResponseCode::SUCCESS).with_body(request.into_body()).into())
}

struct Obedient;

impl RequestProcessor for Obedient {
    async fn process(&self, _ctx: RequestContext, request: RemotingCommand) -> Result<Reply, ProcessorError> {
        obey(request).await
    }

    fn reject_request(&self) -> bool {
        false
    }
}

async fn start(name: &str, builder: RemotingServerBuilder) -> (RemotingServer, ScriptedPeer) {
    let server = builder.bind(format!("memory:inline-{name}")).start().await.unwrap();
    let peer = ScriptedPeer::connect(server.local_addr()).await.unwrap();
    (server, peer)
}

/// A server with processors of three kinds: a closure, a type, and a future too large to be kept.
fn obedient() -> RemotingServerBuilder {
    RemotingServer::builder()
        .processor(CLOSURE, Executor::inline(), |_ctx, request| obey(request))
        .processor(TYPE, Executor::inline(), Obedient)
        .processor(LARGE, Executor::inline(), |_ctx, request: RemotingCommand| {
            let ballast = [1_u8; 4096];
            async move {
                let reply = obey(request).await;
                assert_eq!(ballast, [1; 4096]);
                reply
            }
        })
}

/// Returns code and body of the response.
async fn ask(
    peer: &mut ScriptedPeer,
    code: RequestCode,
    remark: &str,
    number: i32,
) -> (ResponseCode, String) {
    let request = RemotingCommand::request(code).with_opaque(number).with_remark(remark);
    peer.send(request.with_body(number.to_string())).await;
    let answer = peer.expect(any()).await.into_command();
    assert_eq!(answer.opaque(), number);
    (answer.response_code(), String::from_utf8(answer.body().to_vec()).unwrap())
}

#[tokio::test]
async fn every_outcome_of_a_request_leaves_the_next_one_unaffected() {
    for (name, builder) in [("bare", obedient()), ("hooked", obedient().hook(NoHook))] {
        let (server, mut peer) = start(name, builder).await;
        let mut number = 0;
        for first in ["", "wait", "panic", "fail"] {
            for second in ["", "wait", "panic", "fail"] {
                for (one, other) in [(CLOSURE, CLOSURE), (CLOSURE, TYPE), (TYPE, LARGE), (LARGE, LARGE)] {
                    for (code, remark) in [(one, first), (other, second)] {
                        number += 1;
                        let expected = match remark {
                            "panic" => (ResponseCode::SYSTEM_ERROR, String::new()),
                            "fail" => (ResponseCode::NO_PERMISSION, String::new()),
                            _ => (ResponseCode::SUCCESS, number.to_string()),
                        };
                        let answer = ask(&mut peer, code, remark, number).await;
                        assert_eq!(answer, expected, "{name} {first} then {second}");
                    }
                }
            }
        }
        assert_eq!(server.statistics().tasks, 0);
    }
}

#[tokio::test]
async fn a_request_without_a_response_does_not_affect_the_next() {
    let (_server, mut peer) = start("none", obedient()).await;
    for opaque in 1..=3 {
        peer.send(RemotingCommand::request(CLOSURE).with_opaque(opaque).with_remark("never")).await;
    }
    assert_eq!(ask(&mut peer, CLOSURE, "", 4).await, (ResponseCode::SUCCESS, "4".to_owned()));
}

#[tokio::test]
async fn waiting_and_ready_requests_do_not_interfere() {
    let (_server, mut peer) = start("overtaken", obedient()).await;
    for opaque in 1..=20 {
        let remark = if opaque % 2 == 0 { "wait" } else { "" };
        let request = RemotingCommand::request(CLOSURE).with_opaque(opaque).with_remark(remark);
        peer.send(request.with_body(opaque.to_string())).await;
    }
    let mut answered = Vec::new();
    for _ in 0..20 {
        let answer = peer.expect(response(ResponseCode::SUCCESS)).await.into_command();
        assert_eq!(answer.body(), answer.opaque().to_string().as_bytes());
        answered.push(answer.opaque());
    }
    answered.sort_unstable();
    assert_eq!(answered, (1..=20).collect::<Vec<_>>());
}

#[tokio::test]
async fn nothing_of_a_finished_request_is_kept() {
    let held = Arc::new(());
    let processor = {
        let held = Arc::clone(&held);
        move |_ctx, request: RemotingCommand| {
            let held = Arc::clone(&held);
            let mut ready = Ready::after(usize::from(request.remark() == Some("wait")));
            poll_fn(move |cx| {
                let _held = &held;
                Pin::new(&mut ready).poll(cx)
            })
        }
    };
    let builder = RemotingServer::builder().processor(CLOSURE, Executor::inline(), processor);
    let (_server, mut peer) = start("held", builder).await;
    for (opaque, remark) in [(1, ""), (2, "wait")] {
        ask(&mut peer, CLOSURE, remark, opaque).await;
        assert_eq!(Arc::strong_count(&held), 2, "this test and the processor; {remark}");
    }
}

#[tokio::test]
async fn a_processor_that_was_replaced_is_gone_with_the_next_request() {
    let held = Arc::new(());
    let processor = {
        let held = Arc::clone(&held);
        move |_ctx, request| {
            let _held = &held;
            obey(request)
        }
    };
    let builder = RemotingServer::builder().processor(CLOSURE, Executor::inline(), processor);
    let (server, mut peer) = start("replaced", builder).await;
    ask(&mut peer, CLOSURE, "", 1).await;
    server.register_processor(CLOSURE, Executor::inline(), Obedient);
    ask(&mut peer, CLOSURE, "", 2).await;
    assert_eq!(Arc::strong_count(&held), 1);
}

/// Waits a number of times, then succeeds.
struct Ready {
    waits: usize,
}

impl Ready {
    const fn after(waits: usize) -> Self {
        Self { waits }
    }
}

impl Future for Ready {
    type Output = Result<Reply, ProcessorError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        if self.waits > 0 {
            self.waits -= 1;
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        Poll::Ready(Ok(RemotingCommand::response(ResponseCode::SUCCESS).into()))
    }
}

/// Panics when dropped.
struct PanicsWhenDropped(Ready);

impl Future for PanicsWhenDropped {
    type Output = Result<Reply, ProcessorError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        Pin::new(&mut self.0).poll(cx)
    }
}

impl Drop for PanicsWhenDropped {
    fn drop(&mut self) {
        panic!("boom");
    }
}

#[tokio::test]
async fn a_panic_while_a_future_is_dropped_fails_only_that_request() {
    for waits in [0, 1] {
        for (name, builder) in [("drop", obedient()), ("hooked-drop", obedient().hook(NoHook))] {
            let name = format!("{name}-{waits}");
            let processor = move |_ctx, _request| PanicsWhenDropped(Ready::after(waits));
            let builder = builder.processor(RequestCode(2), Executor::inline(), processor);
            let (_server, mut peer) = start(&name, builder).await;
            assert_eq!(ask(&mut peer, RequestCode(2), "", 1).await.0, ResponseCode::SYSTEM_ERROR, "{name}");
            assert_eq!(ask(&mut peer, CLOSURE, "", 2).await.0, ResponseCode::SUCCESS, "{name}");
        }
    }
}

/// tokio's locks are pending when the task has spent its budget, even if they are free.
#[tokio::test]
async fn many_requests_that_take_a_free_lock_are_answered_by_the_task_of_their_channel_in_order() {
    const REQUESTS: i32 = 100;
    let lock = Arc::new(tokio::sync::Mutex::new(()));
    let processor = processor_with(&lock, |lock, _ctx, _request| async move {
        for _ in 0..8 {
            drop(lock.lock().await);
        }
        Ok(RemotingCommand::response(ResponseCode::SUCCESS).with_remark(tokio::task::id().to_string()))
    });
    let builder = RemotingServer::builder().processor(CLOSURE, Executor::inline(), processor);
    let (_server, mut peer) = start("locks", builder).await;
    for opaque in 0..REQUESTS {
        peer.send(RemotingCommand::request(CLOSURE).with_opaque(opaque)).await;
    }
    let mut tasks = HashSet::new();
    for opaque in 0..REQUESTS {
        let response = peer.expect(any()).await.into_command();
        assert_eq!(response.opaque(), opaque);
        tasks.insert(response.remark().unwrap().to_owned());
    }
    assert_eq!(tasks.len(), 1);
}
