//! The histogram of the feature `metrics`, for requests without a response.

#![cfg(feature = "metrics")]
#![expect(clippy::unwrap_used, reason = "a test fails by a panic")]

use std::sync::{Arc, Mutex};
use std::time::Duration;

use metrics::{
    Counter, Gauge, Histogram, HistogramFn, Key, KeyName, Metadata, Recorder, SharedString, Unit,
    with_local_recorder,
};
use remoting_rpc::testing::{ScriptedPeer, response};
use remoting_rpc::transport::protocol::{
    FrameEncoder, RemotingCommand, RequestCode, ResponseCode, SerializeType,
};
use remoting_rpc::transport::{CloseReason, ConnectOptions, connect};
use remoting_rpc::{Executor, ProcessorError, RemotingServer, Reply, RequestContext, ServerConfig};
use tokio::io::AsyncWriteExt;
use tokio::sync::mpsc::unbounded_channel;

const CODE: RequestCode = RequestCode(31_001);
const SECOND: Duration = Duration::from_secs(1);

/// The labels of each recorded value, in order.
#[derive(Clone, Default)]
struct Recorded(Arc<Mutex<Vec<String>>>);

struct Series(Recorded, String);

impl HistogramFn for Series {
    fn record(&self, _milliseconds: f64) {
        self.0.0.lock().unwrap().push(self.1.clone());
    }
}

impl Recorder for Recorded {
    fn describe_counter(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_gauge(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_histogram(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn register_counter(&self, _: &Key, _: &Metadata<'_>) -> Counter {
        Counter::noop()
    }
    fn register_gauge(&self, _: &Key, _: &Metadata<'_>) -> Gauge {
        Gauge::noop()
    }
    fn register_histogram(&self, key: &Key, _: &Metadata<'_>) -> Histogram {
        let shown = ["request_code", "response_code", "is_long_polling", "result"];
        let labels = key.labels().filter(|label| shown.contains(&label.key()));
        let labels: Vec<_> = labels.map(|label| label.value().to_owned()).collect();
        Histogram::from_arc(Arc::new(Series(self.clone(), labels.join(" "))))
    }
}

/// Returns the records of a server after `scenario`.
fn recorded(scenario: impl Future<Output = ()>) -> Vec<String> {
    let recorded = Recorded::default();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
    let in_time = async { tokio::time::timeout(Duration::from_secs(3600), scenario).await.unwrap() };
    with_local_recorder(&recorded, || runtime.unwrap().block_on(in_time));
    let recorded = recorded.0.lock().unwrap();
    recorded.clone()
}

/// A server with a request on `executor` that never completes.
async fn server_with_a_request(name: &str, executor: Executor) -> (RemotingServer, ScriptedPeer) {
    let (begins, mut begun) = unbounded_channel();
    let never = move |_: RequestContext, _: RemotingCommand| {
        begins.send(()).unwrap();
        std::future::pending::<Result<RemotingCommand, ProcessorError>>()
    };
    let server = RemotingServer::builder()
        .bind(format!("memory:lost-answers-{name}"))
        .config(ServerConfig::new().shutdown_timeout(Duration::ZERO))
        .processor(CODE, executor, never);
    let server = server.start().await.unwrap();
    let peer = ScriptedPeer::connect(server.local_addr()).await.unwrap();
    peer.send(RemotingCommand::request(CODE)).await;
    begun.recv().await.unwrap();
    (server, peer)
}

#[test]
fn a_request_that_a_shutdown_aborts_is_recorded_once_as_cancelled() {
    for (name, executor) in [("inline", Executor::inline()), ("runtime", Executor::runtime(1))] {
        let rows = recorded(async {
            let (server, _peer) = server_with_a_request(name, executor).await;
            assert_eq!(server.shutdown().await.aborted_requests, 1);
        });
        assert_eq!(rows, ["31001 none false cancelled"], "{name}");
    }
}

#[test]
fn a_request_whose_server_is_dropped_is_recorded_once_as_cancelled() {
    let rows = recorded(async {
        let (server, _peer) = server_with_a_request("dropped", Executor::runtime(1)).await;
        drop(server);
        tokio::time::sleep(SECOND).await;
    });
    assert_eq!(rows, ["31001 none false cancelled"]);
}

#[test]
fn a_request_whose_channel_closes_before_it_has_a_permit_is_recorded_once_as_cancelled() {
    let rows = recorded(async {
        let executor = Executor::runtime(1).stop_reading_when_full();
        let (server, peer) = server_with_a_request("held", executor).await;
        peer.send(RemotingCommand::request(CODE)).await;
        while server.statistics().requests.in_flight < 2 {
            tokio::time::sleep(SECOND).await;
        }
        server.channels()[0].channel().abort(CloseReason::local("it broke"));
        tokio::time::sleep(SECOND).await;
        assert_eq!(server.statistics().requests.abandoned, 2);
    });
    assert_eq!(rows, ["31001 none false cancelled"; 2]);
}

#[test]
fn a_response_that_cannot_be_encoded_is_recorded_with_the_code_that_was_sent() {
    let rows = recorded(async {
        let server = RemotingServer::builder().bind("memory:lost-answers-unencodable");
        let unencodable = |_: RequestContext, _: RemotingCommand| async {
            Ok(RemotingCommand::response(ResponseCode(200_050)))
        };
        let server = server.processor(CODE, Executor::inline(), unencodable).start().await.unwrap();
        let mut peer = ScriptedPeer::connect(server.local_addr()).await.unwrap();
        peer.send(RemotingCommand::request(CODE).with_serialize_type(SerializeType::RocketMq)).await;
        peer.expect(response(ResponseCode::SYSTEM_ERROR)).await;
    });
    assert_eq!(rows, ["31001 system_error false success"]);
}

#[test]
fn a_response_after_its_channel_has_closed_is_recorded_once_as_not_written() {
    let rows = recorded(async {
        let (keep, mut kept) = unbounded_channel();
        let later = move |ctx: RequestContext, _: RemotingCommand| {
            let keep = keep.clone();
            async move { Ok(Reply::later(move |responder| keep.send((ctx, responder)).unwrap())) }
        };
        let server = RemotingServer::builder().bind("memory:lost-answers-late");
        let server = server.processor(CODE, Executor::inline(), later).start().await.unwrap();
        let peer = ScriptedPeer::connect(server.local_addr()).await.unwrap();
        peer.send(RemotingCommand::request(CODE)).await;
        let (ctx, responder) = kept.recv().await.unwrap();
        drop(peer);
        ctx.channel().closed().await;
        responder.send(RemotingCommand::response(ResponseCode::SUCCESS)).await.unwrap_err();
        server.shutdown().await;
    });
    assert_eq!(rows, ["31001 success true write_channel_failed"]);
}

#[test]
fn a_waiting_response_whose_peer_disconnects_is_recorded_once_as_not_written() {
    let rows = recorded(async {
        let large = |_: RequestContext, _: RemotingCommand| async {
            Ok(RemotingCommand::response(ResponseCode::SUCCESS).with_body(vec![0; 1 << 20]))
        };
        let server = RemotingServer::builder().bind("memory:lost-answers-waits");
        let server = server.processor(CODE, Executor::runtime(2), large).start().await.unwrap();
        let peer = connect(server.local_addr(), &ConnectOptions::default(), SECOND).await.unwrap();
        let mut peer = peer.stream;
        let mut requests = bytes::BytesMut::new();
        for _ in 0..2 {
            FrameEncoder::default().encode(&RemotingCommand::request(CODE), &mut requests).unwrap();
        }
        peer.write_all(&requests).await.unwrap();
        tokio::time::sleep(SECOND).await; // one response is queued, and the other waits
        drop(peer);
        tokio::time::sleep(SECOND).await;
        server.shutdown().await;
    });
    assert_eq!(rows, ["31001 success false success", "31001 success false write_channel_failed"]);
}
