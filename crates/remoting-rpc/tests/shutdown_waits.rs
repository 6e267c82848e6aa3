//! What a shutdown waits for besides running requests.

#![expect(clippy::unwrap_used, reason = "a test fails by a panic")]

use std::sync::Arc;
use std::time::Duration;

use bytes::BytesMut;
use remoting_rpc::testing::{ScriptedPeer, request, response};
use remoting_rpc::transport::protocol::{
    FrameEncoder, FrameLimits, MqVersion, RemotingCommand, RequestCode, ResponseCode,
};
use remoting_rpc::transport::{Address, ConnectOptions, connect};
use remoting_rpc::{
    Executor, RemotingClient, RemotingServer, Reply, Responder, ServerConfig, ShutdownReport,
};
use tokio::io::AsyncWriteExt;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep};

const CODE: RequestCode = RequestCode(20_001);
const PUSH: RequestCode = RequestCode(20_002);
const SECOND: Duration = Duration::from_secs(1);

/// A server that passes the responders of `CODE` to the test.
async fn start(name: &str) -> (Arc<RemotingServer>, ScriptedPeer, UnboundedReceiver<Responder>) {
    let (keep, kept) = unbounded_channel();
    let server = RemotingServer::builder()
        .bind(format!("memory:shutdown-waits-{name}"))
        .config(ServerConfig::new().shutdown_wait(Duration::ZERO).shutdown_timeout(5 * SECOND))
        .processor(CODE, Executor::inline(), move |_ctx, _request| {
            let keep = keep.clone();
            async move { Ok(Reply::later(move |responder| keep.send(responder).unwrap())) }
        })
        .start()
        .await
        .unwrap();
    let peer = ScriptedPeer::connect(server.local_addr()).await.unwrap();
    (Arc::new(server), peer, kept)
}

fn shut_down(server: &Arc<RemotingServer>) -> JoinHandle<ShutdownReport> {
    let server = Arc::clone(server);
    tokio::spawn(async move { server.shutdown().await })
}

fn success() -> RemotingCommand {
    RemotingCommand::response(ResponseCode::SUCCESS)
}

#[tokio::test(start_paused = true)]
async fn a_shutdown_waits_for_responders() {
    let (server, mut peer, mut kept) = start("responder").await;
    peer.send(RemotingCommand::request(CODE)).await;
    let responder = kept.recv().await.unwrap();
    let shutdown = shut_down(&server);
    sleep(SECOND).await;
    responder.send(success()).await.unwrap();
    peer.expect(response(ResponseCode::SUCCESS)).await;
    assert!(shutdown.await.unwrap().is_clean());
    peer.expect_closed().await;
}

#[tokio::test(start_paused = true)]
async fn a_responder_that_does_not_respond_in_time_is_reported() {
    let (server, mut peer, mut kept) = start("no-answer").await;
    peer.send(RemotingCommand::request(CODE)).await;
    let responder = kept.recv().await.unwrap();
    let before = Instant::now();
    let report = server.shutdown().await;
    assert_eq!((report.aborted_requests, report.is_clean()), (1, false));
    assert_eq!(before.elapsed().as_secs(), 5);
    peer.expect_closed().await;
    assert!(responder.context().is_caller_gone());
    assert!(responder.send(success()).await.unwrap_err().is_closed());
}

#[tokio::test(start_paused = true)]
async fn a_draining_client_waits_for_its_responders() {
    let (keep, mut kept) = unbounded_channel();
    let client = RemotingClient::builder()
        .processor(PUSH, Executor::inline(), move |_ctx, _request| {
            let keep = keep.clone();
            async move { Ok(Reply::later(move |responder| keep.send(responder).unwrap())) }
        })
        .build()
        .unwrap();
    let mut listener = ScriptedPeer::listen("memory:shutdown-waits-drain").await.unwrap();
    let call = {
        let (client, addr) = (client.clone(), listener.local_addr().clone());
        tokio::spawn(async move { client.invoke(&addr, RemotingCommand::request(CODE), 10 * SECOND).await })
    };
    let mut leaving = listener.accept().await;
    leaving.expect(request(CODE)).await;
    leaving.send(RemotingCommand::request(PUSH)).await;
    let responder = kept.recv().await.unwrap();
    let mut go_away = RemotingCommand::response(ResponseCode::GO_AWAY);
    go_away.mark_response();
    leaving.send(go_away.with_opaque(0)).await;
    let mut next = listener.accept().await;
    next.expect(request(CODE)).await.reply(success()).await;
    call.await.unwrap().unwrap();

    sleep(SECOND).await;
    responder.send(success()).await.unwrap();
    leaving.expect(response(ResponseCode::SUCCESS)).await;
    leaving.expect_closed().await;
    client.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn a_shutdown_fails_calls_with_callbacks_and_each_is_called_back_once() {
    let (server, mut peer, _kept) = start("callback").await;
    while server.channels().is_empty() {
        sleep(Duration::from_millis(1)).await;
    }
    let (results_in, mut results) = unbounded_channel();
    let channel = server.channels().pop().unwrap();
    channel.invoke_with_callback(RemotingCommand::request(PUSH), 3_600 * SECOND, move |result| {
        results_in.send(result.unwrap_err().is_closed()).unwrap();
    });
    peer.expect(request(PUSH)).await;
    assert!(server.shutdown().await.is_clean());
    assert_eq!(results.recv().await, Some(true));
    assert_eq!(results.recv().await, None);
    assert_eq!(server.statistics().tasks, 0);
}

#[tokio::test(start_paused = true)]
async fn a_shutdown_cuts_no_request_of_clients_without_go_away_support() {
    let server = RemotingServer::builder()
        .bind("memory:shutdown-waits-old")
        .config(ServerConfig::new().shutdown_wait(Duration::ZERO).shutdown_timeout(5 * SECOND))
        .processor(CODE, Executor::runtime(100), |_ctx, _request| async {
            sleep(Duration::from_millis(100)).await;
            Ok(success())
        })
        .start()
        .await
        .unwrap();
    let server = Arc::new(server);
    for caller in 0..8 {
        let peer = ScriptedPeer::connect(server.local_addr()).await.unwrap();
        tokio::spawn(async move {
            sleep(Duration::from_millis(caller * 11)).await;
            while peer.channel().is_open() {
                let request = RemotingCommand::request(CODE).with_version(MqVersion::V5_3_1);
                let _closing = peer.channel().send(request).await;
                sleep(Duration::from_millis(90)).await;
            }
        });
    }
    sleep(SECOND).await;
    let before = Instant::now();
    let report = server.shutdown().await;
    assert_eq!(report.aborted_requests, 0, "{report:?}");
    assert!(before.elapsed() < 7 * SECOND, "{:?}", before.elapsed());
}

#[tokio::test(start_paused = true)]
async fn a_channel_with_unwritten_responses_is_reported() {
    let (server, _peer, _kept) = start("not-out").await;
    server.register_processor(PUSH, Executor::inline(), |_ctx, _request| async {
        Ok(success().with_body(vec![0; 1 << 20]))
    });
    let address = Address::from(server.local_addr());
    let mut stalled = connect(&address, &ConnectOptions::default(), SECOND).await.unwrap().stream;
    let mut frame = BytesMut::new();
    FrameEncoder::new(FrameLimits::default()).encode(&RemotingCommand::request(PUSH), &mut frame).unwrap();
    stalled.write_all(&frame).await.unwrap();
    sleep(SECOND).await;
    let report = server.shutdown().await;
    assert_eq!((report.aborted_requests, report.aborted_channels), (0, 1), "{report:?}");
}

#[tokio::test(start_paused = true)]
async fn the_callback_of_a_call_after_the_shutdown_is_called() {
    let (server, mut peer, _kept) = start("after-the-end").await;
    while server.channels().is_empty() {
        sleep(Duration::from_millis(1)).await;
    }
    let channel = server.channels().pop().unwrap();
    server.shutdown().await;
    peer.expect_closed().await;
    let (results_in, mut results) = unbounded_channel();
    channel.invoke_with_callback(RemotingCommand::request(PUSH), SECOND, move |result| {
        results_in.send(result.unwrap_err().is_closed()).unwrap();
    });
    assert_eq!(results.recv().await, Some(true));
}

#[tokio::test(start_paused = true)]
async fn by_default_a_shutdown_gives_its_clients_a_second_to_disconnect() {
    let server =
        Arc::new(RemotingServer::builder().bind("memory:shutdown-waits-default").start().await.unwrap());
    let (mut quiet, mut busy) = (
        ScriptedPeer::connect(server.local_addr()).await.unwrap(),
        ScriptedPeer::connect(server.local_addr()).await.unwrap(),
    );
    while server.channels().len() < 2 {
        sleep(Duration::from_millis(1)).await;
    }
    let before = Instant::now();
    let shutdown = shut_down(&server);
    sleep(Duration::from_millis(500)).await;
    busy.send(RemotingCommand::request(CODE)).await;
    busy.expect(response(ResponseCode::REQUEST_CODE_NOT_SUPPORTED)).await;
    assert!(quiet.channel().is_open());
    busy.expect_closed().await;
    quiet.expect_closed().await;
    assert_eq!(before.elapsed().as_secs(), 1);
    assert!(shutdown.await.unwrap().is_clean());
}
