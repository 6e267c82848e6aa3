//! The end of a server: a shutdown finishes the work in order, a drop ends it at once. Neither leaves anything behind.

#![expect(clippy::unwrap_used, reason = "a test fails by a panic")]

mod deadline;

use std::sync::Arc;
use std::time::Duration;

use deadline::Deadline;
use parking_lot::Mutex;
use remoting_rpc::testing::{ScriptedPeer, request, response};
use remoting_rpc::transport::protocol::{RemotingCommand, RequestCode, ResponseCode};
use remoting_rpc::transport::{ChannelEvent, ChannelEventKind, CloseInitiator};
use remoting_rpc::{
    Executor, RemotingServer, RequestContext, RpcChannel, RpcError, ServerConfig, ServerError,
};
use tokio::sync::Semaphore;
use tokio::time::{Instant, timeout};

const CODE: RequestCode = RequestCode(1001);
const SECOND: Duration = Duration::from_secs(1);

/// Reports the start of a request, and holds a clone of `alive` while it is processed.
#[derive(Clone)]
struct Gate {
    begun: Arc<Semaphore>,
    open: Arc<Semaphore>,
    alive: Arc<()>,
}

impl Gate {
    fn new() -> Self {
        Self { begun: Arc::new(Semaphore::new(0)), open: Arc::new(Semaphore::new(0)), alive: Arc::new(()) }
    }

    fn processor(&self) -> impl remoting_rpc::RequestProcessor {
        let gate = self.clone();
        move |_ctx: RequestContext, _request: RemotingCommand| {
            let gate = gate.clone();
            async move {
                gate.begun.add_permits(1);
                gate.open.acquire().await?.forget();
                Ok(RemotingCommand::response(ResponseCode::SUCCESS))
            }
        }
    }

    async fn begun(&self, requests: u32) {
        self.begun.acquire_many(requests).await.unwrap().forget();
    }

    /// The gate itself, the processor of each registration, and the requests.
    fn holders(&self) -> usize {
        Arc::strong_count(&self.alive)
    }
}

async fn start(name: &str, config: ServerConfig, gate: &Gate) -> (RemotingServer, ScriptedPeer) {
    let server = RemotingServer::builder()
        .bind(format!("memory:shutdown-{name}"))
        .config(config)
        .processor(CODE, Executor::runtime(100), gate.processor())
        .processor(RequestCode(2), Executor::inline(), gate.processor())
        .processor(RequestCode(3), Executor::blocking(2, 10), gate.processor())
        .start()
        .await
        .unwrap();
    let peer = ScriptedPeer::connect(server.local_addr()).await.unwrap();
    (server, peer)
}

/// Three waiting requests, one in each kind of executor.
async fn three_requests(peer: &ScriptedPeer, gate: &Gate) {
    for code in [CODE, RequestCode(2), RequestCode(3)] {
        peer.send(RemotingCommand::request(code).with_opaque(code.0)).await;
    }
    gate.begun(3).await;
}

fn assert_nothing_left(server: &RemotingServer, gate: &Gate) {
    assert!(server.channels().is_empty());
    assert_eq!(server.statistics().tasks, 0);
    assert_eq!(server.statistics().in_flight, 0);
    assert_eq!(server.statistics().oneway_in_flight, 0);
    assert_eq!(gate.holders(), 1, "processors and requests are gone");
}

#[tokio::test]
async fn requests_in_flight_are_finished_and_their_responses_written() {
    let gate = Gate::new();
    let (server, mut peer) = start("drain", ServerConfig::new(), &gate).await;
    three_requests(&peer, &gate).await;
    let server = Arc::new(server);
    let shutdown = tokio::spawn({
        let server = Arc::clone(&server);
        async move { server.shutdown().await }
    });
    let deadline = Deadline::start();
    while ScriptedPeer::connect(server.local_addr()).await.is_ok() {
        deadline.yield_now().await; // the listener closes first
    }
    peer.send(RemotingCommand::request(CODE)).await;
    peer.expect(response(ResponseCode::GO_AWAY)).await;

    gate.open.add_permits(3);
    let mut answered = Vec::new();
    for _ in 0..3 {
        answered.push(peer.expect(response(ResponseCode::SUCCESS)).await.command().opaque());
    }
    answered.sort_unstable();
    assert_eq!(answered, [2, 3, 1001]);
    assert_eq!(peer.expect_closed().await.by(), CloseInitiator::Peer);
    assert!(shutdown.await.unwrap().is_clean());
    assert_nothing_left(&server, &gate);
    assert!(server.shutdown().await.is_clean(), "a shutdown after the end does nothing");
}

#[tokio::test(start_paused = true)]
async fn concurrent_shutdowns_wait_for_the_same_end_and_return_the_same_report() {
    let gate = Gate::new();
    let config = ServerConfig::new().shutdown_timeout(5 * SECOND);
    let (server, peer) = start("twice", config, &gate).await;
    peer.send(RemotingCommand::request(CODE)).await;
    gate.begun(1).await;
    let before = Instant::now();
    let (first, second) = tokio::join!(server.shutdown(), async {
        tokio::time::sleep(SECOND).await;
        let report = server.shutdown().await;
        assert_nothing_left(&server, &gate);
        report
    });
    assert_eq!((first.aborted_requests, first), (1, second));
    assert!(before.elapsed() >= 5 * SECOND);
    assert_eq!(server.shutdown().await, first);
}

#[tokio::test(start_paused = true)]
async fn a_dropped_shutdown_is_continued_by_the_next() {
    let gate = Gate::new();
    let (server, mut peer) = start("given-up", ServerConfig::new(), &gate).await;
    peer.send(RemotingCommand::request(CODE)).await;
    gate.begun(1).await;
    assert!(timeout(SECOND, server.shutdown()).await.is_err(), "the request is still waiting");
    assert_eq!(server.statistics().tasks, 1);
    gate.open.add_permits(1);
    assert!(server.shutdown().await.is_clean());
    peer.expect(response(ResponseCode::SUCCESS)).await;
    peer.expect_closed().await;
    assert_nothing_left(&server, &gate);
}

#[tokio::test(start_paused = true)]
async fn a_dropped_shutdown_continues_and_does_not_start_again() {
    let config =
        ServerConfig::new().shutdown_gracefully(true).shutdown_wait(10 * SECOND).shutdown_timeout(5 * SECOND);
    let gate = Gate::new();
    let (server, peer) = start("goes-on", config, &gate).await;
    peer.send(RemotingCommand::request(CODE)).await;
    gate.begun(1).await;
    let before = Instant::now();
    assert!(timeout(8 * SECOND, server.shutdown()).await.is_err());
    let second = server.shutdown().await;
    assert_eq!(second.aborted_requests, 1);
    assert!(before.elapsed() >= 15 * SECOND && before.elapsed() < 17 * SECOND, "{:?}", before.elapsed());
    assert_nothing_left(&server, &gate);
}

#[tokio::test(start_paused = true)]
async fn requests_aborted_by_a_dropped_shutdown_are_in_the_report_of_the_next() {
    let config = ServerConfig::new().shutdown_timeout(5 * SECOND);
    let gate = Gate::new();
    let (server, peer) = start("report", config, &gate).await;
    peer.send(RemotingCommand::request(CODE)).await;
    gate.begun(1).await;
    assert!(timeout(SECOND, server.shutdown()).await.is_err());
    tokio::time::sleep(20 * SECOND).await;
    assert_eq!(server.statistics().tasks, 0, "nobody waits, and it ends all the same");
    let before = Instant::now();
    assert_eq!(server.shutdown().await.aborted_requests, 1);
    assert_eq!(before.elapsed(), Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn shutdowns_of_a_sub_server_and_of_its_server_wait_for_the_same_end() {
    let server = RemotingServer::builder()
        .bind("memory:shutdown-main")
        .config(ServerConfig::new().shutdown_timeout(5 * SECOND))
        .start()
        .await
        .unwrap();
    let gate = Gate::new();
    let sub = server.bind_also("memory:shutdown-sub").await.unwrap();
    sub.register_processor(CODE, Executor::runtime(100), gate.processor());
    let peer = ScriptedPeer::connect(sub.local_addr()).await.unwrap();
    peer.send(RemotingCommand::request(CODE)).await;
    gate.begun(1).await;
    let later = |seconds: u32| tokio::time::sleep(seconds * SECOND);
    let (first, second, all) = tokio::join!(
        sub.shutdown(),
        async {
            later(1).await;
            sub.shutdown().await
        },
        async {
            later(2).await;
            server.shutdown().await
        }
    );
    assert_eq!((first.aborted_requests, second, all), (1, first, first));
}

#[tokio::test(start_paused = true)]
async fn dropping_a_server_aborts_running_shutdowns() {
    let gate = Gate::new();
    let config = ServerConfig::new().shutdown_timeout(3600 * SECOND);
    let server =
        RemotingServer::builder().bind("memory:shutdown-dropped").config(config).start().await.unwrap();
    let sub = server.bind_also("memory:shutdown-dropped-sub").await.unwrap();
    sub.register_processor(CODE, Executor::runtime(100), gate.processor());
    let mut peer = ScriptedPeer::connect(sub.local_addr()).await.unwrap();
    peer.send(RemotingCommand::request(CODE)).await;
    gate.begun(1).await;
    let waiting = tokio::spawn(async move { sub.shutdown().await });
    assert!(timeout(SECOND, server.shutdown()).await.is_err());
    let before = Instant::now();
    drop(server);
    peer.expect_closed().await;
    waiting.await.unwrap();
    assert!(before.elapsed() < SECOND, "{:?}", before.elapsed());
    let deadline = Deadline::start();
    while gate.holders() > 1 {
        deadline.yield_now().await;
    }
}

#[tokio::test(start_paused = true)]
async fn requests_that_do_not_finish_in_time_are_dropped_and_reported() {
    let gate = Gate::new();
    let config = ServerConfig::new().shutdown_timeout(5 * SECOND);
    let (server, mut peer) = start("late", config, &gate).await;
    for code in [CODE, RequestCode(2)] {
        peer.send(RemotingCommand::request(code)).await;
    }
    gate.begun(2).await;
    let before = Instant::now();
    let report = server.shutdown().await;
    assert_eq!((report.aborted_requests, report.aborted_channels, report.is_clean()), (2, 0, false));
    assert!(before.elapsed() < 7 * SECOND);
    peer.expect_closed().await;
    assert_nothing_left(&server, &gate);
}

#[tokio::test(start_paused = true)]
async fn a_graceful_shutdown_waits_for_its_clients_to_disconnect_but_not_forever() {
    let config = ServerConfig::new().shutdown_gracefully(true).shutdown_wait(30 * SECOND);
    let gate = Gate::new();
    let (server, peer) = start("leave", config.clone(), &gate).await;
    let deadline = Deadline::start();
    while server.channels().is_empty() {
        deadline.yield_now().await;
    }
    let before = Instant::now();
    let (report, ()) = tokio::join!(server.shutdown(), async {
        tokio::time::sleep(SECOND).await;
        peer.close();
    });
    assert!(report.is_clean() && before.elapsed() < 2 * SECOND, "{:?}", before.elapsed());

    let (server, mut peer) = start("stay", config, &gate).await;
    let deadline = Deadline::start();
    while server.channels().is_empty() {
        deadline.yield_now().await;
    }
    let before = Instant::now();
    assert!(server.shutdown().await.is_clean());
    assert!(before.elapsed() >= 30 * SECOND && before.elapsed() < 32 * SECOND, "{:?}", before.elapsed());
    peer.expect_closed().await;
}

#[tokio::test]
async fn calls_in_flight_fail_when_the_server_shuts_down_and_none_begin_afterwards() {
    let gate = Gate::new();
    let (server, mut peer) = start("calls", ServerConfig::new(), &gate).await;
    let deadline = Deadline::start();
    let channel = loop {
        match server.channels().pop() {
            Some(channel) => break channel,
            None => deadline.yield_now().await,
        }
    };
    let call = {
        let channel = channel.clone();
        tokio::spawn(async move { channel.invoke(RemotingCommand::request(CODE), 3600 * SECOND).await })
    };
    peer.expect(request(CODE)).await;
    server.shutdown().await;
    let error = call.await.unwrap().unwrap_err();
    assert!(error.is_closed() && error.to_string().contains("the server is shutting down"), "{error}");
    let error = channel.invoke(RemotingCommand::request(CODE), SECOND).await.unwrap_err();
    assert!(matches!(error, RpcError::ShutDown { .. }), "{error:?}");
    drop(call_nothing(&channel));
    assert_nothing_left(&server, &gate);
    assert!(matches!(server.bind_also("memory:shutdown-more").await, Err(ServerError::ShutDown)));
}

fn call_nothing(channel: &RpcChannel) -> impl Future<Output = Result<RemotingCommand, RpcError>> {
    channel.invoke(RemotingCommand::request(CODE), SECOND)
}

#[tokio::test]
async fn dropping_a_server_cuts_its_channels_and_drops_its_requests() {
    let gate = Gate::new();
    let (server, mut peer) = start("drop", ServerConfig::new(), &gate).await;
    let address = server.local_addr().clone();
    three_requests(&peer, &gate).await;
    let channel = server.channels().remove(0);
    let call = {
        let channel = channel.clone();
        tokio::spawn(async move { channel.invoke(RemotingCommand::request(CODE), 3600 * SECOND).await })
    };
    peer.expect(request(CODE)).await;
    drop(server);
    assert!(call.await.unwrap().unwrap_err().is_closed());
    peer.expect_closed().await;
    channel.closed().await;
    drop(channel);
    let deadline = Deadline::start();
    while gate.holders() > 1 {
        deadline.sleep().await; // the blocking executor's threads drop theirs
    }
    let deadline = Deadline::start();
    while ScriptedPeer::connect(&address).await.is_ok() {
        deadline.yield_now().await;
    }
}

#[tokio::test]
async fn every_connect_event_is_followed_by_a_close_event_before_shutdown_returns() {
    let events = Arc::new(Mutex::new(Vec::new()));
    let server = RemotingServer::builder()
        .bind("memory:shutdown-events")
        .on_event({
            let events = Arc::clone(&events);
            move |event: ChannelEvent| events.lock().push(event.kind)
        })
        .start()
        .await
        .unwrap();
    let peers = [(); 3].map(|()| ScriptedPeer::connect(server.local_addr()));
    let mut connected = Vec::new();
    for peer in peers {
        connected.push(peer.await.unwrap());
    }
    let deadline = Deadline::start();
    while server.channels().len() < 3 {
        deadline.yield_now().await;
    }
    server.shutdown().await;
    let events = events.lock();
    let count = |wanted: fn(&ChannelEventKind) -> bool| events.iter().filter(|&kind| wanted(kind)).count();
    assert_eq!(count(|kind| matches!(kind, ChannelEventKind::Connect)), 3);
    assert_eq!(count(|kind| matches!(kind, ChannelEventKind::Close(_))), 3);
    assert_eq!(server.statistics().dropped_events, 0);
}
