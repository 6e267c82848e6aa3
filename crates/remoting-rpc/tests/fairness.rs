//! One peer cannot take resources that the others need.

#![expect(clippy::unwrap_used, reason = "a test fails by a panic")]

mod raw_peer;

use std::sync::Arc;
use std::time::Duration;

use bytes::BytesMut;
use raw_peer::*;
use remoting_rpc::testing::{ScriptedPeer, response};
use remoting_rpc::transport::protocol::{FrameDecoder, FrameLimits, ResponseCode};
use remoting_rpc::transport::{CloseInitiator, WaterMark};
use remoting_rpc::{Executor, Reply, RequestProcessor, ServerConfig};
use tokio::io::AsyncReadExt;
use tokio::sync::Semaphore;
use tokio::time::{Instant, sleep};

#[tokio::test(start_paused = true)]
async fn peers_that_read_nothing_do_not_occupy_the_executor() {
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
    let statistics = server.statistics().requests;
    assert_eq!((statistics.in_flight, statistics.waiting_response_bytes), (0, 0));
    assert_eq!(statistics.slow_channels, 80);
}

#[tokio::test(start_paused = true)]
async fn peers_that_read_slowly_do_not_occupy_the_executor() {
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
async fn the_channel_of_a_response_that_waits_too_long_is_closed() {
    let config = ServerConfig::new().max_response_wait(Duration::from_secs(7));
    let server =
        builder("too-slow").config(config).processor(PULL, Executor::runtime(8), answers_of(1 << 20));
    let server = server.start().await.unwrap();
    let _stalled = stalled(&server, 3).await;
    until("a response waits", || server.statistics().requests.waiting_response_bytes > 0).await;
    let channel = server.channels().pop().unwrap();
    let began = Instant::now();
    let reason = channel.closed().await;
    assert!((6_900..7_100).contains(&began.elapsed().as_millis()), "{:?}", began.elapsed());
    assert_eq!(reason.by(), CloseInitiator::Local);
    assert!(reason.to_string().contains("the peer reads too slowly"), "{reason}");
    assert_eq!(server.statistics().requests.waiting_response_bytes, 0);
}

#[tokio::test(start_paused = true)]
async fn when_too_many_responses_wait_the_channel_without_progress_for_the_longest_time_is_closed() {
    let config = ServerConfig::new().max_waiting_responses(10 << 20).max_response_wait(None);
    let server =
        builder("backlog").config(config).processor(PULL, Executor::runtime(99), answers_of(1 << 20));
    let server = server.start().await.unwrap();
    let _first = stalled(&server, 4).await;
    until("the responses wait", || server.statistics().requests.waiting_response_bytes > 2 << 20).await;
    let first = server.channels().pop().unwrap();
    let _second = stalled(&server, 9).await;
    until("a channel is closed", || server.statistics().requests.slow_channels > 0).await;
    until("it has ended", || server.channels().len() == 1).await;
    assert_ne!(server.channels()[0].id(), first.id());
    assert!(server.statistics().requests.waiting_response_bytes <= 10 << 20);
}

/// A gate, and a processor whose requests each take a permit of it.
fn gated() -> (Arc<Semaphore>, impl RequestProcessor) {
    let gate = Arc::new(Semaphore::new(0));
    let semaphore = Arc::clone(&gate);
    let processor = move |_ctx, _request| {
        let gate = Arc::clone(&semaphore);
        async move {
            gate.acquire().await?.forget();
            Ok(success())
        }
    };
    (gate, processor)
}

#[tokio::test(start_paused = true)]
async fn a_channel_at_its_limit_of_requests_in_flight_is_not_read() {
    let (gate, gated) = gated();
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
    until("ten are in flight", || server.statistics().requests.in_flight == 10).await;
    sleep(10 * SECOND).await;
    assert_eq!(server.statistics().requests.in_flight, 10);
    let mut greedy = greedy;
    gate.add_permits(100);
    for _ in 0..100 {
        greedy.expect(response(ResponseCode::SUCCESS)).await;
    }
    assert_eq!(server.statistics().requests.in_flight, 0);
}

#[tokio::test(start_paused = true)]
async fn a_channel_at_its_limit_of_request_bytes_is_not_read_and_one_request_may_exceed_it() {
    let (gate, gated) = gated();
    let config = ServerConfig::new().max_request_bytes_per_channel(1 << 20);
    let server = builder("full-of-bytes").config(config).processor(PULL, Executor::inline(), gated);
    let server = server.start().await.unwrap();
    let mut greedy = ScriptedPeer::connect(server.local_addr()).await.unwrap();
    let bodies = [300 << 10; 9].into_iter().chain([2 << 20, 1]);
    let channel = greedy.channel().clone();
    tokio::spawn(async move {
        for (opaque, bytes) in bodies.enumerate() {
            channel.send(pull(opaque).with_body(vec![0; bytes])).await.unwrap();
        }
    });
    // The fourth reaches the limit, and so does the large one alone.
    for (answered, in_flight) in [(0, 4), (1, 4), (6, 3), (2, 1), (1, 1)] {
        gate.add_permits(answered);
        for _ in 0..answered {
            greedy.expect(response(ResponseCode::SUCCESS)).await;
        }
        sleep(SECOND).await;
        assert_eq!(server.statistics().requests.in_flight, in_flight, "after {answered} more");
    }
}

#[tokio::test(start_paused = true)]
async fn a_channel_whose_peer_reads_is_not_closed_for_the_others() {
    let config = ServerConfig::new().max_waiting_responses(20 << 20).max_response_wait(None);
    let server =
        builder("progress").config(config).processor(PULL, Executor::runtime(99), answers_of(1 << 20));
    let server = server.start().await.unwrap();
    let mut stalled_peers = Vec::new();
    for _ in 0..3 {
        stalled_peers.push(stalled(&server, 7).await);
    }
    until("their responses wait", || server.statistics().requests.waiting_response_bytes > 15 << 20).await;
    sleep(SECOND).await;
    let mut honest = ScriptedPeer::connect(server.local_addr()).await.unwrap();
    for opaque in 0..16 {
        honest.send(pull(opaque)).await;
    }
    for _ in 0..16 {
        honest.expect(response(ResponseCode::SUCCESS)).await;
    }
    assert!(server.statistics().requests.slow_channels >= 1);
    assert!(honest.channel().is_open());
}

#[tokio::test(start_paused = true)]
async fn a_responder_whose_caller_is_gone_holds_its_permit_but_no_shutdown() {
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
    assert_eq!((executor.in_flight(), server.statistics().requests.in_flight), (0, 0));
}

#[tokio::test(start_paused = true)]
async fn a_responder_that_waits_for_a_slow_peer_holds_no_permit_of_its_executor() {
    let executor = Executor::inline_with_limit(8);
    let server = builder("responder-slow")
        .processor(PULL, executor.clone(), |_ctx, _request| async {
            Ok(Reply::later(|responder| {
                tokio::spawn(responder.send(success().with_body(vec![0; 1 << 20])));
            }))
        })
        .start()
        .await
        .unwrap();
    let _stalled = stalled(&server, 5).await;
    sleep(SECOND).await;
    assert!(server.statistics().requests.waiting_response_bytes > 1 << 20);
    assert_eq!(executor.in_flight(), 0);
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
    assert_eq!((kept.lock().len(), server.statistics().requests.in_flight), (10, 10));
    let first = kept.lock().remove(0);
    drop(first); // never answered
    until("one more is read", || kept.lock().len() == 10).await;
    peer.close();
    let responder = kept.lock().remove(0);
    responder.context().caller_gone().await;
    assert!(responder.context().is_caller_gone());
}

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
