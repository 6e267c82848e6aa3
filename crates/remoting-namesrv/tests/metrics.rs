//! The metrics of a name server.

#![allow(clippy::unwrap_used, reason = "a test fails by a panic")]
#![cfg(feature = "metrics")]

mod cluster;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use metrics::{
    Counter, CounterFn, Gauge, GaugeFn, Histogram, Key, KeyName, Metadata, Recorder, SharedString, Unit,
    with_local_recorder,
};
use remoting_namesrv::NameServerConfig;

use self::cluster::Cluster;

/// The last value of each metric, by its name and labels.
#[derive(Clone, Default)]
struct Recorded(Arc<Mutex<BTreeMap<String, f64>>>);

struct Series(Recorded, String);

impl Series {
    fn new(recorded: &Recorded, key: &Key) -> Arc<Self> {
        let labels: String =
            key.labels().map(|label| format!(" {}={}", label.key(), label.value())).collect();
        Arc::new(Self(recorded.clone(), format!("{}{labels}", key.name())))
    }

    fn store(&self, value: f64) {
        self.0.0.lock().unwrap().insert(self.1.clone(), value);
    }
}

impl GaugeFn for Series {
    fn increment(&self, _: f64) {
        panic!("gauges are set");
    }
    fn decrement(&self, _: f64) {
        panic!("gauges are set");
    }
    fn set(&self, value: f64) {
        self.store(value);
    }
}

impl CounterFn for Series {
    fn increment(&self, _: u64) {
        panic!("counters follow the statistics");
    }
    fn absolute(&self, value: u64) {
        self.store(value as f64);
    }
}

impl Recorder for Recorded {
    fn describe_counter(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_gauge(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_histogram(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn register_counter(&self, key: &Key, _: &Metadata<'_>) -> Counter {
        Counter::from_arc(Series::new(self, key))
    }
    fn register_gauge(&self, key: &Key, _: &Metadata<'_>) -> Gauge {
        Gauge::from_arc(Series::new(self, key))
    }
    fn register_histogram(&self, _: &Key, _: &Metadata<'_>) -> Histogram {
        Histogram::noop()
    }
}

async fn a_broker_and_two_routes() {
    let cluster = Cluster::start(NameServerConfig::new()).await;
    let _broker = cluster.registered("broker-a", 0, &["orders"]).await;
    assert!(cluster.route("orders").await.is_some());
    assert!(cluster.route("unknown").await.is_none());
    tokio::time::sleep(Duration::from_secs(2)).await;
}

#[test]
fn the_metrics_follow_the_statistics() {
    let recorded = Recorded::default();
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap();
    with_local_recorder(&recorded, || runtime.block_on(a_broker_and_two_routes()));
    let recorded = recorded.0.lock().unwrap();
    for (series, value) in [
        ("rocketmq_namesrv_brokers", 1.0),
        ("rocketmq_namesrv_broker_groups", 1.0),
        ("rocketmq_namesrv_topics", 2.0),
        ("rocketmq_namesrv_kv_keys", 0.0),
        ("rocketmq_namesrv_routes_total result=found", 1.0),
        ("rocketmq_namesrv_routes_total result=not_found", 1.0),
        ("rocketmq_namesrv_registrations_total", 1.0),
        ("rocketmq_namesrv_brokers_lost_total cause=expired", 0.0),
        ("rocketmq_namesrv_brokers_lost_total cause=disconnected", 0.0),
    ] {
        assert_eq!(recorded.get(series), Some(&value), "{series} in {recorded:?}");
    }
    assert!(recorded["rocketmq_namesrv_encoded_route_bytes"] > 0.0);
}
