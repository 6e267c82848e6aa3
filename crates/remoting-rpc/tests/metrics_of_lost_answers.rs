//! What the histogram of the feature `metrics` says of requests that got no answer.

#![cfg(feature = "metrics")]
#![expect(clippy::unwrap_used, reason = "a test fails by a panic")]

use std::sync::{Arc, Mutex};
use std::time::Duration;

use metrics::{
    Counter, Gauge, Histogram, HistogramFn, Key, KeyName, Metadata, Recorder, SharedString, Unit,
    with_local_recorder,
};
use remoting_rpc::testing::ScriptedPeer;
use remoting_rpc::transport::protocol::{RemotingCommand, RequestCode};
use remoting_rpc::{Executor, ProcessorError, RemotingServer, RequestContext, ServerConfig};
use tokio::sync::mpsc::unbounded_channel;

const CODE: RequestCode = RequestCode(31_001);

/// The labels of each value that was recorded, in order.
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

/// What `scenario` makes a server record.
fn recorded(scenario: impl Future<Output = ()>) -> Vec<String> {
    let recorded = Recorded::default();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
    let in_time = async { tokio::time::timeout(Duration::from_secs(3600), scenario).await.unwrap() };
    with_local_recorder(&recorded, || runtime.unwrap().block_on(in_time));
    let recorded = recorded.0.lock().unwrap();
    recorded.clone()
}

/// A server with a request on `executor` that waits for ever.
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
        tokio::time::sleep(Duration::from_secs(1)).await;
    });
    assert_eq!(rows, ["31001 none false cancelled"]);
}
