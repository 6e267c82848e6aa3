//! The latency of requests as a histogram, through the `metrics` facade. A
//! program installs the recorder of an exporter; here it is a small one that
//! counts into the buckets of Java and prints them as Prometheus reads them.
//!
//! cargo run --example metrics --features metrics

use std::collections::BTreeMap;
use std::error::Error;
use std::sync::{Arc, Mutex, PoisonError};

use metrics::{
    Counter, Gauge, Histogram, HistogramFn, Key, KeyName, Metadata, Recorder,
    SharedString, Unit,
};
use remoting::LATENCY_BUCKETS;
use remoting::prelude::*;

const GREET: RequestCode = RequestCode(20_001);

/// The values of one histogram: those up to each bound, and their sum.
#[derive(Default)]
struct Buckets {
    up_to: [u64; LATENCY_BUCKETS.len()],
    count: u64,
    sum: f64,
}

#[derive(Default)]
struct Series(Mutex<Buckets>);

impl HistogramFn for Series {
    fn record(&self, milliseconds: f64) {
        let mut buckets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for (up_to, bound) in buckets.up_to.iter_mut().zip(LATENCY_BUCKETS) {
            *up_to += u64::from(milliseconds <= bound);
        }
        buckets.count += 1;
        buckets.sum += milliseconds;
    }
}

/// Histograms by name and labels.
type ByName = BTreeMap<(String, String), Arc<Series>>;

/// All histograms.
#[derive(Clone, Default)]
struct Histograms(Arc<Mutex<ByName>>);

impl Histograms {
    fn print(&self) {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for ((name, labels), series) in all.iter() {
            let buckets =
                series.0.lock().unwrap_or_else(PoisonError::into_inner);
            for (up_to, bound) in buckets.up_to.iter().zip(LATENCY_BUCKETS) {
                println!("{name}_bucket{{{labels},le=\"{bound}\"}} {up_to}");
            }
            println!("{name}_count{{{labels}}} {}", buckets.count);
            println!("{name}_sum{{{labels}}} {}", buckets.sum);
        }
    }
}

impl Recorder for Histograms {
    fn describe_counter(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_gauge(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_histogram(&self, _: KeyName, _: Option<Unit>, _: SharedString) {
    }
    fn register_counter(&self, _: &Key, _: &Metadata<'_>) -> Counter {
        Counter::noop()
    }
    fn register_gauge(&self, _: &Key, _: &Metadata<'_>) -> Gauge {
        Gauge::noop()
    }
    fn register_histogram(&self, key: &Key, _: &Metadata<'_>) -> Histogram {
        let labels: Vec<_> = key
            .labels()
            .map(|label| format!("{}=\"{}\"", label.key(), label.value()))
            .collect();
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let series = all.entry((key.name().to_owned(), labels.join(",")));
        Histogram::from_arc(Arc::clone(series.or_default()))
    }
}

async fn greet(
    _ctx: RequestContext,
    request: RemotingCommand,
) -> Result<RemotingCommand, ProcessorError> {
    Ok(RemotingCommand::response_to(&request, ResponseCode::SUCCESS))
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    // Before the server starts, so that it finds the recorder.
    let histograms = Histograms::default();
    metrics::set_global_recorder(histograms.clone())?;

    let server = RemotingServer::builder()
        .bind("127.0.0.1:0")
        .processor(GREET, Executor::inline(), greet)
        .start()
        .await?;
    let client = RemotingClient::builder().build()?;
    let target = client.to(server.local_addr());
    for _ in 0..100 {
        target.invoke(RemotingCommand::request(GREET)).await?;
    }
    target.invoke(RemotingCommand::request(RequestCode(20_002))).await?;
    client.shutdown().await;
    server.shutdown().await;

    histograms.print();
    Ok(())
}
