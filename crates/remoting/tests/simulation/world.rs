//! One client, two servers and the network between them, which act as the schedule says.

use std::sync::Arc;
use std::time::Duration;

use remoting::prelude::*;
use remoting::transport::WaterMark;
use remoting::{ClientStatistics, RemotingClientBuilder};
use tokio::runtime::{Builder, Handle};
use tokio::task::JoinSet;
use tokio::time::{sleep, sleep_until, timeout};

use crate::network::SimulatedNetwork;
use crate::schedule::{Call, ClientSettings, Deed, Schedule, Side, Way, Work};
use crate::servers::SimulatedServer;
use crate::trace::{Entry, Event, Outcome, Trace};
use crate::work::{GivenUp, Job, Worker};

/// Longer than anything in a schedule.
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// Lives through a schedule, on a runtime of its own with a paused clock.
pub(crate) fn live_through(schedule: &Schedule) -> Vec<Entry> {
    let runtime = Builder::new_current_thread().enable_time().start_paused(true).build().expect("a runtime");
    let trace = runtime.block_on(async {
        let trace = Trace::begin();
        if timeout(DAY, World::live(schedule, trace.clone())).await.is_err() {
            trace.record(Event::Left { what: "something that never ends".to_owned() });
        }
        trace
    });
    drop(runtime);
    trace.entries()
}

#[derive(Clone)]
struct World {
    client: RemotingClient,
    servers: Arc<[Arc<SimulatedServer>]>,
    trace: Trace,
}

impl World {
    async fn live(schedule: &Schedule, trace: Trace) {
        let network = SimulatedNetwork::new(schedule, trace.clone());
        let mut servers = Vec::new();
        for (index, settings) in schedule.servers.iter().enumerate() {
            servers.push(SimulatedServer::start(index, &network, settings.clone(), trace.clone()).await);
        }
        let client = client(&schedule.client, &trace).network(network.clone()).build().expect("a client");
        let addrs: Vec<_> = servers.iter().map(|server| server.addr()).collect();
        client.set_name_servers(addrs).expect("addresses");
        let world = Self { client, servers: servers.into(), trace };

        let mut calls = JoinSet::new();
        for call in schedule.calls.clone() {
            calls.spawn(world.clone().call(call));
        }
        let mut deeds = JoinSet::new();
        for server in 0..world.servers.len() {
            let of_server = schedule.deeds.iter().filter(|(_, deed)| deed.server() == server);
            deeds.spawn(world.clone().deeds(of_server.copied().collect()));
        }
        if let Some(after) = schedule.client_ends {
            sleep(after).await;
            world.end_client().await;
        }
        finish(calls).await;
        world.end_client().await;
        finish(deeds).await;
        for server in &*world.servers {
            server.end().await;
        }
        let trace = world.trace.clone();
        drop(world);
        network.end().await;
        // A later response on a side that was killed fails when it is sent.
        sleep(Duration::from_secs(2)).await;
        let left = Handle::current().metrics().num_alive_tasks();
        if left != 0 {
            trace.record(Event::Left { what: format!("{left} tasks of the runtime") });
        }
    }

    async fn call(self, call: Call) {
        sleep_until(self.trace.began() + call.at).await;
        match call.by {
            Side::Client => self.call_server(&call).await,
            Side::Server(server) => match self.servers[server].channel(call.id) {
                Some(channel) => self.call_client(&call, channel).await,
                None => self.trace.record(Event::NoChannel { call: call.id }),
            },
        }
    }

    async fn call_server(&self, call: &Call) {
        let (addr, request, timeout) = (self.servers[call.to].addr(), Job::request_of(call), call.timeout);
        match call.way {
            Way::Invoke => self.response(call, self.client.invoke(addr, request, timeout)).await,
            Way::NameServer => self.response(call, self.client.invoke_name_server(request, timeout)).await,
            Way::Oneway => self.queued(call, self.client.invoke_oneway(addr, request, timeout)).await,
            Way::Callback => {
                let callback = self.callback(call);
                self.client.invoke_with_callback(addr, request, timeout, callback);
            }
        }
    }

    async fn call_client(&self, call: &Call, channel: RpcChannel) {
        let (request, timeout) = (Job::request_of(call), call.timeout);
        match call.way {
            Way::Oneway => self.queued(call, channel.invoke_oneway(request, timeout)).await,
            Way::Callback => channel.invoke_with_callback(request, timeout, self.callback(call)),
            Way::Invoke | Way::NameServer => self.response(call, channel.invoke(request, timeout)).await,
        }
    }

    async fn response(&self, call: &Call, response: impl Future<Output = Result<RemotingCommand, RpcError>>) {
        let outcome = async { Job::of_call(call).outcome(response.await) };
        self.until_given_up(call, outcome).await;
    }

    async fn queued(&self, call: &Call, queued: impl Future<Output = Result<(), RpcError>>) {
        let outcome =
            async { queued.await.map_or_else(|error| Outcome::failed(&error), |()| Outcome::Queued) };
        self.until_given_up(call, outcome).await;
    }

    async fn until_given_up(&self, call: &Call, outcome: impl Future<Output = Outcome>) {
        self.begin(call);
        match timeout(call.given_up_after.unwrap_or(DAY), outcome).await {
            Ok(outcome) => self.trace.record(Event::Ended { call: call.id, outcome }),
            Err(_given_up) => self.trace.record(Event::GivenUp { call: call.id }),
        }
    }

    fn callback(&self, call: &Call) -> impl FnOnce(Result<RemotingCommand, RpcError>) + Send + use<> {
        self.begin(call);
        let (job, trace) = (Job::of_call(call), self.trace.clone());
        let given_up = GivenUp::when_dropped(call.id, &trace);
        move |result| {
            given_up.not();
            trace.record(Event::Ended { call: job.call, outcome: job.outcome(result) });
        }
    }

    fn begin(&self, call: &Call) {
        self.trace.record(Event::Begun { call: call.id, timeout: call.timeout });
    }

    async fn deeds(self, deeds: Vec<(Duration, Deed)>) {
        for (at, deed) in deeds {
            sleep_until(self.trace.began() + at).await;
            let server = &self.servers[deed.server()];
            match deed {
                Deed::Restart { pause, .. } => server.restart(pause).await,
                Deed::Replace { .. } => server.replace().await,
                Deed::Kill { pause, .. } => server.kill(pause).await,
                Deed::CloseChannels { .. } => {
                    self.trace.did(Side::Client, format!("closes channels to {}", server.addr()));
                    self.client.close_channels([server.addr()]);
                }
            }
        }
    }

    /// Shuts the client down and checks what it still holds.
    async fn end_client(&self) {
        self.trace.did(Side::Client, "shuts down");
        self.client.shutdown().await;
        self.trace.did(Side::Client, "is down");
        let statistics = self.client.statistics();
        let mut nothing = ClientStatistics::default();
        // The counters cover the whole run; no request may be in flight.
        nothing.requests = statistics.requests;
        (nothing.requests.in_flight, nothing.requests.waiting_response_bytes) = (0, 0);
        if statistics != nothing {
            self.trace.record(Event::Left { what: format!("{statistics:?}") });
        }
    }
}

/// Waits for all of them.
async fn finish(mut tasks: JoinSet<()>) {
    while let Some(ended) = tasks.join_next().await {
        ended.expect("no panic");
    }
}

fn client(settings: &ClientSettings, trace: &Trace) -> RemotingClientBuilder {
    let mark = WaterMark::new(settings.high_water_mark / 2, settings.high_water_mark).expect("marks");
    let config = ClientConfig::new()
        .async_permits(settings.permits)
        .connect_timeout(settings.connect_timeout)
        .retire_silent_channel_on_timeout(settings.retire_silent_channel)
        .drain_timeout(settings.drain_timeout)
        .max_idle(settings.max_idle)
        .water_mark(mark)
        .shutdown_timeout(settings.shutdown_timeout)
        .scan_available_name_servers(settings.scan_name_servers)
        .hedge_name_servers(settings.hedge_name_servers)
        .name_server_seed(settings.name_server_seed)
        .longest_reconnect_pause(settings.longest_reconnect_pause);
    let worker = |work| Worker { side: Side::Client, trace: trace.clone(), work };
    RemotingClient::builder()
        .config(config)
        .processor(Work::Inline.code(), Executor::inline(), worker(Work::Inline))
        .processor(Work::Runtime.code(), Executor::runtime(4), worker(Work::Runtime))
        .processor(Work::CallsBack.code(), Executor::inline(), worker(Work::CallsBack))
        .processor(Work::Later.code(), Executor::inline(), worker(Work::Later))
        .on_event(trace.listener(Side::Client))
}
