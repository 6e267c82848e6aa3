//! The histogram of the feature `metrics`, under Java's name and labels.

#![cfg(feature = "metrics")]

use std::collections::BTreeSet;
use std::sync::Arc;

use metrics::{
    Counter, Gauge, Histogram, HistogramFn, Key, KeyName, Metadata, Recorder, SharedString, Unit,
    with_local_recorder,
};
use parking_lot::Mutex;
use remoting_rpc::testing::{ScriptedPeer, any};
use remoting_rpc::transport::protocol::{RemotingCommand, RequestCode, ResponseCode};
use remoting_rpc::{Executor, RemotingServer, Reply};

#[derive(Clone, Default)]
struct Recorded(Arc<Mutex<BTreeSet<String>>>);

struct Series(Recorded, String);

impl HistogramFn for Series {
    fn record(&self, milliseconds: f64) {
        assert!((0.0..60_000.0).contains(&milliseconds));
        self.0.0.lock().insert(self.1.clone());
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
        let labels: Vec<_> = key.labels().map(|label| format!("{}={}", label.key(), label.value())).collect();
        let series = format!("{} {}", key.name(), labels.join(" "));
        Histogram::from_arc(Arc::new(Series(self.clone(), series)))
    }
}

const OWN: RequestCode = RequestCode(31_001);

async fn exchange() {
    let (keep, mut kept) = tokio::sync::mpsc::unbounded_channel();
    let server = RemotingServer::builder()
        .bind("memory:metrics")
        .processor(RequestCode::SEND_MESSAGE, Executor::runtime(1), |_ctx, _request| async {
            Ok(RemotingCommand::response(ResponseCode::SUCCESS))
        })
        .processor(OWN, Executor::inline(), |_ctx, _request| async {
            Ok(RemotingCommand::response(ResponseCode::SUCCESS))
        })
        .processor(RequestCode::PULL_MESSAGE, Executor::inline(), move |_ctx, _request| {
            let keep = keep.clone();
            async move { Ok(Reply::later(move |responder| drop(keep.send(responder)))) }
        })
        .start()
        .await
        .unwrap_or_else(|error| panic!("{error}"));
    let mut peer = ScriptedPeer::connect(server.local_addr()).await.unwrap_or_else(|error| panic!("{error}"));
    peer.send(RemotingCommand::oneway(OWN)).await;
    for code in [RequestCode::SEND_MESSAGE, OWN, RequestCode(-5)] {
        peer.send(RemotingCommand::request(code)).await;
        peer.expect(any()).await;
    }
    peer.send(RemotingCommand::request(RequestCode::PULL_MESSAGE)).await;
    if let Some(responder) = kept.recv().await {
        drop(responder.send(RemotingCommand::response(ResponseCode::PULL_NOT_FOUND)).await);
    }
    peer.expect(any()).await;
    server.shutdown().await;
}

#[test]
fn each_response_is_recorded_once_with_javas_labels() {
    let recorded = Recorded::default();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    with_local_recorder(&recorded, || runtime.block_on(exchange()));
    let series = |request, response, long_polling, result| {
        format!(
            "rocketmq_rpc_latency_milliseconds protocol_type=remoting request_code={request} response_code={response} \
             is_long_polling={long_polling} result={result}"
        )
    };
    let expected = BTreeSet::from([
        series("31001", "success", false, "oneway"),
        series("send_message", "success", false, "success"),
        series("31001", "success", false, "success"),
        series("unknown", "request_code_not_supported", false, "success"),
        series("pull_message", "pull_not_found", true, "success"),
    ]);
    assert_eq!(*recorded.0.lock(), expected);
}
