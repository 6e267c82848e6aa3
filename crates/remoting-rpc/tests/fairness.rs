//! What one peer can take from the others: nothing that they need.

#![expect(clippy::unwrap_used, reason = "a test fails by a panic")]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bytes::BytesMut;
use remoting_rpc::testing::{ScriptedPeer, any, response};
use remoting_rpc::transport::protocol::{
    FrameDecoder, FrameEncoder, FrameLimits, RemotingCommand, RequestCode, ResponseCode,
};
use remoting_rpc::transport::{
    Address, CloseInitiator, CloseReason, ConnectOptions, Stream, WaterMark, connect,
};
use remoting_rpc::{
    Executor, ProcessorError, RemotingServer, RemotingServerBuilder, Reply, RequestContext, RequestProcessor,
    RunToEnd, ServerConfig,
};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::Semaphore;
use tokio::time::{Instant, sleep, timeout};

const PULL: RequestCode = RequestCode(20_001);
const ECHO: RequestCode = RequestCode(20_002);
const SECOND: Duration = Duration::from_secs(1);
const HOUR: Duration = Duration::from_secs(3_600);

fn builder(name: &str) -> RemotingServerBuilder {
    RemotingServer::builder().bind(format!("memory:fairness-{name}"))
}

fn success() -> RemotingCommand {
    RemotingCommand::response(ResponseCode::SUCCESS)
}

fn pull(opaque: usize) -> RemotingCommand {
    RemotingCommand::request(PULL).with_opaque(i32::try_from(opaque).unwrap())
}

/// Answers with a body of this size.
fn answers_of(bytes: usize) -> impl RequestProcessor {
    move |_ctx, _request| async move { Ok(success().with_body(vec![0; bytes])) }
}

/// Never answers, and counts how many of its futures are alive.
fn waits(alive: &Arc<AtomicUsize>) -> impl RequestProcessor {
    struct Alive(Arc<AtomicUsize>);
    impl Drop for Alive {
        fn drop(&mut self) {
            self.0.fetch_sub(1, Ordering::Relaxed);
        }
    }
    let alive = Arc::clone(alive);
    move |_ctx, _request| {
        alive.fetch_add(1, Ordering::Relaxed);
        let alive = Alive(Arc::clone(&alive));
        async move {
            std::future::pending::<()>().await;
            drop(alive);
            Ok(Reply::None)
        }
    }
}

fn frames(commands: impl IntoIterator<Item = RemotingCommand>) -> BytesMut {
    let encoder = FrameEncoder::new(FrameLimits::default());
    let mut bytes = BytesMut::new();
    for command in commands {
        encoder.encode(&command, &mut bytes).unwrap();
    }
    bytes
}

/// Connects without reading anything.
async fn stream(server: &RemotingServer) -> Stream {
    let address = Address::from(server.local_addr());
    connect(&address, &ConnectOptions::default(), SECOND).await.unwrap().stream
}

/// Connects, asks, and reads nothing. What does not fit into the pipe is written as the server reads.
async fn stalled(server: &RemotingServer, requests: usize) -> Stream {
    let mut stream = stream(server).await;
    stream.write_all(&frames((0..requests).map(pull))).await.unwrap();
    stream
}

async fn until(what: &str, condition: impl Fn() -> bool) {
    let waited = timeout(60 * SECOND, async {
        while !condition() {
            sleep(Duration::from_millis(10)).await;
        }
    });
    assert!(waited.await.is_ok(), "{what} never came true");
}

async fn is_answered(peer: &mut ScriptedPeer) -> bool {
    peer.send(RemotingCommand::request(ECHO)).await;
    peer.expect(any()).await.command().response_code() == ResponseCode::SUCCESS
}

#[tokio::test(start_paused = true)]
async fn peers_that_read_nothing_take_no_executor_from_those_that_read() {
    let executor = Executor::runtime(64);
    let server = builder("nothing-read")
        .processor(PULL, executor.clone(), answers_of(32 << 10))
        .processor(ECHO, executor.clone(), answers_of(10))
        .start()
        .await
        .unwrap();
    let mut honest = ScriptedPeer::connect(server.local_addr()).await.unwrap();
    let mut peers = Vec::new();
    for _ in 0..80 {
        peers.push(stalled(&server, 64).await);
        sleep(Duration::from_millis(100)).await; // they are processed, and fill the pipe
    }
    for _ in 0..300 {
        assert!(is_answered(&mut honest).await);
        sleep(SECOND).await;
    }
    assert_eq!(server.channels().len(), 1, "those that do not read are closed");
    let statistics = server.request_statistics();
    assert_eq!((statistics.in_flight, statistics.waiting_response_bytes), (0, 0));
    assert_eq!(statistics.slow_channels, 80);
}

#[tokio::test(start_paused = true)]
async fn peers_that_read_slowly_take_no_executor_from_those_that_read() {
    let executor = Executor::runtime(64);
    let server = builder("slowly-read")
        .processor(PULL, executor.clone(), answers_of(32 << 10))
        .processor(ECHO, executor.clone(), answers_of(10))
        .start()
        .await
        .unwrap();
    let mut honest = ScriptedPeer::connect(server.local_addr()).await.unwrap();
    for _ in 0..80 {
        let mut stream = stalled(&server, 64).await;
        sleep(SECOND).await; // they are processed, and fill the pipe
        tokio::spawn(async move {
            let mut bytes = vec![0; 20 << 10];
            while stream.read_exact(&mut bytes).await.is_ok() {
                sleep(SECOND).await;
            }
        });
    }
    for _ in 0..300 {
        assert!(is_answered(&mut honest).await);
        sleep(SECOND).await;
    }
}

#[tokio::test]
async fn a_response_that_waits_for_a_slow_peer_holds_no_thread_of_a_blocking_executor() {
    let executor = Executor::blocking(1, 100);
    let server = builder("blocking")
        .processor(PULL, executor.clone(), answers_of(1 << 20))
        .processor(ECHO, executor.clone(), answers_of(10))
        .start()
        .await
        .unwrap();
    let mut honest = ScriptedPeer::connect(server.local_addr()).await.unwrap();
    let _stalled = stalled(&server, 3).await;
    assert!(is_answered(&mut honest).await);
}

#[tokio::test(start_paused = true)]
async fn a_peer_that_lets_a_response_wait_for_too_long_is_closed() {
    let config = ServerConfig::new().max_response_wait(Duration::from_secs(7));
    let server =
        builder("too-slow").config(config).processor(PULL, Executor::runtime(8), answers_of(1 << 20));
    let server = server.start().await.unwrap();
    let _stalled = stalled(&server, 3).await;
    until("a response waits", || server.request_statistics().waiting_response_bytes > 0).await;
    let channel = server.channels().pop().unwrap();
    let began = Instant::now();
    let reason = channel.closed().await;
    assert!((6_900..7_100).contains(&began.elapsed().as_millis()), "{:?}", began.elapsed());
    assert_eq!(reason.by(), CloseInitiator::Local);
    assert!(reason.to_string().contains("the peer reads too slowly"), "{reason}");
    assert_eq!(server.request_statistics().waiting_response_bytes, 0);
}

#[tokio::test(start_paused = true)]
async fn when_too_many_responses_wait_the_channel_without_progress_for_the_longest_time_is_closed() {
    let config = ServerConfig::new().max_waiting_responses(10 << 20).max_response_wait(None);
    let server =
        builder("backlog").config(config).processor(PULL, Executor::runtime(99), answers_of(1 << 20));
    let server = server.start().await.unwrap();
    let _first = stalled(&server, 4).await;
    until("the responses wait", || server.request_statistics().waiting_response_bytes > 2 << 20).await;
    let first = server.channels().pop().unwrap();
    let _second = stalled(&server, 9).await;
    until("a channel is closed", || server.request_statistics().slow_channels > 0).await;
    until("it has ended", || server.channels().len() == 1).await;
    assert_ne!(server.channels()[0].id(), first.id());
    assert!(server.request_statistics().waiting_response_bytes <= 10 << 20);
}

#[tokio::test(start_paused = true)]
async fn a_channel_with_as_many_requests_in_flight_as_it_may_have_is_not_read() {
    let gate = Arc::new(Semaphore::new(0));
    let gated = {
        let gate = Arc::clone(&gate);
        move |_ctx, _request| {
            let gate = Arc::clone(&gate);
            async move {
                gate.acquire().await?.forget();
                Ok(success())
            }
        }
    };
    let config = ServerConfig::new().max_requests_per_channel(10);
    let server = builder("full-channel")
        .config(config)
        .processor(PULL, Executor::inline(), gated)
        .processor(ECHO, Executor::inline(), answers_of(1))
        .start()
        .await
        .unwrap();
    let greedy = ScriptedPeer::connect(server.local_addr()).await.unwrap();
    for opaque in 0..100 {
        greedy.send(pull(opaque)).await;
    }
    let mut honest = ScriptedPeer::connect(server.local_addr()).await.unwrap();
    assert!(is_answered(&mut honest).await);
    until("ten are in flight", || server.request_statistics().in_flight == 10).await;
    sleep(10 * SECOND).await;
    assert_eq!(server.request_statistics().in_flight, 10);
    let mut greedy = greedy;
    gate.add_permits(100);
    for _ in 0..100 {
        greedy.expect(response(ResponseCode::SUCCESS)).await;
    }
    assert_eq!(server.request_statistics().in_flight, 0);
}

#[tokio::test(start_paused = true)]
async fn a_request_that_waits_is_given_up_within_a_second_after_its_caller_has_left() {
    for (name, executor) in [("left-inline", Executor::inline()), ("left-runtime", Executor::runtime(200))] {
        let alive = Arc::new(AtomicUsize::new(0));
        let server = builder(name).processor(PULL, executor.clone(), waits(&alive)).start().await.unwrap();
        let peer = stalled(&server, 100).await;
        until("all wait", || executor.in_flight() == 100).await;
        drop(peer);
        sleep(SECOND).await;
        assert_eq!((executor.in_flight(), alive.load(Ordering::Relaxed)), (0, 0), "{name}");
        let statistics = server.request_statistics();
        assert_eq!((statistics.abandoned, statistics.in_flight), (100, 0));
        assert!(server.channels().is_empty() && server.tasks_in_flight() == 0);
    }
}

#[tokio::test(start_paused = true)]
async fn a_caller_that_leaves_while_its_channel_is_not_read_is_noticed_within_a_second() {
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
async fn a_caller_on_a_socket_that_leaves_while_its_channel_is_not_read_is_noticed() {
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
async fn a_peer_that_has_shut_down_its_sending_side_is_still_answered() {
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
    let (tell, mut told) = tokio::sync::mpsc::unbounded_channel();
    let server = builder("seen")
        .processor(
            PULL,
            Executor::inline(),
            RunToEnd(move |ctx: RequestContext, _request| {
                let tell = tell.clone();
                async move {
                    assert!(!ctx.is_caller_gone());
                    ctx.caller_gone().await;
                    tell.send(ctx.is_caller_gone()).map_err(|_| ProcessorError::msg("no test"))?;
                    Ok(())
                }
            }),
        )
        .start()
        .await
        .unwrap();
    let peer = ScriptedPeer::connect(server.local_addr()).await.unwrap();
    peer.send(RemotingCommand::request(PULL)).await;
    until("it waits", || server.request_statistics().in_flight == 1).await;
    peer.close();
    assert_eq!(told.recv().await, Some(true));
}

#[tokio::test]
async fn an_executor_that_stops_reading_when_it_is_full_loses_and_refuses_nothing() {
    for (name, executor) in [
        ("lossless-runtime", Executor::runtime(4).stop_reading_when_full()),
        ("lossless-inline", Executor::inline_with_limit(4).stop_reading_when_full()),
        ("lossless-blocking", Executor::blocking(2, 2).stop_reading_when_full()),
    ] {
        let (arrived, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let processor = {
            let (executor, arrived, most) = (executor.clone(), Arc::clone(&arrived), Arc::clone(&most));
            move |_ctx, _request| {
                let (executor, arrived, most) = (executor.clone(), Arc::clone(&arrived), Arc::clone(&most));
                async move {
                    tokio::task::yield_now().await;
                    most.fetch_max(executor.in_flight(), Ordering::Relaxed);
                    arrived.fetch_add(1, Ordering::Relaxed);
                    Ok(success())
                }
            }
        };
        let server = builder(name).processor(PULL, executor.clone(), processor).start().await.unwrap();
        let mut peers = Vec::new();
        for _ in 0..3 {
            let peer = ScriptedPeer::connect(server.local_addr()).await.unwrap();
            for _ in 0..200 {
                peer.send(RemotingCommand::oneway(PULL)).await;
            }
            for opaque in 0..40 {
                peer.send(pull(opaque)).await;
            }
            peers.push(peer);
        }
        for peer in &mut peers {
            for _ in 0..40 {
                peer.expect(response(ResponseCode::SUCCESS)).await;
            }
        }
        until("all have arrived", || arrived.load(Ordering::Relaxed) == 3 * 240).await;
        assert!(most.load(Ordering::Relaxed) <= 4 + 3, "{name}: {most:?}");
        let statistics = server.request_statistics();
        assert_eq!((statistics.overloaded, statistics.dropped_oneway), (0, 0), "{name}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_executor_that_stops_reading_keeps_its_limit_however_many_channels_wait() {
    for (name, executor) in [
        ("limit-runtime", Executor::runtime(4).stop_reading_when_full()),
        ("limit-inline", Executor::inline_with_limit(4).stop_reading_when_full()),
    ] {
        let most = Arc::new(AtomicUsize::new(0));
        let processor = {
            let (executor, most) = (executor.clone(), Arc::clone(&most));
            move |_ctx, _request| {
                let (executor, most) = (executor.clone(), Arc::clone(&most));
                async move {
                    sleep(SECOND).await;
                    most.fetch_max(executor.in_flight(), Ordering::Relaxed);
                    Ok(success())
                }
            }
        };
        let server = builder(name).processor(PULL, executor.clone(), processor).start().await.unwrap();
        let mut peers = Vec::new();
        for _ in 0..3 {
            let peer = ScriptedPeer::connect(server.local_addr()).await.unwrap();
            for opaque in 0..10 {
                peer.send(pull(opaque)).await;
            }
            peers.push(peer);
        }
        for peer in &mut peers {
            for _ in 0..10 {
                peer.expect(response(ResponseCode::SUCCESS)).await;
            }
        }
        assert_eq!(most.load(Ordering::Relaxed), 4, "{name}");
        assert_eq!(executor.in_flight(), 0, "{name}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_one_way_request_that_waits_for_a_permit_is_processed_although_its_channel_breaks() {
    let executor = Executor::runtime(1).stop_reading_when_full();
    let (arrived, gate) = (Arc::new(AtomicUsize::new(0)), Arc::new(Semaphore::new(0)));
    let processor = {
        let (arrived, gate) = (Arc::clone(&arrived), Arc::clone(&gate));
        move |_ctx, _request| {
            let (arrived, gate) = (Arc::clone(&arrived), Arc::clone(&gate));
            async move {
                gate.acquire().await?.forget();
                arrived.fetch_add(1, Ordering::Relaxed);
                Ok(())
            }
        }
    };
    let server = builder("held-oneway").processor(PULL, executor.clone(), processor).start().await.unwrap();
    let peer = ScriptedPeer::connect(server.local_addr()).await.unwrap();
    for _ in 0..2 {
        peer.send(RemotingCommand::oneway(PULL)).await;
    }
    until("one is held", || server.request_statistics().in_flight == 2).await;
    server.channels().pop().unwrap().channel().abort(CloseReason::local("it broke"));
    until("the channel has ended", || server.channels().is_empty()).await;
    gate.add_permits(2);
    until("both are processed", || arrived.load(Ordering::Relaxed) == 2).await;
    until("nothing is left", || server.request_statistics().in_flight == 0).await;
}

#[tokio::test]
async fn a_request_that_waited_for_a_thread_is_not_begun_once_its_caller_has_left() {
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
    assert_eq!((begun.load(Ordering::Relaxed), server.request_statistics().abandoned), (1, 49));
}

#[tokio::test(start_paused = true)]
async fn the_channel_whose_peer_reads_is_not_the_one_that_is_closed_for_the_others() {
    let config = ServerConfig::new().max_waiting_responses(20 << 20).max_response_wait(None);
    let server =
        builder("progress").config(config).processor(PULL, Executor::runtime(99), answers_of(1 << 20));
    let server = server.start().await.unwrap();
    let mut stalled_peers = Vec::new();
    for _ in 0..3 {
        stalled_peers.push(stalled(&server, 7).await);
    }
    until("their responses wait", || server.request_statistics().waiting_response_bytes > 15 << 20).await;
    sleep(SECOND).await;
    let mut honest = ScriptedPeer::connect(server.local_addr()).await.unwrap();
    for opaque in 0..16 {
        honest.send(pull(opaque)).await;
    }
    for _ in 0..16 {
        honest.expect(response(ResponseCode::SUCCESS)).await;
    }
    assert!(server.request_statistics().slow_channels >= 1);
    assert!(honest.channel().is_open());
}

#[tokio::test(start_paused = true)]
async fn a_responder_holds_a_permit_of_its_executor_and_no_shutdown_once_its_caller_is_gone() {
    let (keep, mut kept) = tokio::sync::mpsc::unbounded_channel();
    let executor = Executor::inline_with_limit(2);
    let server = builder("responder-permit")
        .processor(PULL, executor.clone(), move |_ctx, _request| {
            let keep = keep.clone();
            async move { Ok(Reply::later(move |responder| keep.send(responder).unwrap())) }
        })
        .start()
        .await
        .unwrap();
    let mut peer = ScriptedPeer::connect(server.local_addr()).await.unwrap();
    for opaque in 0..3 {
        peer.send(pull(opaque)).await;
    }
    peer.expect(response(ResponseCode::SYSTEM_BUSY)).await;
    let (first, second) = (kept.recv().await.unwrap(), kept.recv().await.unwrap());
    assert_eq!(executor.in_flight(), 2);
    drop(first);
    assert_eq!(executor.in_flight(), 1);
    peer.close();
    second.context().caller_gone().await;
    let before = Instant::now();
    assert!(server.shutdown().await.is_clean());
    assert!(before.elapsed() < 5 * SECOND, "{:?}", before.elapsed());
    drop(second);
    assert_eq!((executor.in_flight(), server.request_statistics().in_flight), (0, 0));
}

#[tokio::test(start_paused = true)]
async fn a_channel_that_waits_for_a_full_executor_holds_up_no_other() {
    let executor = Executor::runtime(1).stop_reading_when_full();
    let alive = Arc::new(AtomicUsize::new(0));
    let server = builder("waiting-channel")
        .processor(PULL, executor.clone(), waits(&alive))
        .processor(ECHO, Executor::inline(), answers_of(1))
        .start()
        .await
        .unwrap();
    let _first = stalled(&server, 1).await;
    until("the executor is full", || executor.in_flight() == 1).await;
    let waiting = stalled(&server, 5).await;
    let mut honest = ScriptedPeer::connect(server.local_addr()).await.unwrap();
    assert!(is_answered(&mut honest).await);
    until("one is held", || server.request_statistics().in_flight == 2).await;
    drop(waiting);
    until("its channel has ended", || server.channels().len() == 2).await;
    assert_eq!(server.request_statistics().in_flight, 1);
}

#[tokio::test(start_paused = true)]
async fn a_responder_keeps_its_request_in_flight_and_is_bounded_with_the_others() {
    let kept = Arc::new(parking_lot::Mutex::new(Vec::new()));
    let keep = Arc::clone(&kept);
    let server = builder("responders")
        .config(ServerConfig::new().max_requests_per_channel(10))
        .processor(PULL, Executor::inline(), move |_ctx, _request| {
            let keep = Arc::clone(&keep);
            async move { Ok(Reply::later(move |responder| keep.lock().push(responder))) }
        })
        .start()
        .await
        .unwrap();
    let peer = ScriptedPeer::connect(server.local_addr()).await.unwrap();
    for opaque in 0..30 {
        peer.send(pull(opaque)).await;
    }
    until("ten are kept", || kept.lock().len() == 10).await;
    sleep(10 * SECOND).await;
    assert_eq!((kept.lock().len(), server.request_statistics().in_flight), (10, 10));
    let first = kept.lock().remove(0);
    drop(first); // never answered
    until("one more is read", || kept.lock().len() == 10).await;
    peer.close();
    let responder = kept.lock().remove(0);
    responder.context().caller_gone().await;
    assert!(responder.context().is_caller_gone());
}

/// A small mark, so that few responses make a channel unwritable.
#[tokio::test(start_paused = true)]
async fn a_slow_reader_gets_every_response() {
    let config = ServerConfig::new().water_mark(WaterMark::new(1_000, 20_000).unwrap());
    let server =
        builder("all-responses").config(config).processor(PULL, Executor::runtime(64), answers_of(30_000));
    let server = server.start().await.unwrap();
    let mut peer = stalled(&server, 50).await;
    let (decoder, mut received, mut answered) =
        (FrameDecoder::new(FrameLimits::default()), BytesMut::new(), 0);
    while answered < 50 {
        sleep(Duration::from_millis(100)).await;
        let mut bytes = [0; 8 << 10];
        let read = peer.read(&mut bytes).await.unwrap();
        assert!(read > 0, "the channel was closed after {answered} responses");
        received.extend_from_slice(&bytes[..read]);
        while let Some(answer) = decoder.decode(&mut received).unwrap() {
            assert_eq!(answer.response_code(), ResponseCode::SUCCESS);
            answered += 1;
        }
    }
}
