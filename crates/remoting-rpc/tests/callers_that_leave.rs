//! Requests whose caller has disconnected.

#![expect(clippy::unwrap_used, reason = "a test fails by a panic")]

mod raw_peer;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bytes::BytesMut;
use raw_peer::*;
use remoting_rpc::testing::ScriptedPeer;
use remoting_rpc::transport::protocol::{FrameDecoder, FrameLimits, RemotingCommand, ResponseCode};
use remoting_rpc::{Executor, ProcessorError, RemotingServer, RequestContext, RunToEnd, ServerConfig};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::{sleep, timeout};

#[tokio::test(start_paused = true)]
async fn a_waiting_request_is_dropped_within_a_second_after_its_caller_disconnects() {
    for (name, executor) in [("left-inline", Executor::inline()), ("left-runtime", Executor::runtime(200))] {
        let alive = Arc::new(AtomicUsize::new(0));
        let server = builder(name).processor(PULL, executor.clone(), waits(&alive)).start().await.unwrap();
        let peer = stalled(&server, 100).await;
        until("all wait", || executor.in_flight() == 100).await;
        drop(peer);
        sleep(SECOND).await;
        assert_eq!((executor.in_flight(), alive.load(Ordering::Relaxed)), (0, 0), "{name}");
        let statistics = server.statistics().requests;
        assert_eq!((statistics.abandoned, statistics.in_flight), (100, 0));
        assert!(server.channels().is_empty() && server.statistics().tasks == 0);
    }
}

#[tokio::test(start_paused = true)]
async fn a_disconnect_on_a_channel_that_is_not_read_is_noticed_within_a_second() {
    let (alive, executor) = (Arc::new(AtomicUsize::new(0)), Executor::inline());
    let config = ServerConfig::new().max_requests_per_channel(10);
    let server =
        builder("left-unread").config(config).processor(PULL, executor.clone(), waits(&alive)).start();
    let server = server.await.unwrap();
    let peer = stalled(&server, 100).await;
    until("ten wait", || executor.in_flight() == 10).await;
    drop(peer);
    sleep(2 * SECOND).await;
    assert_eq!((executor.in_flight(), alive.load(Ordering::Relaxed)), (0, 0));
    assert!(server.channels().is_empty());
}

#[tokio::test]
async fn a_disconnect_of_a_socket_that_is_not_read_is_noticed() {
    let (alive, executor) = (Arc::new(AtomicUsize::new(0)), Executor::inline());
    let config = ServerConfig::new().max_requests_per_channel(10);
    let server = RemotingServer::builder()
        .bind("127.0.0.1:0")
        .config(config)
        .processor(PULL, executor.clone(), waits(&alive))
        .start()
        .await
        .unwrap();
    let peer = stalled(&server, 500).await;
    until("ten wait", || executor.in_flight() == 10).await;
    drop(peer);
    let all_left = timeout(Duration::from_secs(60), until("all left", || server.channels().is_empty()));
    assert!(all_left.await.is_ok());
    assert_eq!((executor.in_flight(), alive.load(Ordering::Relaxed)), (0, 0));
}

#[tokio::test(start_paused = true)]
async fn a_peer_that_has_shut_down_its_write_side_still_gets_responses() {
    let server = builder("half-closed").processor(PULL, Executor::runtime(8), |_ctx, _request| async {
        sleep(Duration::from_millis(300)).await;
        Ok(success())
    });
    let server = server.start().await.unwrap();
    let mut peer = stalled(&server, 1).await;
    peer.shutdown().await.unwrap();
    let mut received = BytesMut::new();
    while peer.read_buf(&mut received).await.unwrap() > 0 {}
    let answer = FrameDecoder::new(FrameLimits::default()).decode(&mut received).unwrap();
    assert_eq!(answer.unwrap().response_code(), ResponseCode::SUCCESS);
}

#[tokio::test(start_paused = true)]
async fn one_way_requests_and_processors_that_run_to_their_end_outlive_their_caller() {
    let ended = Arc::new(AtomicUsize::new(0));
    let works = |ended: &Arc<AtomicUsize>| {
        let ended = Arc::clone(ended);
        move |_ctx: RequestContext, _request: RemotingCommand| {
            let ended = Arc::clone(&ended);
            async move {
                sleep(HOUR).await;
                ended.fetch_add(1, Ordering::Relaxed);
                Ok(success())
            }
        }
    };
    let executor = Executor::runtime(10);
    let server = builder("to-the-end")
        .processor(PULL, executor.clone(), works(&ended))
        .processor(ECHO, executor.clone(), RunToEnd(works(&ended)))
        .start()
        .await
        .unwrap();
    let peer = ScriptedPeer::connect(server.local_addr()).await.unwrap();
    peer.send(RemotingCommand::oneway(PULL)).await;
    peer.send(RemotingCommand::request(PULL)).await;
    peer.send(RemotingCommand::request(ECHO)).await;
    until("all work", || executor.in_flight() == 3).await;
    peer.close();
    sleep(10 * SECOND).await;
    assert_eq!(executor.in_flight(), 2, "both hold their permits");
    sleep(HOUR).await;
    assert_eq!((ended.load(Ordering::Relaxed), executor.in_flight()), (2, 0));
}

#[tokio::test(start_paused = true)]
async fn a_processor_sees_that_its_caller_is_gone() {
    let (gone_in, mut gone) = tokio::sync::mpsc::unbounded_channel();
    let server = builder("seen")
        .processor(
            PULL,
            Executor::inline(),
            RunToEnd(move |ctx: RequestContext, _request| {
                let gone_in = gone_in.clone();
                async move {
                    assert!(!ctx.is_caller_gone());
                    ctx.caller_gone().await;
                    gone_in.send(ctx.is_caller_gone()).map_err(|_| ProcessorError::new("no test"))?;
                    Ok(())
                }
            }),
        )
        .start()
        .await
        .unwrap();
    let peer = ScriptedPeer::connect(server.local_addr()).await.unwrap();
    peer.send(RemotingCommand::request(PULL)).await;
    until("it waits", || server.statistics().requests.in_flight == 1).await;
    peer.close();
    assert_eq!(gone.recv().await, Some(true));
}

#[tokio::test]
async fn a_request_that_waits_for_a_thread_is_not_started_after_its_caller_disconnects() {
    let begun = Arc::new(AtomicUsize::new(0));
    let (release, blocked) = std::sync::mpsc::channel::<()>();
    let blocked = Arc::new(parking_lot::Mutex::new(blocked));
    let processor = {
        let begun = Arc::clone(&begun);
        move |_ctx, _request| {
            let (begun, blocked) = (Arc::clone(&begun), Arc::clone(&blocked));
            async move {
                begun.fetch_add(1, Ordering::Relaxed);
                blocked.lock().recv()?;
                Ok(success())
            }
        }
    };
    let executor = Executor::blocking(1, 100);
    let server = builder("gone-blocking").processor(PULL, executor.clone(), processor).start().await.unwrap();
    let peer = stalled(&server, 50).await;
    until("all are queued", || executor.in_flight() == 50 && begun.load(Ordering::Relaxed) == 1).await;
    drop(peer);
    until("the channel has ended", || server.channels().is_empty()).await;
    release.send(()).unwrap();
    until("all are given up", || executor.in_flight() == 0).await;
    assert_eq!((begun.load(Ordering::Relaxed), server.statistics().requests.abandoned), (1, 49));
}
