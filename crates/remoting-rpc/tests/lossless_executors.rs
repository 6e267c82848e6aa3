//! Executors that stop reading a channel instead of rejecting its requests.

#![expect(clippy::unwrap_used, reason = "a test fails by a panic")]

mod raw_peer;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use raw_peer::*;
use remoting_rpc::Executor;
use remoting_rpc::testing::{ScriptedPeer, response};
use remoting_rpc::transport::CloseReason;
use remoting_rpc::transport::protocol::{RemotingCommand, ResponseCode};
use tokio::sync::Semaphore;
use tokio::time::sleep;

#[tokio::test]
async fn an_executor_that_stops_reading_when_full_loses_and_rejects_no_request() {
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
        let statistics = server.statistics().requests;
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
async fn a_one_way_request_that_waits_for_a_permit_is_processed_even_if_its_channel_breaks() {
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
    until("one is held", || server.statistics().requests.in_flight == 2).await;
    server.channels().pop().unwrap().channel().abort(CloseReason::local("it broke"));
    until("the channel has ended", || server.channels().is_empty()).await;
    gate.add_permits(2);
    until("both are processed", || arrived.load(Ordering::Relaxed) == 2).await;
    until("nothing is left", || server.statistics().requests.in_flight == 0).await;
}

#[tokio::test(start_paused = true)]
async fn a_request_that_waits_for_a_permit_counts_as_abandoned_if_its_channel_breaks() {
    let executor = Executor::runtime(1).stop_reading_when_full();
    let alive = Arc::new(AtomicUsize::new(0));
    let server = builder("held-abandoned").processor(PULL, executor, waits(&alive)).start().await.unwrap();
    let peer = ScriptedPeer::connect(server.local_addr()).await.unwrap();
    for opaque in 0..2 {
        peer.send(pull(opaque)).await;
    }
    until("one is held", || server.statistics().requests.in_flight == 2).await;
    server.channels().pop().unwrap().channel().abort(CloseReason::local("it broke"));
    until("nothing is left", || server.statistics().requests.in_flight == 0).await;
    assert_eq!(server.statistics().requests.abandoned, 2);
}

#[tokio::test(start_paused = true)]
async fn a_channel_that_waits_for_a_full_executor_does_not_delay_others() {
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
    until("one is held", || server.statistics().requests.in_flight == 2).await;
    drop(waiting);
    until("its channel has ended", || server.channels().len() == 2).await;
    assert_eq!(server.statistics().requests.in_flight, 1);
}
