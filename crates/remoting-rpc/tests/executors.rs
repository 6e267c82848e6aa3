//! Where processors run, their limits, and the effects of a slow peer.

#![expect(clippy::unwrap_used, reason = "a test fails by a panic")]

mod deadline;

use std::sync::Arc;
use std::time::Duration;

use deadline::Deadline;
use remoting_rpc::testing::{ScriptedPeer, any, response};
use remoting_rpc::transport::protocol::{RemotingCommand, RequestCode, ResponseCode};
use remoting_rpc::transport::{Address, ConnectOptions, WaterMark, connect};
use remoting_rpc::{Executor, ProcessorError, RemotingServer, RequestContext, ServerConfig};
use tokio::sync::Semaphore;

const CODE: RequestCode = RequestCode(1001);
const OTHER: RequestCode = RequestCode(1002);
const OVERLOAD: &str = "[OVERLOAD]system busy, start flow control for a while";

fn request(opaque: i32) -> RemotingCommand {
    RemotingCommand::request(CODE).with_opaque(opaque)
}

/// Responds when it gets a permit of the gate.
fn gated(gate: &Arc<Semaphore>) -> impl remoting_rpc::RequestProcessor {
    let gate = Arc::clone(gate);
    move |_ctx: RequestContext, _request: RemotingCommand| {
        let gate = Arc::clone(&gate);
        async move {
            gate.acquire().await?.forget();
            Ok(RemotingCommand::response(ResponseCode::SUCCESS))
        }
    }
}

async fn thread_name(
    _ctx: RequestContext,
    _request: RemotingCommand,
) -> Result<RemotingCommand, ProcessorError> {
    let name = std::thread::current().name().unwrap_or_default().to_owned();
    Ok(RemotingCommand::response(ResponseCode::SUCCESS).with_remark(name))
}

async fn serve(name: &str, executor: &Executor, gate: &Arc<Semaphore>) -> (RemotingServer, ScriptedPeer) {
    let builder = RemotingServer::builder().bind(format!("memory:executors-{name}"));
    let builder = builder.processor(CODE, executor.clone(), gated(gate)).processor(
        OTHER,
        executor.clone(),
        thread_name,
    );
    let server = builder.start().await.unwrap();
    let peer = ScriptedPeer::connect(server.local_addr()).await.unwrap();
    (server, peer)
}

#[tokio::test]
async fn each_executor_rejects_requests_above_its_limit_and_serves_again_below_it() {
    for (name, executor) in [
        ("inline", Executor::inline_with_limit(3)),
        ("runtime", Executor::runtime(3)),
        ("blocking", Executor::blocking(2, 1)),
    ] {
        let gate = Arc::new(Semaphore::new(0));
        let (server, mut peer) = serve(name, &executor, &gate).await;
        for opaque in 1..=5 {
            peer.send(request(opaque)).await;
        }
        for opaque in [4, 5] {
            let refused = peer.expect(response(ResponseCode::SYSTEM_BUSY)).await.into_command();
            assert_eq!((refused.opaque(), refused.remark()), (opaque, Some(OVERLOAD)), "{name}");
        }
        assert_eq!((executor.in_flight(), executor.limit()), (3, 3), "{name}");
        gate.add_permits(3);
        for _ in 0..3 {
            peer.expect(response(ResponseCode::SUCCESS)).await;
        }
        gate.add_permits(1);
        let deadline = Deadline::start();
        while executor.in_flight() > 0 {
            deadline.yield_now().await; // a place is given back just after the response is queued
        }
        peer.send(request(6)).await;
        peer.expect(response(ResponseCode::SUCCESS)).await;
        assert!(server.shutdown().await.is_clean());
        assert_eq!(executor.in_flight(), 0, "{name}");
    }
}

#[tokio::test]
async fn registrations_that_share_an_executor_share_its_limit() {
    let (executor, gate) = (Executor::runtime(1), Arc::new(Semaphore::new(0)));
    let (_server, mut peer) = serve("shared", &executor, &gate).await;
    peer.send(request(1)).await;
    peer.send(RemotingCommand::request(OTHER).with_opaque(2)).await;
    let refused = peer.expect(response(ResponseCode::SYSTEM_BUSY)).await.into_command();
    assert_eq!(refused.opaque(), 2);
}

#[tokio::test]
async fn a_waiting_request_does_not_delay_others_on_its_channel() {
    for (name, executor) in [("wait-inline", Executor::inline()), ("wait-runtime", Executor::runtime(8))] {
        let gate = Arc::new(Semaphore::new(0));
        let (_server, mut peer) = serve(name, &executor, &gate).await;
        peer.send(request(1)).await;
        peer.send(RemotingCommand::request(OTHER).with_opaque(2)).await;
        assert_eq!(peer.expect(any()).await.command().opaque(), 2);
        gate.add_permits(1);
        assert_eq!(peer.expect(any()).await.command().opaque(), 1);
    }
}

#[tokio::test]
async fn what_a_processor_sends_before_it_returns_arrives_before_its_response() {
    const REQUESTS: i32 = 3;
    for (name, executor) in [
        ("push-inline", Executor::inline()),
        ("push-runtime", Executor::runtime(8)),
        ("push-blocking", Executor::blocking(1, 8)),
    ] {
        let push = |ctx: RequestContext, _request: RemotingCommand| async move {
            let pushed = RemotingCommand::oneway(OTHER).with_remark(ctx.opaque().to_string());
            ctx.channel().invoke_oneway(pushed, Duration::from_secs(1)).await?;
            Ok(RemotingCommand::response(ResponseCode::SUCCESS))
        };
        let builder = RemotingServer::builder().bind(format!("memory:executors-{name}"));
        let server = builder.processor(CODE, executor, push).start().await.unwrap();
        let mut peer = ScriptedPeer::connect(server.local_addr()).await.unwrap();
        for opaque in 1..=REQUESTS {
            peer.send(request(opaque)).await;
        }
        for opaque in 1..=REQUESTS {
            let pushed = peer.expect(any()).await.into_command();
            assert_eq!(
                (pushed.is_response(), pushed.remark()),
                (false, Some(&*opaque.to_string())),
                "{name}"
            );
            let answer = peer.expect(response(ResponseCode::SUCCESS)).await.into_command();
            assert_eq!(answer.opaque(), opaque, "{name}");
        }
    }
}

#[tokio::test]
async fn a_blocking_executor_runs_processors_on_its_own_threads_which_end_with_the_server() {
    let executor = Executor::blocking(2, 8);
    let (server, mut peer) = serve("threads", &executor, &Arc::new(Semaphore::new(0))).await;
    peer.send(RemotingCommand::request(OTHER)).await;
    let answer = peer.expect(any()).await.into_command();
    assert_eq!(answer.remark(), Some("remoting-blocking-0"));
    drop(executor);
    assert!(server.shutdown().await.is_clean());
}

#[tokio::test]
async fn a_processor_may_block_its_thread_while_the_channel_continues() {
    let (release, blocked) = std::sync::mpsc::channel::<()>();
    let blocked = Arc::new(parking_lot::Mutex::new(blocked));
    let server = RemotingServer::builder()
        .bind("memory:executors-block")
        .processor(CODE, Executor::blocking(1, 1), move |_ctx, _request| {
            let blocked = Arc::clone(&blocked);
            async move {
                blocked.lock().recv()?;
                Ok(RemotingCommand::response(ResponseCode::SUCCESS))
            }
        })
        .processor(OTHER, Executor::inline(), thread_name)
        .start()
        .await
        .unwrap();
    let mut peer = ScriptedPeer::connect(server.local_addr()).await.unwrap();
    peer.send(request(1)).await;
    peer.send(RemotingCommand::request(OTHER).with_opaque(2)).await;
    assert_eq!(peer.expect(any()).await.command().opaque(), 2);
    release.send(()).unwrap();
    assert_eq!(peer.expect(any()).await.command().opaque(), 1);
}

/// Its responses wait for it in the channel, which is not read meanwhile. None is dropped.
#[tokio::test]
async fn a_peer_that_does_not_read_holds_no_executor_permit_and_loses_no_response() {
    const REQUESTS: usize = 40;
    let executor = Executor::runtime(REQUESTS);
    let server = RemotingServer::builder()
        .bind("memory:executors-slow")
        .config(ServerConfig::new().water_mark(WaterMark::new(1_000, 20_000).unwrap()))
        .processor(CODE, executor.clone(), |_ctx, _request| async {
            Ok(RemotingCommand::response(ResponseCode::SUCCESS).with_body(vec![0; 100_000]))
        })
        .start()
        .await
        .unwrap();
    let mut stalled =
        connect(&Address::from(server.local_addr()), &ConnectOptions::default(), Duration::from_secs(1))
            .await
            .unwrap()
            .stream;
    let mut requests = Vec::new();
    for opaque in 0..REQUESTS {
        requests.extend(frame(&request(i32::try_from(opaque).unwrap())));
    }
    tokio::io::AsyncWriteExt::write_all(&mut stalled, &requests).await.unwrap();
    let deadline = Deadline::start();
    let channel = loop {
        // The first response fills pipe and queue, so later ones wait.
        match server.channels().pop() {
            Some(channel)
                if !channel.channel().is_writable()
                    && executor.in_flight() == 0
                    && server.statistics().requests.waiting_response_bytes > 200_000 =>
            {
                break channel;
            }
            _ => deadline.yield_now().await,
        }
    };
    assert!(channel.channel().pending_bytes() < 200_000, "{}", channel.channel().pending_bytes());

    let (mut succeeded, mut answered) = (0, 0);
    let mut received = bytes::BytesMut::new();
    let decoder = remoting_rpc::transport::protocol::FrameDecoder::new(Default::default());
    while answered < REQUESTS {
        tokio::io::AsyncReadExt::read_buf(&mut stalled, &mut received).await.unwrap();
        while let Some(answer) = decoder.decode(&mut received).unwrap() {
            answered += 1;
            succeeded += usize::from(answer.response_code() == ResponseCode::SUCCESS);
        }
    }
    assert_eq!(succeeded, REQUESTS);
}

fn frame(command: &RemotingCommand) -> Vec<u8> {
    let encoder = remoting_rpc::transport::protocol::FrameEncoder::new(Default::default());
    let mut bytes = bytes::BytesMut::new();
    encoder.encode(command, &mut bytes).unwrap();
    bytes.to_vec()
}
