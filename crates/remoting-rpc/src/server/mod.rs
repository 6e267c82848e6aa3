//! The server (Java: `NettyRemotingServer`).

mod builder;
mod config;
mod error;
mod port;
mod statistics;
mod sub_server;

use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use remoting_transport::protocol::RequestCode;
use remoting_transport::{
    Address, Bootstrap, BoundListener, ListenerStatistics, Network, TrafficDistribution,
};
use tokio::sync::OnceCell;
use tokio::time::timeout;

pub use self::builder::RemotingServerBuilder;
pub use self::config::ServerConfig;
pub use self::error::ServerError;
pub use self::port::ShutdownReport;
use self::port::{Bind, Port};
pub use self::statistics::ServerStatistics;
pub use self::sub_server::SubServer;
use crate::channel::RpcChannel;
use crate::endpoint::{Endpoint, EventTask};
use crate::error::Cause;
use crate::executor::Executor;
use crate::hook::RpcHook;
use crate::processor::{ProcessorSet, Registration, RequestPipeline, RequestProcessor};

/// Answers requests, and calls the clients that are connected. Java: `NettyRemotingServer`.
///
/// ```
/// use std::time::Duration;
/// use remoting_rpc::transport::protocol::{RemotingCommand, RequestCode, ResponseCode};
/// use remoting_rpc::{Executor, RemotingServer};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let server = RemotingServer::builder()
///     .bind("127.0.0.1:0")
///     .processor(RequestCode(20_001), Executor::inline(), |_ctx, request: RemotingCommand| async move {
///         let response = RemotingCommand::response_to(&request, ResponseCode::SUCCESS);
///         Ok(response.with_body(request.into_body()))
///     })
///     .start()
///     .await?;
/// println!("listening on {}", server.local_addr());
/// assert!(server.shutdown().await.is_clean());
/// # Ok(())
/// # }
/// ```
///
/// A server that is dropped without [`shutdown`](Self::shutdown) aborts: its listener closes, its channels are
/// cut, and its requests are dropped at their next await. No task outlives it.
#[derive(Debug)]
pub struct RemotingServer {
    shared: Arc<Shared>,
}

/// How long the event listener may take for the last events of a shutdown.
const EVENTS_TIMEOUT: Duration = Duration::from_secs(5);

/// What a server's ports have in common.
#[derive(Debug)]
struct Shared {
    config: ServerConfig,
    bootstrap: Bootstrap,
    network: Arc<dyn Network>,
    traffic: TrafficDistribution,
    events: Option<EventTask>,
    main: Arc<Port>,
    others: Mutex<OtherPorts>,
    /// What the shutdown found, once it is over.
    ended: OnceCell<ShutdownReport>,
    /// Reloads certificates that change.
    #[cfg(feature = "tls")]
    tls_watch: Mutex<Option<remoting_transport::tls::TlsWatch>>,
}

/// The ports added after the start.
#[derive(Debug, Default)]
struct OtherPorts {
    ports: Vec<Arc<Port>>,
    /// The server is being, or has been, shut down: none is added any more.
    closed: bool,
}

impl RemotingServer {
    /// Returns a builder.
    pub fn builder() -> RemotingServerBuilder {
        RemotingServerBuilder::default()
    }

    /// Where it listens, with the port that the system chose if port 0 was asked for.
    #[must_use]
    pub fn local_addr(&self) -> &Address {
        self.shared.main.local_addr()
    }

    /// The settings it was started with.
    #[must_use]
    pub fn config(&self) -> &ServerConfig {
        &self.shared.config
    }

    /// The clients that are connected now, in the order in which they came.
    #[must_use]
    pub fn channels(&self) -> Vec<RpcChannel> {
        self.endpoint().channels.list()
    }

    /// Returns what the server holds at this moment, and what became of its requests. Sub-servers count for themselves.
    #[must_use]
    pub fn statistics(&self) -> ServerStatistics {
        ServerStatistics::of(&self.shared.main, self.shared.events.as_ref())
    }

    /// Counters of the listener: connections accepted, refused, failed.
    #[must_use]
    pub fn listener_statistics(&self) -> &ListenerStatistics {
        &self.shared.main.statistics
    }

    /// Why connections are not accepted any more, if the listener has failed. It is logged at ERROR when it does; the
    /// connections there are go on. `None` while it listens, and after a shutdown.
    #[must_use]
    pub fn listener_failure(&self) -> Option<Cause> {
        self.shared.main.accepting.failure()
    }

    /// How many commands of each code have gone in and out, over all ports. Java:
    /// `RemotingCodeDistributionHandler`.
    #[must_use]
    pub fn traffic(&self) -> &TrafficDistribution {
        &self.shared.traffic
    }

    /// Answers requests of `code` with `processor`, run by `executor`, in place of what did so before. Requests
    /// under way are not touched. Java: `registerProcessor`.
    pub fn register_processor(
        &self,
        code: RequestCode,
        executor: Executor,
        processor: impl RequestProcessor,
    ) {
        self.register_processors(ProcessorSet::new().on(code, executor, processor));
    }

    /// Registers the processors of `set`, as [`register_processor`](Self::register_processor) does each.
    pub fn register_processors(&self, set: ProcessorSet) {
        self.endpoint().processors.register(set);
    }

    /// Answers requests of all codes that have no processor of their own. Java: `registerDefaultProcessor`.
    pub fn register_default_processor(&self, executor: Executor, processor: impl RequestProcessor) {
        self.endpoint().processors.register_default(Registration::new(executor, processor));
    }

    /// Adds a hook around the requests that this server processes, behind those there are. Java: `registerRPCHook`.
    pub fn register_hook(&self, hook: impl RpcHook) {
        self.endpoint().register_hook(Arc::new(hook));
    }

    /// Adds a hook around the calls that this server makes, behind those there are. Java's server runs no hooks there.
    pub fn register_call_hook(&self, hook: impl RpcHook) {
        self.endpoint().state.hooks.register(Arc::new(hook));
    }

    /// Removes all hooks, those around calls included. Java: `clearRPCHook`.
    pub fn clear_hooks(&self) {
        self.endpoint().clear_hooks();
    }

    /// Replaces the request pipeline. Java: `setRequestPipeline`.
    pub fn set_request_pipeline(&self, pipeline: impl RequestPipeline) {
        self.endpoint().processors.set_pipeline(Arc::new(pipeline));
    }

    /// Listens on one more address, for which processors, hooks and permits are registered separately. Options,
    /// handlers, event listener and traffic counters are shared with this server. Java: `newRemotingServer(port)`.
    ///
    /// # Errors
    ///
    /// [`ServerError::AlreadyListening`], [`ServerError::Bind`], [`ServerError::Address`], or
    /// [`ServerError::ShutDown`].
    ///
    /// # Cancellation
    ///
    /// Dropping the future leaves nothing behind.
    pub async fn bind_also<A>(&self, address: A) -> Result<SubServer, ServerError>
    where
        A: TryInto<Address, Error: std::error::Error + Send + Sync + 'static>,
    {
        let address = builder::parse(address)?;
        if self.ports().iter().any(|port| port.local_addr() == &address) {
            return Err(ServerError::AlreadyListening { addr: address });
        }
        self.open_port(Bind::Address(address)).await
    }

    /// Listens also on a socket that is bound already, as [`bind_also`](Self::bind_also) does on an address.
    ///
    /// # Errors
    ///
    /// [`ServerError::Bind`] or [`ServerError::ShutDown`].
    ///
    /// # Cancellation
    ///
    /// Dropping the future closes the socket.
    pub async fn add_listener(&self, listener: impl Into<BoundListener>) -> Result<SubServer, ServerError> {
        self.open_port(Bind::Listener(listener.into())).await
    }

    async fn open_port(&self, bind: Bind) -> Result<SubServer, ServerError> {
        let Shared { config, bootstrap, network, events, others, .. } = &*self.shared;
        let endpoint = Arc::new(Endpoint::new(config.endpoint.limits, config.forced_serialize_type()));
        let port = Arc::new(Port::open(bind, &**network, endpoint, bootstrap.clone(), config).await?);
        if let Some(events) = events {
            events.await_source(port.connections_ended());
        }
        {
            let mut others = others.lock();
            if others.closed {
                return Err(ServerError::ShutDown);
            }
            others.ports.push(Arc::clone(&port));
        }
        Ok(SubServer::new(port, config.clone()))
    }

    /// The sub-server at an address, if there is one.
    #[must_use]
    pub fn sub_server(&self, address: &Address) -> Option<SubServer> {
        let others = self.shared.others.lock();
        let port = others.ports.iter().find(|port| port.local_addr() == address)?;
        Some(SubServer::new(Arc::clone(port), self.shared.config.clone()))
    }

    /// Shuts a sub-server down as [`shutdown`](Self::shutdown) does; `None` if there is none at this address.
    /// Java: `removeRemotingServer`, which leaves the port's connections open.
    ///
    /// # Cancellation
    ///
    /// Dropping the future aborts the sub-server.
    pub async fn remove_sub_server(&self, address: &Address) -> Option<ShutdownReport> {
        let port = {
            let mut others = self.shared.others.lock();
            let at = others.ports.iter().position(|port| port.local_addr() == address)?;
            others.ports.swap_remove(at)
        };
        let _aborted_if_dropped = AbortOnDrop(&port);
        Some(port.shut_down(&self.shared.config).await)
    }

    /// Ends the server, all sub-servers with it: closes the listeners, answers `GO_AWAY` to clients that understand it, lets
    /// the requests in flight finish within [`shutdown_timeout`](ServerConfig::shutdown_timeout), those that a
    /// [`Responder`](crate::Responder) answers included, writes their responses, closes the channels and joins every task
    /// and thread. Calls of this side that are in flight fail, and their callbacks are called. A second call waits for
    /// the same end and returns the same report.
    ///
    /// Unless [`shutdown_gracefully`](ServerConfig::shutdown_gracefully) is off, the channels first stay open until all
    /// clients have left, for at most [`shutdown_wait`](ServerConfig::shutdown_wait). A client that understands `GO_AWAY`
    /// and sends a request within that time loses no call: it moves, and closes its connection itself. A client that
    /// sends its next request while its connection is being closed cannot know whether the server has seen it.
    ///
    /// A connection that a prologue step has claimed for another protocol receives its
    /// [closing signal](remoting_transport::ClosingSignal) as soon as the listener closes. The shutdown waits for it as
    /// for a channel, and cuts it afterwards.
    ///
    /// # Cancellation
    ///
    /// Dropping the future does not stop the shutdown, which is begun once and goes on: another call, under way or to
    /// come, waits for its end. Dropping the server aborts it.
    pub async fn shutdown(&self) -> ShutdownReport {
        *self.shared.ended.get_or_init(|| self.shut_down()).await
    }

    async fn shut_down(&self) -> ShutdownReport {
        self.shared.others.lock().closed = true;
        #[cfg(feature = "tls")]
        drop(self.shared.tls_watch.lock().take());
        let (ports, config) = (self.ports(), &self.shared.config);
        for port in &ports {
            port.begin_shutdown(config);
        }
        let mut report = ShutdownReport::default();
        for port in &ports {
            report = report.and(port.shut_down(config).await);
        }
        if let Some(events) = &self.shared.events
            && timeout(EVENTS_TIMEOUT, events.end()).await.is_err()
        {
            tracing::warn!("the event listener blocks its thread and does not end with the server");
        }
        report
    }

    fn endpoint(&self) -> &Endpoint {
        &self.shared.main.endpoint
    }

    fn ports(&self) -> Vec<Arc<Port>> {
        let others = self.shared.others.lock();
        others.ports.iter().chain([&self.shared.main]).map(Arc::clone).collect()
    }
}

impl Drop for RemotingServer {
    fn drop(&mut self) {
        for port in self.ports() {
            port.abort();
        }
        if let Some(events) = &self.shared.events {
            events.end_soon();
        }
    }
}

/// Aborts a port that nobody holds any more but whoever has a handle to it.
struct AbortOnDrop<'a>(&'a Port);

impl Drop for AbortOnDrop<'_> {
    fn drop(&mut self) {
        self.0.abort();
    }
}
