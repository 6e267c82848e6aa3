//! The load of a name server: clients that read routes, and brokers that register their topics.

use std::collections::BTreeMap;
use std::io::{BufRead as _, Write as _};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};
use clap::Args;
use remoting::model::body::{DataVersion, RegisterBrokerBody, TopicConfig};
use remoting::model::header::{GetRouteInfoRequestHeader, RegisterBrokerRequestHeader};
use remoting::prelude::*;
use remoting_benches::control::{Header, Lane, Pace, Shape, obey};
use tokio::runtime::Builder;
use tokio::sync::watch;
use tokio::task::JoinSet;

const TIMEOUT: Duration = Duration::from_secs(60);

/// The brokers that register at the same time.
const AT_ONCE: usize = 4;

/// The topics of a cluster.
#[derive(Args, Debug, Clone, Copy)]
pub(crate) struct Cluster {
    /// The number of topics.
    #[arg(long, default_value_t = 10_000)]
    topics: usize,
    /// The number of brokers.
    #[arg(long, default_value_t = 100)]
    brokers: usize,
    /// The number of brokers that have the same topic.
    #[arg(long, default_value_t = 4)]
    spread: usize,
}

impl Cluster {
    fn topic(topic: usize) -> String {
        format!("topic-of-orders-{topic}")
    }

    /// Topic 0 is on the brokers 0 to `spread`, topic 1 on the next ones, and so on.
    fn has(&self, broker: usize, topic: usize) -> bool {
        let first = topic * self.spread % self.brokers;
        (broker + self.brokers - first) % self.brokers < self.spread
    }

    /// The registration of a broker. Each version differs from the last one in all topics.
    fn registration(&self, broker: usize, version: i64) -> anyhow::Result<RemotingCommand> {
        let header = RegisterBrokerRequestHeader {
            broker_name: format!("broker-{broker}"),
            broker_addr: format!("10.0.{}.{}:10911", broker / 250, broker % 250 + 1),
            cluster_name: "orders".to_owned(),
            ha_server_addr: format!("10.0.{}.{}:10912", broker / 250, broker % 250 + 1),
            ..RegisterBrokerRequestHeader::default()
        };
        let queues = 8 + (version % 8) as i32;
        let topics = (0..self.topics).filter(|&topic| self.has(broker, topic)).map(|topic| {
            let name = Self::topic(topic);
            let config =
                TopicConfig { read_queue_nums: queues, write_queue_nums: queues, ..TopicConfig::new(&name) };
            (name, config)
        });
        let mut body = RegisterBrokerBody::default();
        let wrapper = &mut body.topic_config_serialize_wrapper;
        wrapper.data_version = DataVersion { counter: version, timestamp: version, ..DataVersion::default() };
        wrapper.topic_config_table = topics.collect::<BTreeMap<_, _>>();
        Ok(RemotingCommand::request(RequestCode::REGISTER_BROKER)
            .with_header(&header)?
            .with_json_body(&body)?)
    }
}

/// Reads the routes of all topics in turn, as standard input asks for it.
pub(crate) fn read_routes(server: SocketAddr, shape: Shape, cluster: Cluster) -> anyhow::Result<()> {
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let requests: Vec<RemotingCommand> = (0..cluster.topics)
        .map(|topic| {
            let topic = Cluster::topic(topic);
            let header = GetRouteInfoRequestHeader {
                topic,
                accept_standard_json_only: Some(true),
                ..GetRouteInfoRequestHeader::default()
            };
            let request =
                RemotingCommand::request(RequestCode::GET_ROUTEINFO_BY_TOPIC).with_header(&header)?;
            anyhow::Ok(request.with_serialize_type(match shape.header {
                Header::Json => SerializeType::Json,
                Header::Rocketmq => SerializeType::RocketMq,
            }))
        })
        .collect::<Result<_, _>>()?;
    let reader = Reader { server: server.into(), requests: requests.into(), spread: cluster.spread };
    let clients = (0..shape.connections)
        .map(|_| runtime.block_on(async { RemotingClient::builder().build() }))
        .collect::<Result<Vec<_>, _>>()?;
    for client in &clients {
        runtime.block_on(reader.read(client, 0))?;
    }
    obey(&shape, shape.connections * shape.window, |pace| {
        runtime.block_on(reader.keep_windows_full(&clients, shape.window, pace))
    })
}

#[derive(Clone)]
struct Reader {
    server: Address,
    requests: Arc<[RemotingCommand]>,
    spread: usize,
}

impl Reader {
    async fn read(&self, client: &RemotingClient, topic: usize) -> anyhow::Result<()> {
        let request = self.requests[topic % self.requests.len()].clone();
        let response = client.invoke(&self.server, request, TIMEOUT).await?;
        // Each broker of a route is described by more than 100 bytes.
        ensure!(
            response.response_code().is_success() && response.body_len() > 100 * self.spread,
            "not a route: {response:?}"
        );
        Ok(())
    }

    async fn keep_windows_full(
        &self,
        clients: &[RemotingClient],
        window: usize,
        pace: &Arc<Pace>,
    ) -> anyhow::Result<()> {
        let mut callers = JoinSet::new();
        for (number, client) in clients.iter().enumerate() {
            for caller in 0..window {
                // Each caller begins with another topic.
                let first = (number * window + caller) * 97;
                callers.spawn(self.clone().read_in_turn(client.clone(), first, pace.lane()));
            }
        }
        while let Some(caller) = callers.join_next().await {
            caller.context("a caller panicked")??;
        }
        Ok(())
    }

    async fn read_in_turn(self, client: RemotingClient, first: usize, mut lane: Lane) -> anyhow::Result<()> {
        let mut topic = first;
        while lane.admit(1) == 1 {
            let started = lane.started();
            self.read(&client, topic).await?;
            lane.answered(started);
            lane.completed(1);
            topic += 1;
        }
        Ok(())
    }
}

/// Registers all brokers when standard input says `register`, prints `registered SECONDS`, and on `churn` registers them
/// again and again until `rest`, which prints `rested REGISTRATIONS`.
pub(crate) fn register(server: SocketAddr, cluster: Cluster) -> anyhow::Result<()> {
    let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    let client = runtime.block_on(async { RemotingClient::builder().build() })?;
    let server = Address::from(server);
    let mut version = 0;
    let mut churn = None;
    say("ready")?;
    for line in std::io::stdin().lock().lines() {
        match &*line? {
            "register" => {
                version += 1;
                let started = Instant::now();
                runtime.block_on(register_all(&client, &server, cluster, version))?;
                say(&format!("registered {}", started.elapsed().as_secs_f64()))?;
            }
            "churn" => {
                let (stop, stopped) = watch::channel(false);
                let churning =
                    keep_registering(client.clone(), server.clone(), cluster, version + 1, stopped);
                churn = Some((stop, runtime.spawn(churning)));
            }
            "rest" => {
                let (stop, churning) = churn.take().context("no churn to stop")?;
                stop.send(true)?;
                let registrations: i64 = runtime.block_on(churning)??;
                version += registrations;
                say(&format!("rested {registrations}"))?;
            }
            other => bail!("invalid command {other:?}: expected `register`, `churn` or `rest`"),
        }
    }
    Ok(())
}

async fn register_all(
    client: &RemotingClient,
    server: &Address,
    cluster: Cluster,
    version: i64,
) -> anyhow::Result<()> {
    let mut registrations = JoinSet::new();
    for broker in 0..cluster.brokers {
        if registrations.len() == AT_ONCE
            && let Some(done) = registrations.join_next().await
        {
            done??;
        }
        registrations.spawn(register_one(
            client.clone(),
            server.clone(),
            cluster.registration(broker, version)?,
        ));
    }
    while let Some(done) = registrations.join_next().await {
        done??;
    }
    Ok(())
}

/// Registers one broker after the other, with a new version each. Returns how many registrations there were.
async fn keep_registering(
    client: RemotingClient,
    server: Address,
    cluster: Cluster,
    first: i64,
    stopped: watch::Receiver<bool>,
) -> anyhow::Result<i64> {
    let mut done = 0;
    while !*stopped.borrow() {
        let broker = done as usize % cluster.brokers;
        let request = cluster.registration(broker, first + done)?;
        register_one(client.clone(), server.clone(), request).await?;
        done += 1;
    }
    Ok(done)
}

async fn register_one(
    client: RemotingClient,
    server: Address,
    request: RemotingCommand,
) -> anyhow::Result<()> {
    client.invoke(&server, request, TIMEOUT).await?.into_success()?;
    Ok(())
}

fn say(line: &str) -> anyhow::Result<()> {
    let mut stdout = std::io::stdout().lock();
    writeln!(stdout, "{line}")?;
    Ok(stdout.flush()?)
}
