//! A server that is shut down, killed and started again at its address.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use remoting::ShutdownReport;
use remoting::prelude::*;
use remoting::transport::WaterMark;
use tokio::time::sleep;

use crate::network::SimulatedNetwork;
use crate::schedule::{ServerSettings, Side, Work};
use crate::trace::{Event, Trace};
use crate::work::Worker;

pub(crate) struct SimulatedServer {
    side: Side,
    addr: Address,
    network: SimulatedNetwork,
    settings: ServerSettings,
    trace: Trace,
    running: Mutex<Option<Running>>,
}

/// One life of the server.
struct Running {
    server: RemotingServer,
    executors: [Executor; 2],
}

impl SimulatedServer {
    /// A server that listens.
    pub(crate) async fn start(
        index: usize,
        network: &SimulatedNetwork,
        settings: ServerSettings,
        trace: Trace,
    ) -> Arc<Self> {
        let side = Side::Server(index);
        let addr: Address = format!("10.0.0.{}:10911", index + 1).parse().expect("an address");
        let this = Self { side, addr, network: network.clone(), settings, trace, running: Mutex::default() };
        this.begin().await;
        Arc::new(this)
    }

    pub(crate) fn addr(&self) -> &Address {
        &self.addr
    }

    /// The channel of some client, if one is connected.
    pub(crate) fn channel(&self, number: u32) -> Option<RpcChannel> {
        let running = self.running.lock().expect("not poisoned");
        let channels = running.as_ref()?.server.channels();
        let count = channels.len();
        channels.into_iter().nth(usize::try_from(number).ok()?.checked_rem(count)?)
    }

    pub(crate) async fn restart(&self, pause: Duration) {
        self.end().await;
        sleep(pause).await;
        self.begin().await;
    }

    /// Shuts down while another server takes the address over.
    pub(crate) async fn replace(&self) {
        let old = self.take();
        tokio::join!(biased; self.shut_down(old), self.begin());
    }

    pub(crate) async fn kill(&self, pause: Duration) {
        drop(self.take());
        self.trace.did(self.side, "killed");
        sleep(pause).await;
        self.begin().await;
    }

    /// Shuts down for good.
    pub(crate) async fn end(&self) {
        let running = self.take();
        self.shut_down(running).await;
    }

    fn take(&self) -> Option<Running> {
        self.running.lock().expect("not poisoned").take()
    }

    async fn begin(&self) {
        let executors = [Executor::inline(), Executor::runtime(self.settings.executor_limit)];
        let [inline, runtime] = executors.clone();
        let server = loop {
            let started = self.builder(inline.clone(), runtime.clone()).start().await;
            match started {
                Ok(server) => break server,
                // The one before has not closed its listener yet.
                Err(_in_use) => sleep(Duration::from_millis(1)).await,
            }
        };
        self.trace.did(self.side, "listens");
        *self.running.lock().expect("not poisoned") = Some(Running { server, executors });
    }

    fn builder(&self, inline: Executor, runtime: Executor) -> remoting::RemotingServerBuilder {
        let settings = &self.settings;
        let mark = WaterMark::new(settings.high_water_mark / 2, settings.high_water_mark).expect("marks");
        let config = ServerConfig::new()
            .async_permits(settings.permits)
            .water_mark(mark)
            .shutdown_timeout(settings.shutdown_timeout)
            .shutdown_gracefully(settings.graceful.is_some())
            .shutdown_wait(settings.graceful.unwrap_or_default());
        let worker = |work| Worker { side: self.side, trace: self.trace.clone(), work };
        RemotingServer::builder()
            .bind(&self.addr)
            .network(self.network.clone())
            .config(config)
            .processor(Work::Inline.code(), inline.clone(), worker(Work::Inline))
            .processor(Work::Runtime.code(), runtime, worker(Work::Runtime))
            .processor(Work::CallsBack.code(), inline.clone(), worker(Work::CallsBack))
            .processor(Work::Later.code(), inline, worker(Work::Later))
            .on_event(self.trace.listener(self.side))
    }

    async fn shut_down(&self, running: Option<Running>) {
        let Some(Running { server, executors }) = running else { return };
        self.trace.did(self.side, "shuts down");
        let report: ShutdownReport = server.shutdown().await;
        self.trace.did(self.side, format!("is down: {report:?}"));
        let left = |count, what| self.trace.left(self.side, count, what);
        left(server.channels().len(), "channels");
        left(server.statistics().tasks, "tasks");
        left(server.statistics().in_flight, "permits");
        left(executors.iter().map(Executor::in_flight).sum(), "requests in executors");
        left(usize::try_from(server.statistics().dropped_events).unwrap_or(usize::MAX), "dropped events");
    }
}

impl Drop for SimulatedServer {
    fn drop(&mut self) {
        if self.take().is_some() {
            self.trace.record(Event::Left { what: format!("{:?} itself", self.side) });
        }
    }
}
