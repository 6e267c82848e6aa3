use std::fmt;
use std::sync::Arc;

use parking_lot::Mutex;
use remoting_transport::protocol::RequestCode;
use remoting_transport::{
    Address, Bootstrap, Channel, ChannelEventListener, ChannelInitializer, ChannelPipeline,
    ConnectionEventsHandler, ConnectionFilter, EventSender, PrologueStep, ProxyProtocol, TrafficDistribution,
    TrafficDistributionHandler,
};

use super::config::ServerConfig;
use super::error::ServerError;
use super::events::EventTask;
use super::port::Port;
use super::{RemotingServer, Shared};
#[cfg(feature = "tls")]
use crate::config::ConfigError;
use crate::endpoint::Endpoint;
use crate::executor::Executor;
use crate::hook::RpcHook;
use crate::processor::{Registration, RequestProcessor};
use crate::request_pipeline::RequestPipeline;

type BootstrapChange = Box<dyn FnOnce(Bootstrap) -> Bootstrap + Send>;

/// Tells a [`RemotingServer`] what to do, and starts it.
#[derive(Default)]
pub struct RemotingServerBuilder {
    address: Option<Result<Address, ServerError>>,
    config: ServerConfig,
    processors: Vec<(RequestCode, Registration)>,
    default_processor: Option<Registration>,
    hooks: Vec<Arc<dyn RpcHook>>,
    pipeline: Option<Arc<dyn RequestPipeline>>,
    listener: Option<Box<dyn ChannelEventListener>>,
    proxy_protocol: Option<ProxyProtocol>,
    #[cfg(feature = "tls")]
    tls: Option<remoting_transport::tls::ServerTls>,
    changes: Vec<BootstrapChange>,
}

impl RemotingServerBuilder {
    /// Where to listen: anything that is an [`Address`], or a text that reads as one. An address that is none
    /// is told by [`start`](Self::start). Default: `0.0.0.0:0`, as Java's `bindAddress` and `listenPort`.
    #[must_use]
    pub fn bind<A>(mut self, address: A) -> Self
    where
        A: TryInto<Address, Error: std::error::Error + Send + Sync + 'static>,
    {
        self.address = Some(parse(address));
        self
    }

    /// The settings. Default: [`ServerConfig::new`].
    #[must_use]
    pub fn config(mut self, config: ServerConfig) -> Self {
        self.config = config;
        self
    }

    /// Answers requests of `code` with `processor`, run by `executor`. Java: `registerProcessor`.
    #[must_use]
    pub fn processor(
        mut self,
        code: RequestCode,
        executor: Executor,
        processor: impl RequestProcessor,
    ) -> Self {
        self.processors.push((code, Registration::new(executor, processor)));
        self
    }

    /// Answers requests of all codes that have no processor of their own. Without it they are answered with
    /// `REQUEST_CODE_NOT_SUPPORTED`. Java: `registerDefaultProcessor`.
    #[must_use]
    pub fn default_processor(mut self, executor: Executor, processor: impl RequestProcessor) -> Self {
        self.default_processor = Some(Registration::new(executor, processor));
        self
    }

    /// Adds a hook behind those there are. Java: `registerRPCHook`.
    #[must_use]
    pub fn hook(mut self, hook: impl RpcHook) -> Self {
        self.hooks.push(Arc::new(hook));
        self
    }

    /// Sets the request pipeline. Java: `setRequestPipeline`.
    #[must_use]
    pub fn request_pipeline(mut self, pipeline: impl RequestPipeline) -> Self {
        self.pipeline = Some(Arc::new(pipeline));
        self
    }

    /// Tells connection events to `listener`, one at a time and in order. Java: `ChannelEventListener`.
    #[must_use]
    pub fn on_event(mut self, listener: impl ChannelEventListener) -> Self {
        self.listener = Some(Box::new(listener));
        self
    }

    /// Adds handlers to the pipeline of each channel. It finds there, in order of distance from the wire,
    /// `trafficDistribution`, `idleState` and, if events are listened to, `connectionEvents`.
    #[must_use]
    pub fn handlers(mut self, initializer: impl ChannelInitializer) -> Self {
        self.changes.push(Box::new(|bootstrap| bootstrap.initializer(initializer)));
        self
    }

    /// Adds a filter that each connection passes as soon as it is accepted, behind those there are.
    #[must_use]
    pub fn connection_filter(mut self, filter: impl ConnectionFilter) -> Self {
        self.changes.push(Box::new(|bootstrap| bootstrap.connection_filter(filter)));
        self
    }

    /// Takes the addresses of clients from PROXY protocol headers, before TLS and all other steps. Default: `None`, a
    /// connection that begins with a header is closed. Java looks for a header on each connection, and believes
    /// anyone.
    #[must_use]
    pub fn proxy_protocol(mut self, proxy_protocol: impl Into<Option<ProxyProtocol>>) -> Self {
        self.proxy_protocol = proxy_protocol.into();
        self
    }

    /// Uses TLS, as the [mode](remoting_transport::tls::TlsMode) that it was made with says. Its files are watched
    /// for as long as the server runs, if that was asked for. Without this, connections are plaintext. Java:
    /// `tls.server.mode`.
    #[cfg(feature = "tls")]
    #[must_use]
    pub fn tls(mut self, tls: remoting_transport::tls::ServerTls) -> Self {
        self.tls = Some(tls);
        self
    }

    /// Adds a step that each connection passes before its first frame, behind those there are and behind TLS.
    #[must_use]
    pub fn prologue_step(mut self, step: impl PrologueStep) -> Self {
        self.changes.push(Box::new(|bootstrap| bootstrap.prologue_step(step)));
        self
    }

    /// Listens.
    ///
    /// # Errors
    ///
    /// [`ServerError::Address`], [`ServerError::Bind`] or [`ServerError::Config`].
    ///
    /// # Cancellation
    ///
    /// Dropping the future leaves nothing behind.
    ///
    /// # Panics
    ///
    /// Outside a tokio runtime with I/O and time enabled.
    pub async fn start(self) -> Result<RemotingServer, ServerError> {
        self.config.validate()?;
        let address = self.address.unwrap_or_else(|| parse("0.0.0.0:0"))?;
        let config = self.config;
        #[cfg(feature = "tls")]
        let tls_watch = match &self.tls {
            Some(tls) if tls.watches_files() => Some(tls.watch().map_err(ConfigError::tls)?),
            _ => None,
        };

        let endpoint = Arc::new(Endpoint::new(config.limits(), config.forced_serialize_type()));
        for (code, registration) in self.processors {
            endpoint.processors.register(code, registration);
        }
        if let Some(registration) = self.default_processor {
            endpoint.processors.register_default(registration);
        }
        for hook in self.hooks {
            endpoint.hooks.register(hook);
        }
        if let Some(pipeline) = self.pipeline {
            endpoint.processors.set_pipeline(pipeline);
        }

        let traffic = TrafficDistribution::default();
        let events = self.listener.map(|listener| EventTask::start(listener, config.event_queue_capacity()));
        let handlers = own_handlers(&config, &traffic, events.as_ref().map(EventTask::sender));
        let bootstrap = Bootstrap::new(config.channel_options()).initializer(handlers);
        let bootstrap = match self.proxy_protocol {
            Some(proxy_protocol) => bootstrap.prologue_step(proxy_protocol),
            None => bootstrap,
        };
        // Behind a PROXY header, before whatever else looks at the first bytes.
        #[cfg(feature = "tls")]
        let bootstrap = match &self.tls {
            Some(tls) => bootstrap.prologue_step(tls.step()),
            None => bootstrap,
        };
        let bootstrap = self.changes.into_iter().fold(bootstrap, |bootstrap, change| change(bootstrap));

        let opened = Port::open(&address, endpoint, bootstrap.clone(), &config).await;
        if let Some(events) = &events {
            match &opened {
                Ok(port) => events.await_connections(&port.connections),
                Err(_) => events.end_soon(),
            }
        }
        let (main, others) = (Arc::new(opened?), Mutex::default());
        let shared = Arc::new(Shared {
            config,
            bootstrap,
            traffic,
            events,
            main,
            others,
            #[cfg(feature = "tls")]
            tls_watch: Mutex::new(tls_watch),
        });
        Ok(RemotingServer { shared })
    }
}

/// The handlers of Java's server pipeline, in its order.
fn own_handlers(
    config: &ServerConfig,
    traffic: &TrafficDistribution,
    events: Option<&EventSender>,
) -> impl ChannelInitializer {
    let (config, traffic, events) = (config.clone(), traffic.clone(), events.cloned());
    move |_: &Channel, pipeline: &mut ChannelPipeline| {
        pipeline.add_last("trafficDistribution", TrafficDistributionHandler::new(traffic.clone()))?;
        pipeline.add_last("idleState", config.idle_handler())?;
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

impl fmt::Debug for RemotingServerBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RemotingServerBuilder")
            .field("address", &self.address)
            .field("config", &self.config)
            .field("processors", &self.processors.iter().map(|(code, _)| code).collect::<Vec<_>>())
            .finish_non_exhaustive()
    }
}
