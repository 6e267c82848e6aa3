//! The statistics as metrics, through the `metrics` facade.

use std::sync::Arc;
use std::time::Duration;

use metrics::{Counter, Gauge, Unit, counter, describe_counter, describe_gauge, gauge};

use super::state::State;
use super::statistics::NameServerStatistics;

/// How often the metrics are brought up to date.
const INTERVAL: Duration = Duration::from_secs(1);

const BROKERS: &str = "rocketmq_namesrv_brokers";
const BROKER_GROUPS: &str = "rocketmq_namesrv_broker_groups";
const TOPICS: &str = "rocketmq_namesrv_topics";
const KV_KEYS: &str = "rocketmq_namesrv_kv_keys";
const ENCODED_ROUTES: &str = "rocketmq_namesrv_encoded_route_bytes";
const ROUTES: &str = "rocketmq_namesrv_routes_total";
const REGISTRATIONS: &str = "rocketmq_namesrv_registrations_total";
const BROKERS_LOST: &str = "rocketmq_namesrv_brokers_lost_total";

/// Runs until it is aborted.
pub(super) async fn record_metrics(state: Arc<State>) {
    let metrics = Metrics::new();
    let mut interval = tokio::time::interval(INTERVAL);
    loop {
        interval.tick().await;
        metrics.record(&state.statistics());
    }
}

/// The metrics of one name server, registered with the recorder.
struct Metrics {
    brokers: Gauge,
    broker_groups: Gauge,
    topics: Gauge,
    kv_keys: Gauge,
    encoded_routes: Gauge,
    routes_found: Counter,
    routes_not_found: Counter,
    registrations: Counter,
    brokers_expired: Counter,
    brokers_disconnected: Counter,
}

impl Metrics {
    fn new() -> Self {
        describe_gauge!(BROKERS, "Registered brokers");
        describe_gauge!(BROKER_GROUPS, "Groups of a master and its slaves");
        describe_gauge!(TOPICS, "Topics");
        describe_gauge!(KV_KEYS, "Keys of the KV configuration");
        describe_gauge!(ENCODED_ROUTES, Unit::Bytes, "JSON of routes that is kept");
        describe_counter!(ROUTES, "Route requests, by result");
        describe_counter!(REGISTRATIONS, "Registrations of brokers that were applied");
        describe_counter!(BROKERS_LOST, "Brokers that were removed without having unregistered, by cause");
        Self {
            brokers: gauge!(BROKERS),
            broker_groups: gauge!(BROKER_GROUPS),
            topics: gauge!(TOPICS),
            kv_keys: gauge!(KV_KEYS),
            encoded_routes: gauge!(ENCODED_ROUTES),
            routes_found: counter!(ROUTES, "result" => "found"),
            routes_not_found: counter!(ROUTES, "result" => "not_found"),
            registrations: counter!(REGISTRATIONS),
            brokers_expired: counter!(BROKERS_LOST, "cause" => "expired"),
            brokers_disconnected: counter!(BROKERS_LOST, "cause" => "disconnected"),
        }
    }

    fn record(&self, statistics: &NameServerStatistics) {
        for (gauge, value) in [
            (&self.brokers, statistics.brokers),
            (&self.broker_groups, statistics.broker_groups),
            (&self.topics, statistics.topics),
            (&self.kv_keys, statistics.kv_keys),
            (&self.encoded_routes, statistics.encoded_route_bytes),
        ] {
            gauge.set(value as f64);
        }
        for (counter, value) in [
            (&self.routes_found, statistics.routes_found),
            (&self.routes_not_found, statistics.routes_not_found),
            (&self.registrations, statistics.registrations),
            (&self.brokers_expired, statistics.brokers_expired),
            (&self.brokers_disconnected, statistics.brokers_disconnected),
        ] {
            counter.absolute(value);
        }
    }
}
