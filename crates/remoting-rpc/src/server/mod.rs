//! The server (Java: `NettyRemotingServer`).

mod builder;
mod config;
mod error;
mod event_loops;
mod port;
mod statistics;
mod sub_server;
mod sub_server_builder;
mod withhold_errors;

use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use remoting_transport::protocol::RequestCode;
use remoting_transport::{
    Address, Bootstrap, BoundListener, EventLoopGroup, ListenerStatistics, Network, TrafficDistribution,
};
use tokio::sync::OnceCell;
use tokio::time::timeout;

pub use self::builder::RemotingServerBuilder;
pub use self::config::ServerConfig;
pub use self::error::ServerError;
pub use self::event_loops::EventLoops;
pub use self::port::ShutdownReport;
use self::port::{ABORT_TIMEOUT, Port};
pub use self::statistics::ServerStatistics;
pub use self::sub_server::SubServer;
pub use self::sub_server_builder::SubServerBuilder;
pub use self::withhold_errors::ERRORS_WITHHELD;
use crate::channel::RpcChannel;
use crate::endpoint::{Endpoint, EventTask};
use crate::error::Cause;
use crate::executor::Executor;
use crate::hook::RpcHook;
use crate::processor::{ProcessorSet, Registration, RequestPipeline, RequestProcessor};
use crate::tasks::Home;

/// A server: it processes requests and can call its connected clients. Java: `NettyRemotingServer`.
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
/// Dropping the server without [`shutdown`](Self::shutdown) aborts it: the listener closes, channels are cut, and
/// requests are dropped at their next await. No task outlives the server.
#[derive(Debug)]
pub struct RemotingServer {
    shared: Arc<Shared>,
}

/// The time limit for the event listener to handle the last events of a shutdown.
const EVENTS_TIMEOUT: Duration = Duration::from_secs(5);

/// The state that all ports of a server share.
#[derive(Debug)]
struct Shared {
    config: ServerConfig,
    bootstrap: Bootstrap,
    network: Arc<dyn Network>,
    event_loops: Option<EventLoopGroup>,
    /// Where the tasks of all ports run.
    home: Home,
    traffic: TrafficDistribution,
    events: Option<EventTask>,
    main: Arc<Port>,
    others: Mutex<OtherPorts>,
    /// The report of the completed shutdown.
    ended: OnceCell<ShutdownReport>,
    /// Reloads changed certificates.
    #[cfg(feature = "tls")]
    tls_watch: Mutex<Option<remoting_transport::tls::TlsWatch>>,
}

/// The ports added after the start.
#[derive(Debug, Default)]
struct OtherPorts {
    ports: Vec<Arc<Port>>,
    /// Set when the shutdown begins. No port is added after that.
    closed: bool,
}

impl RemotingServer {
    /// Returns a builder.
    pub fn builder() -> RemotingServerBuilder {
        RemotingServerBuilder::default()
    }

    /// Returns the address of the listener. If port 0 was requested, it contains the port that the system chose.
    #[must_use]
    pub fn local_addr(&self) -> &Address {
        self.shared.main.local_addr()
    }

    /// Returns the channels of the connected clients, in order of connection.
    #[must_use]
    pub fn channels(&self) -> Vec<RpcChannel> {
        self.endpoint().channels.list()
    }

    /// Returns a snapshot of the server's gauges and counters. Each sub-server has its own.
    #[must_use]
    pub fn statistics(&self) -> ServerStatistics {
        ServerStatistics::of(&self.shared.main, self.shared.events.as_ref())
    }

    /// Returns the counters of the listener: accepted, refused and failed connections.
    #[must_use]
    pub fn listener_statistics(&self) -> &ListenerStatistics {
        &self.shared.main.statistics
    }

    /// Returns the error that stopped the listener, or `None` while it listens and after a shutdown. The failure is also
    /// logged at ERROR. Open connections continue.
    #[must_use]
    pub fn listener_failure(&self) -> Option<Cause> {
        self.shared.main.accepting.failure()
    }

    /// Returns the number of received and sent commands by code, over all ports. Java:
    /// `RemotingCodeDistributionHandler`.
    #[must_use]
    pub fn traffic(&self) -> &TrafficDistribution {
        &self.shared.traffic
    }

    /// Registers `processor` for requests of `code`, run by `executor`. It replaces an earlier processor; requests in
    /// flight keep theirs. Java: `registerProcessor`.
    pub fn register_processor(
        &self,
        code: RequestCode,
        executor: Executor,
        processor: impl RequestProcessor,
    ) {
        self.register_processors(ProcessorSet::new().on(code, executor, processor));
    }

    /// Registers all processors of `set`, as [`register_processor`](Self::register_processor) does.
    pub fn register_processors<S>(&self, set: ProcessorSet<S>) {
        self.endpoint().processors.register(set);
    }

    /// Registers the processor for all codes without their own. Java: `registerDefaultProcessor`.
    pub fn register_default_processor(&self, executor: Executor, processor: impl RequestProcessor) {
        self.endpoint().processors.register_default(Registration::new(executor, processor));
    }

    /// Appends a hook around the requests that this server processes. Hooks run in registration order. Java:
    /// `registerRPCHook`.
    pub fn register_hook(&self, hook: impl RpcHook) {
        self.endpoint().register_hook(Arc::new(hook));
    }

    /// Appends a hook around the calls that this server makes to clients. Java's server runs no hooks there.
    pub fn register_call_hook(&self, hook: impl RpcHook) {
        self.endpoint().state.hooks.register(Arc::new(hook));
    }

    /// Removes all hooks, including those around calls. Java: `clearRPCHook`.
    pub fn clear_hooks(&self) {
        self.endpoint().clear_hooks();
    }

    /// Replaces the request pipeline. Java: `setRequestPipeline`.
    pub fn set_request_pipeline(&self, pipeline: impl RequestPipeline) {
        self.endpoint().processors.set_pipeline(Arc::new(pipeline));
    }

    /// Returns a builder of a sub-server, which listens on a further address. The sub-server has its own processors, hooks,
    /// request pipeline and permits, and shares options, handlers, event listeners and traffic counters with this server.
    /// Java: `newRemotingServer(port)`.
    ///
    /// ```
    /// use remoting_rpc::transport::protocol::{RemotingCommand, RequestCode, ResponseCode};
    /// use remoting_rpc::{Executor, RemotingServer};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let server = RemotingServer::builder().bind("127.0.0.1:0").start().await?;
    /// let admin = server
    ///     .sub_server_builder()
    ///     .bind("127.0.0.1:0")
    ///     .processor(RequestCode(20_001), Executor::inline(), |_ctx, request: RemotingCommand| async move {
    ///         Ok(RemotingCommand::response_to(&request, ResponseCode::SUCCESS))
    ///     })
    ///     .start()
    ///     .await?;
    /// println!("administrators connect to {}", admin.local_addr());
    /// # server.shutdown().await;
    /// # Ok(())
    /// # }
    /// ```
    pub fn sub_server_builder(&self) -> SubServerBuilder<'_> {
        SubServerBuilder::new(self)
    }

    /// Listens on a further address, with a sub-server that has no processors yet. Until they are registered, requests are
    /// answered with `REQUEST_CODE_NOT_SUPPORTED`; [`sub_server_builder`](Self::sub_server_builder) registers them first.
    ///
    /// # Errors
    ///
    /// [`ServerError::AlreadyListening`], [`ServerError::Bind`], [`ServerError::Address`], or
    /// [`ServerError::ShutDown`].
    ///
    /// # Cancellation
    ///
    /// Dropping the future closes the new listener.
    pub async fn bind_also<A>(&self, address: A) -> Result<SubServer, ServerError>
    where
        A: TryInto<Address, Error: std::error::Error + Send + Sync + 'static>,
    {
        self.sub_server_builder().bind(address).start().await
    }

    /// Listens on a further socket that is already bound; otherwise like [`bind_also`](Self::bind_also).
    ///
    /// # Errors
    ///
    /// [`ServerError::Bind`] or [`ServerError::ShutDown`].
    ///
    /// # Cancellation
    ///
    /// Dropping the future closes the socket.
    pub async fn add_listener(&self, listener: impl Into<BoundListener>) -> Result<SubServer, ServerError> {
        self.sub_server_builder().listener(listener).start().await
    }

    /// Returns the sub-server that listens on `address`.
    #[must_use]
    pub fn sub_server(&self, address: &Address) -> Option<SubServer> {
        let others = self.shared.others.lock();
        let port = others.ports.iter().find(|port| port.local_addr() == address)?;
        Some(SubServer::new(Arc::clone(port), self.shared.config.clone()))
    }

    /// Removes the sub-server at `address` and shuts it down like [`shutdown`](Self::shutdown). Returns `None` if there is
    /// no such sub-server. Java: `removeRemotingServer`, which leaves the connections open.
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

    /// Shuts down the server and its sub-servers. The shutdown closes the listeners, answers requests with `GO_AWAY` if the
    /// client understands it, waits up to [`shutdown_timeout`](ServerConfig::shutdown_timeout) for the requests in
    /// flight, including those held by a [`Responder`](crate::Responder), writes their responses, closes the channels, and
    /// joins every task and thread. Calls to clients fail, and their callbacks run. Further calls of this method wait for the
    /// same shutdown and return the same report.
    ///
    /// With [`shutdown_gracefully`](ServerConfig::shutdown_gracefully), the default, channels first stay open until all
    /// clients have disconnected, for at most [`shutdown_wait`](ServerConfig::shutdown_wait). A client that understands
    /// `GO_AWAY` and sends a request in this time loses no call: it moves to another server and closes its connection. A
    /// client that sends a request while its connection is being closed cannot know whether the server has received it.
    ///
    /// A connection that a prologue step has claimed for another protocol receives its
    /// [closing signal](remoting_transport::ClosingSignal) as soon as the listener closes. The shutdown waits for it as
    /// long as for requests, and at least as long as for a channel that is being closed (4 s). Then it cuts it.
    ///
    /// With [event loops](RemotingServerBuilder::event_loops) the shutdown then ends the loops, and drops the tasks that
    /// processors have spawned on them.
    ///
    /// # Cancellation
    ///
    /// Dropping the future does not stop the shutdown. Another call of this method waits for its end. Dropping the server
    /// aborts it.
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
            tracing::warn!("the event listener blocks its thread and outlives the server");
        }
        if let Some(event_loops) = &self.shared.event_loops {
            event_loops.abort();
            if timeout(ABORT_TIMEOUT, event_loops.ended()).await.is_err() {
                tracing::warn!("a processor blocks its event loop, which outlives the server");
            }
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
        if let Some(event_loops) = &self.shared.event_loops {
            event_loops.abort();
        }
    }
}

/// Aborts a removed port if its shutdown is dropped.
struct AbortOnDrop<'a>(&'a Port);

impl Drop for AbortOnDrop<'_> {
    fn drop(&mut self) {
        self.0.abort();
    }
}
