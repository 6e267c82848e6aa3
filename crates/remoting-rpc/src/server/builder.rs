use std::fmt;
use std::sync::Arc;

use parking_lot::Mutex;
use remoting_transport::{
    Address, Bootstrap, BoundListener, Channel, ChannelInitializer, ChannelPipeline, ConnectionEventsHandler,
    ConnectionFilter, EventSender, ProxyProtocol, TrafficDistribution, TrafficDistributionHandler,
};
use tokio::runtime::Handle;

use super::config::ServerConfig;
use super::error::ServerError;
use super::event_loops::EventLoops;
use super::port::{Bind, Port};
use super::withhold_errors::WithholdErrors;
use super::{RemotingServer, Shared};
#[cfg(feature = "tls")]
use crate::config::ConfigError;
use crate::endpoint::{Endpoint, EventTask, Plugins, plugin_setters};
use crate::executor::Executor;
use crate::hook::RpcHook;
use crate::processor::RequestPipeline;
use crate::processor::{Registration, RequestProcessor};
use crate::tasks::Home;

/// Configures and starts a [`RemotingServer`].
#[must_use = "a builder does nothing until start() is called"]
#[derive(Default)]
pub struct RemotingServerBuilder {
    bind: Option<Result<Bind, ServerError>>,
    config: ServerConfig,
    plugins: Plugins,
    default_processor: Option<Registration>,
    pipeline: Option<Arc<dyn RequestPipeline>>,
    call_hooks: Vec<Arc<dyn RpcHook>>,
    event_loops: Option<EventLoops>,
    proxy_protocol: Option<ProxyProtocol>,
    #[cfg(feature = "tls")]
    tls: Option<remoting_transport::tls::ServerTls>,
}

impl RemotingServerBuilder {
    /// Sets the address to listen on: an [`Address`], or a text that can be parsed as one. [`start`](Self::start) reports an
    /// invalid address. Default: `0.0.0.0:0`, as Java's `bindAddress` and `listenPort`. It replaces a
    /// [`listener`](Self::listener).
    pub fn bind<A>(mut self, address: A) -> Self
    where
        A: TryInto<Address, Error: std::error::Error + Send + Sync + 'static>,
    {
        self.bind = Some(parse(address).map(Bind::Address));
        self
    }

    /// Uses a listening socket of the standard library or tokio instead of binding one. Use it for socket activation, for
    /// upgrades that hand over the socket, or in tests that choose the port. [`backlog`](ServerConfig::backlog) does
    /// not apply. It replaces [`bind`](Self::bind).
    ///
    /// ```
    /// # use remoting_rpc::RemotingServer;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let listener = std::net::TcpListener::bind("127.0.0.1:0")?;
    /// let port = listener.local_addr()?.port();
    /// let server = RemotingServer::builder().listener(listener).start().await?;
    /// assert_eq!(server.local_addr().port(), Some(port));
    /// # Ok(())
    /// # }
    /// ```
    pub fn listener(mut self, listener: impl Into<BoundListener>) -> Self {
        self.bind = Some(Ok(Bind::Listener(listener.into())));
        self
    }

    /// Sets the configuration. Default: [`ServerConfig::new`].
    pub fn config(mut self, config: ServerConfig) -> Self {
        self.config = config;
        self
    }

    /// Runs the channels on event loops: threads named `remoting-loop-0`, `remoting-loop-1` and so on, each with a
    /// current-thread tokio runtime of its own. Default: none; channels are tasks of the runtime that the server is started
    /// in. Netty: the worker `EventLoopGroup`; Java: `serverSelectorThreads`.
    ///
    /// An accepted connection belongs to the loop with the fewest connections and stays there. All ports share the loops,
    /// sub-servers included. What runs where:
    ///
    /// | | runs on |
    /// |---|---|
    /// | channels: prologue, TLS, codec, handlers | their event loop |
    /// | processors of [`Executor::inline`], also after they have waited, and what they spawn | the event loop of their channel |
    /// | processors of [`Executor::runtime`], event listeners, accepting, the shutdown | the runtime that the server was started in |
    /// | processors of [`Executor::blocking`] | their threads, in the context of that runtime |
    ///
    /// So an inline processor that computes for long holds up the other channels of its loop. Limits and permits are those
    /// of the whole server, not of a loop. The server owns the threads: they end with its [shutdown], when it is dropped, and
    /// when the runtime that it was started in ends.
    ///
    /// Tasks that processors have spawned on a loop are dropped when the loop ends. Spawn work that must outlive the server on
    /// the runtime that the server was started in, through its [`Handle`](tokio::runtime::Handle).
    ///
    /// Use them for inline processors. Requests of [`Executor::runtime`] cross to another thread and back, and cost less
    /// without event loops. The paused clock of a test does not stop the time of the loops.
    ///
    /// ```
    /// # use remoting_rpc::{EventLoops, RemotingServer};
    /// # #[tokio::main]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let builder = RemotingServer::builder().bind("127.0.0.1:0").event_loops(EventLoops::per_core());
    /// let server = builder.start().await?;
    /// # server.shutdown().await;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// [shutdown]: RemotingServer::shutdown
    pub fn event_loops(mut self, event_loops: impl Into<Option<EventLoops>>) -> Self {
        self.event_loops = event_loops.into();
        self
    }

    /// Sets the processor for all codes without their own. Default: none; such requests are answered with
    /// `REQUEST_CODE_NOT_SUPPORTED`. Java: `registerDefaultProcessor`.
    pub fn default_processor(mut self, executor: Executor, processor: impl RequestProcessor) -> Self {
        self.default_processor = Some(Registration::new(executor, processor));
        self
    }

    /// Sets the request pipeline. Java: `setRequestPipeline`.
    pub fn request_pipeline(mut self, pipeline: impl RequestPipeline) -> Self {
        self.pipeline = Some(Arc::new(pipeline));
        self
    }

    /// Appends a hook around the calls that this server makes to its clients. [`hook`](Self::hook) is for the requests that
    /// it processes. Java's server runs no hooks around its calls.
    pub fn call_hook(mut self, hook: impl RpcHook) -> Self {
        self.call_hooks.push(Arc::new(hook));
        self
    }

    /// Appends a filter for accepted connections. Filters run in registration order, before any other work.
    pub fn connection_filter(mut self, filter: impl ConnectionFilter) -> Self {
        self.plugins.bootstrap.push(Box::new(|bootstrap| bootstrap.connection_filter(filter)));
        self
    }

    /// Reads client addresses from PROXY protocol headers, before TLS and all other steps. Default: `None`; a connection
    /// that begins with a header is closed. Java accepts a header on each connection, from any peer.
    pub fn proxy_protocol(mut self, proxy_protocol: impl Into<Option<ProxyProtocol>>) -> Self {
        self.proxy_protocol = proxy_protocol.into();
        self
    }

    /// Enables TLS in the [mode](remoting_transport::tls::TlsMode) of `tls`. If `tls` watches its files, the server runs the
    /// watcher. Default: plaintext. Java: `tls.server.mode`.
    #[cfg(feature = "tls")]
    pub fn tls(mut self, tls: remoting_transport::tls::ServerTls) -> Self {
        self.tls = Some(tls);
        self
    }

    /// Starts the server: binds the address and accepts connections.
    ///
    /// # Errors
    ///
    /// [`ServerError::Address`], [`ServerError::Bind`], [`ServerError::Config`] or [`ServerError::EventLoops`].
    ///
    /// # Cancellation
    ///
    /// Dropping the future closes the listener and starts nothing.
    ///
    /// # Panics
    ///
    /// Panics outside a tokio runtime with I/O and time enabled.
    pub async fn start(self) -> Result<RemotingServer, ServerError> {
        self.config.validate()?;
        let bind = self.bind.unwrap_or_else(|| parse("0.0.0.0:0").map(Bind::Address))?;
        let (config, mut plugins) = (self.config, self.plugins);
        let network = plugins.network();
        #[cfg(feature = "tls")]
        let tls_watch = match &self.tls {
            Some(tls) if tls.watches_files() => Some(tls.watch().map_err(ConfigError::Tls)?),
            _ => None,
        };

        let event_loops = match self.event_loops {
            Some(event_loops) => Some(event_loops.start().await?),
            None => None,
        };
        let runtime = Handle::current();
        let home = if event_loops.is_some() { Home::EventLoops(runtime) } else { Home::Runtime(runtime) };

        let serialize_type = config.forced_serialize_type();
        let endpoint = Endpoint::new(config.endpoint.limits, serialize_type, home.clone());
        #[cfg(feature = "tower")]
        let endpoint = endpoint.with_layers(std::mem::take(&mut plugins.layers));
        let endpoint = Arc::new(endpoint);
        if let Some(registration) = self.default_processor {
            endpoint.processors.register_default(registration);
        }
        if let Some(pipeline) = self.pipeline {
            endpoint.processors.set_pipeline(pipeline);
        }

        for hook in self.call_hooks {
            endpoint.state.hooks.register(hook);
        }

        let traffic = TrafficDistribution::default();
        let events = plugins.start_events(config.endpoint.event_queue);
        let handlers = own_handlers(&config, &traffic, events.as_ref().map(EventTask::sender));
        let bootstrap = Bootstrap::new(config.endpoint.channel.clone()).initializer(handlers);
        let bootstrap = match self.proxy_protocol {
            Some(proxy_protocol) => bootstrap.prologue_step(proxy_protocol),
            None => bootstrap,
        };
        // After a PROXY header and before all other steps.
        #[cfg(feature = "tls")]
        let bootstrap = match &self.tls {
            Some(tls) => bootstrap.prologue_step(tls.step()),
            None => bootstrap,
        };
        let bootstrap = match config.endpoint.limits.withhold_errors {
            true => bootstrap.prologue_step(WithholdErrors),
            false => bootstrap,
        };
        let bootstrap = plugins.plug_into(&endpoint, bootstrap);

        let opened = Port::open(bind, &*network, endpoint, bootstrap.clone(), &config, event_loops.as_ref());
        let main = Arc::new(opened.await?);
        if let Some(events) = &events {
            events.await_source(main.connections_ended());
        }
        let shared = Arc::new(Shared {
            config,
            bootstrap,
            network,
            event_loops,
            home,
            traffic,
            events,
            main,
            others: Mutex::default(),
            ended: tokio::sync::OnceCell::new(),
            #[cfg(feature = "tls")]
            tls_watch: Mutex::new(tls_watch),
        });
        Ok(RemotingServer { shared })
    }
}

plugin_setters!(RemotingServerBuilder);

impl fmt::Debug for RemotingServerBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RemotingServerBuilder")
            .field("bind", &self.bind)
            .field("config", &self.config)
            .field("plugins", &self.plugins)
            .finish_non_exhaustive()
    }
}

/// The handlers of Java's server pipeline, in Java's order.
fn own_handlers(
    config: &ServerConfig,
    traffic: &TrafficDistribution,
    events: Option<&EventSender>,
) -> impl ChannelInitializer {
    let (config, traffic, events) = (config.clone(), traffic.clone(), events.cloned());
    move |_: &Channel, pipeline: &mut ChannelPipeline| {
        pipeline.add_last("trafficDistribution", TrafficDistributionHandler::new(traffic.clone()))?;
        pipeline.add_last("idleState", config.endpoint.idle_handler())?;
        if let Some(events) = &events {
            pipeline.add_last("connectionEvents", ConnectionEventsHandler::accepted(events.clone()))?;
        }
        Ok(())
    }
}

pub(super) fn parse<A>(address: A) -> Result<Address, ServerError>
where
    A: TryInto<Address, Error: std::error::Error + Send + Sync + 'static>,
{
    address.try_into().map_err(|error| ServerError::Address { cause: Arc::new(error) })
}
