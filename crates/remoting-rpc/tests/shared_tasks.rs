//! Requests of one channel share tasks of the runtime, and none of them notices it.

#![expect(clippy::unwrap_used, reason = "a test fails by a panic")]

mod deadline;

use std::collections::HashSet;
use std::future::{pending, poll_fn};
use std::pin::pin;
use std::sync::{Arc, Barrier, Mutex};
use std::task::Poll;
use std::time::Duration;

use deadline::Deadline;
use remoting_rpc::testing::{ScriptedPeer, any};
use remoting_rpc::transport::protocol::{RemotingCommand, RequestCode, ResponseCode};
use remoting_rpc::{Executor, RemotingServer, RequestContext, RequestProcessor, processor_fn};
use tokio::task;
use tokio::time::advance;

const CODE: RequestCode = RequestCode(20_001);
const REQUESTS: i32 = 40;

fn success() -> RemotingCommand {
    RemotingCommand::response(ResponseCode::SUCCESS)
}

async fn serve(
    name: &str,
    executor: &Executor,
    processor: impl RequestProcessor,
) -> (RemotingServer, ScriptedPeer) {
    let builder = RemotingServer::builder().bind(format!("memory:shared-tasks-{name}"));
    let server = builder.processor(CODE, executor.clone(), processor).start().await.unwrap();
    let peer = ScriptedPeer::connect(server.local_addr()).await.unwrap();
    (server, peer)
}

async fn send(peer: &ScriptedPeer, requests: i32) {
    for opaque in 1..=requests {
        peer.send(RemotingCommand::request(CODE).with_opaque(opaque)).await;
    }
}

/// Returns the responses in the order of their opaques.
async fn responses(peer: &mut ScriptedPeer, requests: i32) -> Vec<RemotingCommand> {
    let mut responses = Vec::new();
    for _ in 0..requests {
        responses.push(peer.expect(any()).await.into_command());
    }
    responses.sort_by_key(RemotingCommand::opaque);
    let opaques: Vec<_> = responses.iter().map(RemotingCommand::opaque).collect();
    assert_eq!(opaques, (1..=requests).collect::<Vec<_>>(), "one response for each request");
    responses
}

#[tokio::test(start_paused = true)]
async fn requests_that_are_ready_at_once_share_a_task() {
    let tasks = Arc::new(Mutex::new(HashSet::new()));
    let seen = Arc::clone(&tasks);
    let processor = processor_fn(move |_ctx, _request| {
        seen.lock().unwrap().insert(task::id());
        async { Ok(success()) }
    });
    let executor = Executor::runtime(1_024);
    let (server, mut peer) = serve("ready", &executor, processor).await;
    send(&peer, REQUESTS).await;
    responses(&mut peer, REQUESTS).await;
    let tasks = tasks.lock().unwrap().len();
    assert!(tasks <= 4, "{tasks} tasks for {REQUESTS} requests");
    assert_eq!(executor.in_flight(), 0);
    assert_eq!(server.statistics().requests.in_flight, 0);
}

#[tokio::test(start_paused = true)]
async fn requests_that_wait_have_tasks_of_their_own_and_all_wait_at_once() {
    let executor = Executor::runtime(1_024);
    let processor = processor_fn(|_ctx: RequestContext, _request| async {
        tokio::time::sleep(Duration::from_secs(1)).await;
        Ok(success().with_remark(task::id().to_string()))
    });
    let (server, mut peer) = serve("waiting", &executor, processor).await;
    let started = tokio::time::Instant::now();
    for _round in 0..2 {
        send(&peer, REQUESTS).await;
        let tasks: HashSet<_> = responses(&mut peer, REQUESTS)
            .await
            .iter()
            .map(|response| response.remark().unwrap().to_owned())
            .collect();
        assert_eq!(tasks.len(), REQUESTS as usize);
    }
    assert!(started.elapsed() < Duration::from_secs(3));
    drop(server);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn requests_that_compute_run_in_parallel_on_several_threads() {
    // Each request blocks its thread until another one runs too.
    let barrier = Arc::new(Barrier::new(2));
    let processor = processor_fn(move |_ctx, _request| {
        let barrier = Arc::clone(&barrier);
        async move {
            barrier.wait();
            Ok(success())
        }
    });
    let (_server, mut peer) = serve("parallel", &Executor::runtime(1_024), processor).await;
    send(&peer, REQUESTS).await;
    responses(&mut peer, REQUESTS).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn more_requests_than_threads_run_at_once_if_they_block_in_place() {
    const BLOCKED: i32 = 5;
    let barrier = Arc::new(Barrier::new(BLOCKED as usize));
    let processor = processor_fn(move |_ctx, _request| {
        let barrier = Arc::clone(&barrier);
        async move {
            task::block_in_place(|| barrier.wait());
            Ok(success())
        }
    });
    let (_server, mut peer) = serve("in-place", &Executor::runtime(1_024), processor).await;
    send(&peer, BLOCKED).await;
    responses(&mut peer, BLOCKED).await;
}

#[tokio::test(start_paused = true)]
async fn on_one_thread_no_request_overtakes_queued_ones() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let order = Arc::clone(&seen);
    let processor = processor_fn(move |ctx: RequestContext, _request| {
        order.lock().unwrap().push(ctx.opaque());
        async {
            // It takes the time of its thread, and does not wait.
            poll_fn(|cx| {
                let _advanced = pin!(advance(Duration::from_millis(2))).poll(cx);
                Poll::Ready(())
            })
            .await;
            Ok(success())
        }
    });
    let (_server, mut peer) = serve("overtaking", &Executor::runtime(1_024), processor).await;
    send(&peer, REQUESTS).await;
    for opaque in REQUESTS + 1..=3 * REQUESTS {
        peer.expect(any()).await;
        peer.send(RemotingCommand::request(CODE).with_opaque(opaque)).await;
    }
    for _ in 0..REQUESTS {
        peer.expect(any()).await;
    }
    assert_eq!(*seen.lock().unwrap(), (1..=3 * REQUESTS).collect::<Vec<_>>());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_does_not_wait_for_a_request_that_computes_after_it() {
    // The second request blocks its thread until the third one runs, which is sent when the first one is answered.
    let barrier = Arc::new(Barrier::new(2));
    let processor = processor_fn(move |ctx: RequestContext, _request| {
        let barrier = Arc::clone(&barrier);
        async move {
            if ctx.opaque() > 1 {
                barrier.wait();
            }
            Ok(success())
        }
    });
    let (_server, mut peer) = serve("answers", &Executor::runtime(1_024), processor).await;
    for _round in 0..50 {
        send(&peer, 2).await;
        assert_eq!(peer.expect(any()).await.into_command().opaque(), 1);
        peer.send(RemotingCommand::request(CODE).with_opaque(3)).await;
        for _ in 0..2 {
            peer.expect(any()).await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_request_that_panics_harms_no_other_one() {
    let processor = processor_fn(|ctx: RequestContext, _request| async move {
        assert!(ctx.opaque() % 3 != 0, "boom");
        Ok(success())
    });
    let executor = Executor::runtime(1_024);
    let (server, mut peer) = serve("panics", &executor, processor).await;
    send(&peer, REQUESTS).await;
    for response in responses(&mut peer, REQUESTS).await {
        let expected =
            if response.opaque() % 3 == 0 { ResponseCode::SYSTEM_ERROR } else { ResponseCode::SUCCESS };
        assert_eq!(response.response_code(), expected);
    }
    assert_eq!(server.statistics().requests.panicked, REQUESTS as u64 / 3);
    assert_eq!(executor.in_flight(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_server_that_is_dropped_leaves_no_request_behind() {
    let server = Arc::new(Mutex::new(None));
    let drops = Arc::clone(&server);
    let processor = processor_fn(move |ctx: RequestContext, _request| {
        if ctx.opaque() == 5 {
            drop(drops.lock().unwrap().take());
        }
        pending::<Result<RemotingCommand, _>>()
    });
    let executor = Executor::runtime(1_024);
    let (started, mut peer) = serve("dropped", &executor, processor).await;
    *server.lock().unwrap() = Some(started);
    send(&peer, REQUESTS).await;
    peer.expect_closed().await;
    let deadline = Deadline::start();
    while executor.in_flight() > 0 {
        deadline.yield_now().await;
    }
}
