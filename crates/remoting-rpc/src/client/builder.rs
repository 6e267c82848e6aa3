//! How a client is made.

use std::fmt;
use std::sync::Arc;

use parking_lot::Mutex;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use super::config::ClientConfig;
use super::connections::ConnectionTable;
use super::drain::Draining;
use super::name_server::NameServerList;
use super::shared::Shared;
use super::{Handle, RemotingClient, events, probe};
use crate::config::ConfigError;
use crate::endpoint::{Endpoint, TaskScope};
use crate::executor::Executor;
use crate::hook::RpcHook;
use crate::processor::{Registration, RequestProcessor};
use crate::transport::protocol::RequestCode;
use crate::transport::{
    Bootstrap, Channel, ChannelEventListener, ChannelInitializer, ChannelPipeline, ConnectionEventsHandler,
    EventSender, PipelineError, PrologueStep, SendProxyHeader, channel_events,
};

/// Makes a [`RemotingClient`]: everything that may be set before its first connection.
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
#[derive(Default)]
pub struct RemotingClientBuilder {
    config: ClientConfig,
    processors: Vec<(RequestCode, Registration)>,
    hooks: Vec<Arc<dyn RpcHook>>,
    listener: Option<Box<dyn ChannelEventListener>>,
    proxy_header: Option<SendProxyHeader>,
    #[cfg(feature = "tls")]
    tls: Option<crate::transport::tls::ClientTls>,
    extensions: Vec<Box<dyn FnOnce(Bootstrap) -> Bootstrap + Send>>,
}

impl RemotingClientBuilder {
    /// The settings. Default: [`ClientConfig::new`].
    pub fn config(mut self, config: ClientConfig) -> Self {
        self.config = config;
        self
    }

    /// Lets `processor` answer the requests with this code that servers send over the client's connections (Java:
    /// `NettyRemotingClient.registerProcessor`). A request with any other code is answered
    /// `REQUEST_CODE_NOT_SUPPORTED` (3): a client has no default processor.
    pub fn processor(
        mut self,
        code: RequestCode,
        executor: Executor,
        processor: impl RequestProcessor,
    ) -> Self {
        self.processors.push((code, Registration::new(executor, processor)));
        self
    }

    /// Adds a hook, behind those there are (Java: `registerRPCHook`).
    pub fn hook(mut self, hook: impl RpcHook) -> Self {
        self.hooks.push(Arc::new(hook));
        self
    }

    /// Sets who is told about connections: CONNECT and ACTIVE when one is ready, IDLE, EXCEPTION, CLOSE. One task
    /// delivers them in order (Java: `ChannelEventListener`).
    pub fn on_event(mut self, listener: impl ChannelEventListener) -> Self {
        self.listener = Some(Box::new(listener));
        self
    }

    /// Adds handlers of your own to each channel's pipeline. They find `idle` in it, the idle detection, and with a
    /// listener `events` behind it.
    pub fn handlers(mut self, initializer: impl ChannelInitializer) -> Self {
        self.extensions.push(Box::new(|bootstrap| bootstrap.initializer(initializer)));
        self
    }

    /// Begins every connection with a PROXY protocol header, before TLS and all other steps: for servers that require
    /// one. Java's client cannot.
    pub fn proxy_header(mut self, header: SendProxyHeader) -> Self {
        self.proxy_header = Some(header);
        self
    }

    /// Uses TLS on every connection; none ever speaks plaintext. Its files are watched for as long as the client
    /// lives, if that was asked for. Java: `useTLS`.
    #[cfg(feature = "tls")]
    pub fn tls(mut self, tls: crate::transport::tls::ClientTls) -> Self {
        self.tls = Some(tls);
        self
    }

    /// Adds a step that each connection takes before its first frame, behind TLS, within the connect time-out.
    pub fn prologue_step(mut self, step: impl PrologueStep) -> Self {
        self.extensions.push(Box::new(|bootstrap| bootstrap.prologue_step(step)));
        self
    }

    /// Makes the client. It connects when it is first called.
    ///
    /// # Errors
    ///
    /// When a setting is absurd, see [`ClientConfig::validate`].
    ///
    /// # Panics
    ///
    /// Outside a tokio runtime.
    pub fn build(self) -> Result<RemotingClient, ConfigError> {
        #[cfg(feature = "tls")]
        let tls = self.tls;
        let Self { config, processors, hooks, listener, proxy_header, extensions, .. } = self;
        config.validate()?;
        let bootstrap = Bootstrap::new(config.channel_options());
        let bootstrap = match proxy_header {
            Some(header) => bootstrap.prologue_step(header),
            None => bootstrap,
        };
        #[cfg(feature = "tls")]
        let (bootstrap, tls_watch) = match &tls {
            Some(tls) if tls.watches_files() => {
                (bootstrap.prologue_step(tls.step()), Some(tls.watch().map_err(ConfigError::tls)?))
            }
            Some(tls) => (bootstrap.prologue_step(tls.step()), None),
            None => (bootstrap, None),
        };
        let endpoint = Endpoint::new(config.limits(), None);
        for (code, registration) in processors {
            endpoint.processors.register(code, registration);
        }
        for hook in hooks {
            endpoint.hooks.register(hook);
        }
        let (events, events_over) = (TaskScope::default(), CancellationToken::new());
        let sender = listener.map(|listener| {
            let (sender, receiver) = channel_events(config.event_queue);
            events.spawn(events::deliver(receiver, listener, events_over.clone(), endpoint.tasks.clone()));
            sender
        });
        let standard = StandardHandlers { config: config.clone(), events: sender.clone() };
        let bootstrap =
            extensions.into_iter().fold(bootstrap.initializer(standard), |bootstrap, add| add(bootstrap));
        let shared = Arc::new(Shared {
            connect: config.connect_options(),
            bootstrap,
            endpoint: Arc::new(endpoint),
            connections: Arc::new(ConnectionTable::new()),
            draining: Draining::default(),
            name_servers: Mutex::new(NameServerList::default()),
            name_servers_changed: Notify::new(),
            callbacks: TaskScope::default(),
            events,
            event_queue: sender,
            events_over,
            #[cfg(feature = "tls")]
            tls_watch: Mutex::new(tls_watch),
            config,
        });
        if shared.config.scan_available_name_servers {
            shared.endpoint.tasks.spawn(probe::probe(Arc::clone(&shared)));
        }
        Ok(RemotingClient { handle: Arc::new(Handle { shared }) })
    }
}

impl fmt::Debug for RemotingClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RemotingClientBuilder").field("config", &self.config).finish_non_exhaustive()
    }
}

/// The handlers of every channel of a client, as in `NettyRemotingClient`'s pipeline.
struct StandardHandlers {
    config: ClientConfig,
    events: Option<EventSender>,
}

impl ChannelInitializer for StandardHandlers {
    fn init_channel(&self, _channel: &Channel, pipeline: &mut ChannelPipeline) -> Result<(), PipelineError> {
        pipeline.add_last("idle", self.config.idle_handler())?;
        if let Some(events) = &self.events {
            pipeline.add_last("events", ConnectionEventsHandler::dialled(events.clone()))?;
        }
        Ok(())
    }
}
