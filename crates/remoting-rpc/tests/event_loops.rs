//! Servers whose channels run on event loops: what runs where, what is shared, and when the threads end.

#![expect(clippy::unwrap_used, reason = "a test fails by a panic")]

mod deadline;
mod event_loops {
    pub(crate) mod ending;
    pub(crate) mod thread_witness;
}

use std::sync::{Arc, mpsc};
use std::time::Duration;

use deadline::until;
use remoting_rpc::testing::{ScriptedPeer, ok, request, response};
use remoting_rpc::transport::protocol::{RemotingCommand, RequestCode, ResponseCode};
use remoting_rpc::transport::{Address, BoundListener};
use remoting_rpc::{
    EventLoops, Executor, ProcessorError, RemotingServer, RemotingServerBuilder, RequestContext, ServerConfig,
};
use tokio::sync::Semaphore;

const CODE: RequestCode = RequestCode(1001);
const OTHER: RequestCode = RequestCode(1002);
const HOUR: Duration = Duration::from_secs(3600);

fn on_two_loops() -> RemotingServerBuilder {
    let config = ServerConfig::new().shutdown_gracefully(false);
    RemotingServer::builder().bind("127.0.0.1:0").config(config).event_loops(EventLoops::new(2))
}

/// Responds with the name of its thread.
async fn thread_name(
    _ctx: RequestContext,
    _request: RemotingCommand,
) -> Result<RemotingCommand, ProcessorError> {
    let name = std::thread::current().name().unwrap_or_default().to_owned();
    Ok(RemotingCommand::response(ResponseCode::SUCCESS).with_remark(name))
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

async fn connect(address: &Address, count: usize) -> Vec<ScriptedPeer> {
    let mut peers = Vec::new();
    for _ in 0..count {
        peers.push(ScriptedPeer::connect(address).await.unwrap());
    }
    peers
}

/// Returns the remark of the response.
async fn ask(peer: &mut ScriptedPeer, code: RequestCode) -> String {
    peer.send(RemotingCommand::request(code)).await;
    peer.expect(response(ResponseCode::SUCCESS)).await.into_command().remark().unwrap_or_default().to_owned()
}

async fn ask_all(peers: &mut [ScriptedPeer]) -> Vec<String> {
    let mut remarks = Vec::new();
    for peer in peers {
        remarks.push(ask(peer, CODE).await);
    }
    remarks
}

#[tokio::test]
async fn connections_are_spread_over_the_loops_and_each_stays_on_its_own() {
    let given = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    for (name, builder) in [
        ("tcp", on_two_loops()),
        ("memory", on_two_loops().bind("memory:event-loops")),
        ("a given socket", on_two_loops().listener(BoundListener::from(given))),
    ] {
        let server = builder.processor(CODE, Executor::inline(), thread_name).start().await.unwrap();
        assert_ne!(server.local_addr().port(), Some(0), "{name}");
        let mut peers = connect(server.local_addr(), 4).await;
        for _ in 0..3 {
            let threads = ask_all(&mut peers).await;
            let expected = ["remoting-loop-0", "remoting-loop-1", "remoting-loop-0", "remoting-loop-1"];
            assert_eq!(threads, expected, "{name}");
        }
        assert_eq!(server.statistics().channels, 4);
        assert_eq!(server.listener_statistics().accepted(), 4);
        assert!(server.shutdown().await.is_clean());
    }
}

#[tokio::test]
async fn sub_servers_share_the_loops_of_their_server() {
    let server = on_two_loops().processor(CODE, Executor::inline(), thread_name).start().await.unwrap();
    let sub =
        server.sub_server_builder().bind("127.0.0.1:0").processor(CODE, Executor::inline(), thread_name);
    let sub = sub.start().await.unwrap();
    let mut peers = connect(server.local_addr(), 1).await;
    ask(&mut peers[0], CODE).await;
    peers.extend(connect(sub.local_addr(), 1).await);
    assert_eq!(ask_all(&mut peers).await, ["remoting-loop-0", "remoting-loop-1"]);
}

#[test]
fn other_executors_run_where_they_would_without_loops() {
    let caller = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .thread_name("of the caller")
        .enable_all()
        .build()
        .unwrap();
    caller.block_on(async {
        let server = on_two_loops()
            .processor(CODE, Executor::runtime(8), thread_name)
            .processor(OTHER, Executor::blocking(1, 8), |ctx, request| async move {
                tokio::spawn(thread_name(ctx, request)).await?
            })
            .start()
            .await
            .unwrap();
        let mut peers = connect(server.local_addr(), 2).await;
        for peer in &mut peers {
            assert_eq!(ask(peer, CODE).await, "of the caller");
            assert_eq!(ask(peer, OTHER).await, "of the caller", "spawned by a blocking processor");
        }
        assert!(server.shutdown().await.is_clean());
    });
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_processor_that_computes_on_the_runtime_holds_up_no_channel_of_its_loop() {
    let (release, released) = mpsc::channel::<()>();
    let released = Arc::new(parking_lot::Mutex::new(released));
    let computes = move |_ctx: RequestContext, _request: RemotingCommand| {
        let released = Arc::clone(&released);
        async move {
            released.lock().recv()?;
            Ok(RemotingCommand::response(ResponseCode::SUCCESS))
        }
    };
    let server = RemotingServer::builder()
        .bind("127.0.0.1:0")
        .event_loops(EventLoops::new(1))
        .processor(CODE, Executor::runtime(8), computes)
        .processor(OTHER, Executor::inline(), thread_name)
        .start()
        .await
        .unwrap();
    let mut peers = connect(server.local_addr(), 2).await;
    peers[0].send(RemotingCommand::request(CODE)).await;
    for peer in &mut peers {
        assert_eq!(ask(peer, OTHER).await, "remoting-loop-0");
    }
    release.send(()).unwrap();
    peers[0].expect(response(ResponseCode::SUCCESS)).await;
}

#[tokio::test]
async fn the_permits_of_an_executor_are_those_of_all_loops() {
    for executor in [Executor::inline_with_limit(1), Executor::runtime(1), Executor::blocking(1, 0)] {
        let gate = Arc::new(Semaphore::new(0));
        let server = on_two_loops().processor(CODE, executor.clone(), gated(&gate)).start().await.unwrap();
        let mut peers = connect(server.local_addr(), 2).await;
        peers[0].send(RemotingCommand::request(CODE)).await;
        until(|| executor.in_flight() == 1).await;
        peers[1].send(RemotingCommand::request(CODE)).await;
        peers[1].expect(response(ResponseCode::SYSTEM_BUSY)).await;
        gate.add_permits(1);
        peers[0].expect(response(ResponseCode::SUCCESS)).await;
    }
}

#[tokio::test]
async fn a_processor_that_panics_costs_its_loop_nothing() {
    async fn panics(
        _ctx: RequestContext,
        _request: RemotingCommand,
    ) -> Result<RemotingCommand, ProcessorError> {
        panic!("boom")
    }

    let server = on_two_loops()
        .processor(CODE, Executor::inline(), thread_name)
        .processor(OTHER, Executor::inline(), panics)
        .start()
        .await
        .unwrap();
    let mut peer = ScriptedPeer::connect(server.local_addr()).await.unwrap();
    let thread = ask(&mut peer, CODE).await;
    peer.send(RemotingCommand::request(OTHER)).await;
    let failed = peer.expect(response(ResponseCode::SYSTEM_ERROR)).await.into_command();
    assert_eq!(failed.remark(), Some("request processor panicked: boom"));
    assert_eq!(ask(&mut peer, CODE).await, thread);
}

#[tokio::test]
async fn the_server_calls_its_clients_from_any_thread() {
    let server = on_two_loops().start().await.unwrap();
    let mut peers = connect(server.local_addr(), 2).await;
    until(|| server.channels().len() == 2).await;
    let calls = server.channels().into_iter().map(|channel| {
        tokio::spawn(async move { channel.invoke(RemotingCommand::request(CODE), HOUR).await })
    });
    let calls: Vec<_> = calls.collect();
    for peer in &mut peers {
        peer.expect(request(CODE)).await.reply(ok()).await;
    }
    for call in calls {
        call.await.unwrap().unwrap();
    }
}

#[tokio::test]
async fn zero_loops_are_one() {
    assert_eq!(EventLoops::new(0), EventLoops::new(1));
    assert!(EventLoops::per_core().count() >= 1);
    let builder = RemotingServer::builder().bind("127.0.0.1:0").event_loops(EventLoops::new(0));
    let server = builder.processor(CODE, Executor::inline(), thread_name).start().await.unwrap();
    let mut peers = connect(server.local_addr(), 2).await;
    assert_eq!(ask_all(&mut peers).await, ["remoting-loop-0"; 2]);
    drop(server);
    peers[0].expect_closed().await;
}
