//! How event loops end: with the server, and never by blocking who ends it.

use std::sync::{Arc, mpsc};

use remoting_rpc::testing::{ScriptedPeer, response};
use remoting_rpc::transport::protocol::{RemotingCommand, ResponseCode};
use remoting_rpc::transport::{ChannelEvent, ChannelEventKind};
use remoting_rpc::{Executor, RemotingServer, RequestContext};
use tokio::sync::{OnceCell, Semaphore};

use super::thread_witness::ThreadWitness;
use crate::deadline::until;
use crate::{CODE, OTHER, ask, connect, gated, on_two_loops};

/// Starts a server with four peers, and runs the processor of the witness on both loops.
async fn start(witness: &ThreadWitness, gate: &Arc<Semaphore>) -> (RemotingServer, Vec<ScriptedPeer>) {
    let server = on_two_loops()
        .processor(OTHER, Executor::inline(), witness.processor())
        .processor(CODE, Executor::inline(), gated(gate))
        .start()
        .await
        .unwrap();
    let mut peers = connect(server.local_addr(), 4).await;
    for peer in peers.iter_mut().take(2) {
        ask(peer, OTHER).await;
    }
    assert_eq!(witness.threads(), 2);
    (server, peers)
}

#[tokio::test]
async fn a_shutdown_completes_the_requests_of_all_loops_and_ends_the_threads() {
    let (witness, gate) = (ThreadWitness::default(), Arc::new(Semaphore::new(0)));
    let (server, mut peers) = start(&witness, &gate).await;
    for peer in &peers {
        peer.send(RemotingCommand::request(CODE)).await;
    }
    until(|| server.statistics().requests.in_flight == 4).await;
    let shutdown = async {
        let report = server.shutdown().await;
        assert!(report.is_clean(), "{report:?}");
    };
    let answers = async {
        gate.add_permits(4);
        for peer in &mut peers {
            peer.expect(response(ResponseCode::SUCCESS)).await;
            peer.expect_closed().await;
        }
    };
    tokio::join!(shutdown, answers);
    witness.all_ended().await;
    assert!(server.shutdown().await.is_clean(), "the same report");
}

#[tokio::test]
async fn the_threads_end_when_the_server_is_dropped() {
    let (witness, gate) = (ThreadWitness::default(), Arc::new(Semaphore::new(0)));
    let (server, mut peers) = start(&witness, &gate).await;
    peers[0].send(RemotingCommand::request(CODE)).await;
    until(|| server.statistics().requests.in_flight == 1).await;
    drop(server);
    for peer in &mut peers {
        peer.expect_closed().await;
    }
    witness.all_ended().await;
}

#[tokio::test]
async fn a_dropped_server_reports_the_end_of_every_channel() {
    let (sender, receiver) = mpsc::channel();
    let builder = on_two_loops().on_event(move |event: ChannelEvent| sender.send(event.kind).unwrap());
    let server = builder.start().await.unwrap();
    let _peers = connect(server.local_addr(), 4).await;
    until(|| server.statistics().channels == 4).await;
    drop(server);
    let mut closed = 0;
    until(|| {
        closed += receiver.try_iter().filter(|kind| matches!(kind, ChannelEventKind::Close(_))).count();
        closed == 4
    })
    .await;
}

#[tokio::test]
async fn the_threads_end_with_the_runtime_that_the_server_was_started_in() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let witness = Arc::new(ThreadWitness::default());
    let starting = {
        let witness = Arc::clone(&witness);
        runtime.spawn(async move { start(&witness, &Arc::new(Semaphore::new(0))).await.0 })
    };
    let server = starting.await.unwrap();
    runtime.shutdown_background();
    witness.all_ended().await;
    let report = server.shutdown().await;
    assert_eq!((report.aborted_requests, report.aborted_channels), (0, 0));
}

#[tokio::test]
async fn dropping_the_server_does_not_wait_for_a_processor_that_blocks_its_loop() {
    let (release, released) = mpsc::channel::<()>();
    let (begun, has_begun) = mpsc::channel();
    let released = Arc::new(parking_lot::Mutex::new(released));
    let witness = ThreadWitness::default();
    let blocks = move |_ctx: RequestContext, _request: RemotingCommand| {
        begun.send(()).unwrap();
        let _ended = released.lock().recv();
        async { Ok(RemotingCommand::response(ResponseCode::SUCCESS)) }
    };
    let server = on_two_loops()
        .processor(OTHER, Executor::inline(), witness.processor())
        .processor(CODE, Executor::inline(), blocks)
        .start()
        .await
        .unwrap();
    let mut peer = ScriptedPeer::connect(server.local_addr()).await.unwrap();
    ask(&mut peer, OTHER).await;
    peer.send(RemotingCommand::request(CODE)).await;
    until(|| has_begun.try_recv().is_ok()).await;
    drop(server);
    assert_eq!(witness.threads(), 1);
    release.send(()).unwrap();
    witness.all_ended().await;
}

#[tokio::test]
async fn a_processor_on_a_loop_may_shut_its_server_down() {
    let (witness, server) = (ThreadWitness::default(), Arc::new(OnceCell::<RemotingServer>::new()));
    let shuts_down = {
        let server = Arc::downgrade(&server);
        move |_ctx: RequestContext, _request: RemotingCommand| {
            let server = server.upgrade();
            async move {
                tokio::spawn(async move { server.unwrap().get().unwrap().shutdown().await });
                Ok(RemotingCommand::response(ResponseCode::SUCCESS))
            }
        }
    };
    let started = on_two_loops()
        .processor(OTHER, Executor::inline(), witness.processor())
        .processor(CODE, Executor::inline(), shuts_down)
        .start()
        .await
        .unwrap();
    server.set(started).unwrap();
    let server_of_test = server.get().unwrap();
    let mut peer = ScriptedPeer::connect(server_of_test.local_addr()).await.unwrap();
    ask(&mut peer, OTHER).await;
    ask(&mut peer, CODE).await;
    peer.expect_closed().await;
    assert!(server_of_test.shutdown().await.is_clean());
    witness.all_ended().await;
}
