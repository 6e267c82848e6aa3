//! The builder of a client.

use std::sync::Arc;

use parking_lot::Mutex;
use tokio::sync::Notify;
use tokio::time::Instant;

use super::config::ClientConfig;
use super::connections::ConnectionTable;
use super::drain::Draining;
use super::name_server_list::NameServerList;
use super::name_servers::ToNameServers;
use super::shared::Shared;
use super::shutdown::CLOSE_TIMEOUT;
use super::{Handle, RemotingClient, name_servers};
use crate::config::ConfigError;
use crate::deadline::deadline_after;
use crate::endpoint::{Endpoint, Plugins, plugin_setters};
use crate::tasks::{Home, TaskScope};
use crate::transport::{
    Address, AddressError, Bootstrap, Channel, ChannelInitializer, ChannelPipeline, ConnectionEventsHandler,
    EventSender, PipelineError, SendProxyHeader,
};

/// Builds a [`RemotingClient`]: everything that must be set before its first connection.
///
/// ```
/// use std::time::Duration;
/// use remoting_rpc::transport::{ChannelEvent, protocol::{RemotingCommand, RequestCode, ResponseCode}};
/// use remoting_rpc::{ClientConfig, Executor, RemotingClient, RequestContext};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), remoting_rpc::ConfigError> {
/// let client = RemotingClient::builder()
///     .config(ClientConfig::new().connect_timeout(Duration::from_secs(1)))
///     .processor(RequestCode::NOTIFY_CONSUMER_IDS_CHANGED, Executor::inline(), |_: RequestContext, request: RemotingCommand| async move {
///         Ok(RemotingCommand::response_to(&request, ResponseCode::SUCCESS))
///     })
///     .on_event(|event: ChannelEvent| println!("{event}"))
///     .build()?;
/// client.shutdown().await;
/// # Ok(())
/// # }
/// ```
#[must_use = "a builder does nothing until build() is called"]
#[derive(Debug, Default)]
pub struct RemotingClientBuilder {
    config: ClientConfig,
    plugins: Plugins,
    name_servers: Option<Result<Vec<Address>, AddressError>>,
    proxy_header: Option<SendProxyHeader>,
    #[cfg(feature = "tls")]
    tls: Option<crate::transport::tls::ClientTls>,
}

impl RemotingClientBuilder {
    /// Sets the settings. Default: [`ClientConfig::new`].
    pub fn config(mut self, config: ClientConfig) -> Self {
        self.config = config;
        self
    }

    /// Sets the name servers: a list of addresses, or Java's text, in which semicolons separate them
    /// (`"10.0.0.1:9876;10.0.0.2:9876"`). An invalid address is reported by [`build`](Self::build).
    /// [`RemotingClient::set_name_servers`] replaces them later. Default: none. Java:
    /// `updateNameServerAddressList`.
    pub fn name_servers(mut self, list: impl ToNameServers) -> Self {
        self.name_servers = Some(list.to_addresses());
        self
    }

    /// Sends a PROXY protocol header first on every connection, before TLS and all other steps, for servers
    /// that require it. Default: no header. Java's client has no such setting.
    pub fn proxy_header(mut self, header: SendProxyHeader) -> Self {
        self.proxy_header = Some(header);
        self
    }

    /// Uses TLS on every connection. No connection falls back to plaintext. If `tls` watches its files, they
    /// are watched until the client is dropped or shut down. Default: plaintext. Java: `useTLS`.
    #[cfg(feature = "tls")]
    pub fn tls(mut self, tls: crate::transport::tls::ClientTls) -> Self {
        self.tls = Some(tls);
        self
    }

    /// Builds the client. It connects when it is first called.
    ///
    /// # Errors
    ///
    /// Returns [`ConfigError`] if a setting is invalid (see [`ClientConfig::validate`]) or the address of a
    /// name server is.
    ///
    /// # Panics
    ///
    /// Panics if called outside a tokio runtime.
    pub fn build(self) -> Result<RemotingClient, ConfigError> {
        #[cfg(feature = "tls")]
        let tls = self.tls;
        let Self { config, mut plugins, name_servers, proxy_header, .. } = self;
        config.validate()?;
        let name_servers = name_servers.transpose()?.unwrap_or_default();
        let bootstrap = Bootstrap::new(config.endpoint.channel.clone()).network(plugins.network());
        let bootstrap = match proxy_header {
            Some(header) => bootstrap.prologue_step(header),
            None => bootstrap,
        };
        #[cfg(feature = "tls")]
        let (bootstrap, tls_watch) = match &tls {
            Some(tls) if tls.watches_files() => {
                (bootstrap.prologue_step(tls.step()), Some(tls.watch().map_err(ConfigError::Tls)?))
            }
            Some(tls) => (bootstrap.prologue_step(tls.step()), None),
            None => (bootstrap, None),
        };
        let home = Home::Runtime(tokio::runtime::Handle::current());
        let endpoint = Endpoint::new(config.endpoint.limits, None, home.clone()).with_hooks_around_calls();
        #[cfg(feature = "tower")]
        let endpoint = endpoint.with_layers(std::mem::take(&mut plugins.layers));
        let events = plugins.start_events(config.endpoint.event_queue);
        if let Some(events) = &events {
            let channels = endpoint.state.tasks.clone();
            events.await_source(async move {
                channels.ended(deadline_after(Instant::now(), CLOSE_TIMEOUT)).await;
            });
        }
        let events_to = events.as_ref().map(|events| events.sender().clone());
        let bootstrap = bootstrap.initializer(StandardHandlers { config: config.clone(), events: events_to });
        let bootstrap = plugins.plug_into(&endpoint, bootstrap);
        let shared = Arc::new(Shared {
            connect: config.connect_options(),
            bootstrap,
            endpoint: Arc::new(endpoint),
            connections: Arc::new(ConnectionTable::new(config.longest_reconnect_pause)),
            draining: Draining::default(),
            name_servers: Mutex::new(NameServerList::new(config.name_server_seed)),
            name_servers_changed: Notify::new(),
            callbacks: TaskScope::new(home),
            events,
            #[cfg(feature = "tls")]
            tls_watch: Mutex::new(tls_watch),
            config,
        });
        shared.update_name_servers(&name_servers);
        if shared.config.scan_available_name_servers {
            shared.endpoint.state.tasks.spawn(name_servers::probe(Arc::clone(&shared)));
        }
        Ok(RemotingClient { handle: Arc::new(Handle { shared }) })
    }
}

plugin_setters!(RemotingClientBuilder);

/// The handlers of every channel of a client, as in `NettyRemotingClient`'s pipeline.
struct StandardHandlers {
    config: ClientConfig,
    events: Option<EventSender>,
}

impl ChannelInitializer for StandardHandlers {
    fn init_channel(&self, _channel: &Channel, pipeline: &mut ChannelPipeline) -> Result<(), PipelineError> {
        pipeline.add_last("idleState", self.config.endpoint.idle_handler())?;
        if let Some(events) = &self.events {
            pipeline.add_last("connectionEvents", ConnectionEventsHandler::dialled(events.clone()))?;
        }
        Ok(())
    }
}
