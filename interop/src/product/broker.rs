//! Official brokers.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use anyhow::Context;

use super::home::Homes;
use super::observer::{Observer, until};
use super::ports;
use super::process::Process;
use crate::java::Servers;

/// The limit for the start of brokers, which start at the same time, and their registration.
const REGISTRATION: Duration = Duration::from_secs(120);

/// What differs between the brokers of a run.
#[derive(Default)]
pub(super) struct Settings<'a> {
    /// Distinguishes brokers of one release.
    pub(super) suffix: &'a str,
    pub(super) id: i64,
    pub(super) tls: bool,
    pub(super) properties: &'a [(&'static str, &'static str)],
}

/// A broker process.
pub(super) struct Broker {
    version: String,
    name: String,
    cluster: String,
    id: i64,
    addr: SocketAddr,
    process: Process,
}

impl Broker {
    /// Starts the process. [`registered`](Self::registered) waits for it.
    pub(super) fn start(
        servers: &Servers,
        homes: &Homes,
        name_servers: &[SocketAddr],
        settings: &Settings<'_>,
    ) -> anyhow::Result<Self> {
        let version = servers.version().to_owned();
        // Names with dots break request and reply; tables of mqadmin cut names of more than 20 characters.
        let suffix = format!("{}{}", version.replace('.', ""), settings.suffix);
        let (name, cluster) = (format!("broker-{suffix}"), format!("cluster-{suffix}"));
        // The port of messages, below it one that is not used, and below that the second port of the same server.
        let port = ports::free(4)? + 2;
        let home = homes.home(&format!("{name}-{}", settings.id))?;
        let store = home.file("store").display().to_string();
        let name_servers: Vec<String> = name_servers.iter().map(ToString::to_string).collect();
        let mut properties = vec![
            ("brokerClusterName", cluster.clone()),
            ("brokerName", name.clone()),
            ("brokerId", settings.id.to_string()),
            ("brokerIP1", Ipv4Addr::LOCALHOST.to_string()),
            ("listenPort", port.to_string()),
            ("haListenPort", (port + 1).to_string()),
            ("namesrvAddr", name_servers.join(";")),
            // The shortest that brokers accept.
            ("registerNameServerPeriod", "10000".to_owned()),
            ("storePathCommitLog", format!("{store}/commitlog")),
            ("storePathRootDir", store),
            ("mappedFileSizeCommitLog", (16 << 20).to_string()),
            // At 75 % brokers refuse messages.
            ("diskMaxUsedSpaceRatio", "95".to_owned()),
            // A busy machine is slow, but no reason to refuse messages.
            ("waitTimeMillsInSendQueue", "20000".to_owned()),
            ("waitTimeMillsInTransactionQueue", "20000".to_owned()),
            ("osPageCacheBusyTimeOutMills", "60000".to_owned()),
            ("transactionTimeOut", "3000".to_owned()),
            ("transactionCheckInterval", "1000".to_owned()),
        ];
        properties.extend(settings.properties.iter().map(|(key, value)| (*key, (*value).to_owned())));
        let config = home.write_properties("broker.properties", &properties)?;
        let mut options = home.jvm_options();
        if settings.tls {
            options.push("-Dtls.enable=true".to_owned());
        }
        let mut command = servers.command(&options, "org.apache.rocketmq.broker.BrokerStartup");
        command.arg("-c").arg(config);
        let process = Process::spawn(&name, &command, home.file("output.txt"))?;
        let addr = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        Ok(Self { version, name, cluster, id: settings.id, addr, process })
    }

    /// Waits until the name server knows the broker. What the broker says of its own start is earlier.
    pub(super) async fn registered(&mut self, observer: &Observer) -> anyhow::Result<()> {
        let (name, id, addr) = (self.name.clone(), self.id, self.addr.to_string());
        let process = &mut self.process;
        let waited = until(REGISTRATION, format_args!("{name} is registered"), || {
            let ended = process.check();
            let (name, addr) = (&name, &addr);
            async move {
                ended?;
                Ok(observer.broker(name, id).await?.as_ref() == Some(addr))
            }
        })
        .await;
        waited.with_context(|| self.process.complaint())
    }

    /// Sends SIGKILL: the broker cannot say good-bye to its name server.
    pub(super) async fn kill(&mut self) -> anyhow::Result<()> {
        self.process.kill().await
    }

    pub(super) fn version(&self) -> &str {
        &self.version
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn cluster(&self) -> &str {
        &self.cluster
    }

    pub(super) const fn addr(&self) -> SocketAddr {
        self.addr
    }

    pub(super) fn is_before_5(&self) -> bool {
        self.version.starts_with("4.")
    }

    /// Returns the arguments by which the drivers find this broker.
    pub(super) fn driver_arguments(&self) -> Vec<String> {
        [
            ("--cluster", self.cluster.clone()),
            ("--broker-name", self.name.clone()),
            ("--broker", self.addr.to_string()),
            ("--broker-version", self.version.clone()),
        ]
        .into_iter()
        .flat_map(|(option, value)| [option.to_owned(), value])
        .collect()
    }
}
