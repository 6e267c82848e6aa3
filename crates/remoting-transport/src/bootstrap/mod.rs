//! How a connection becomes a channel, on both sides.

mod filter;

use std::{fmt, sync::Arc, time::Duration};

use tokio::time::Instant;

pub use self::filter::ConnectionFilter;
use crate::{
    address::Address,
    channel::{Channel, ChannelOptions},
    connection::Connection,
    connector::{ConnectError, ConnectOptions, connect_on},
    driver::ChannelDriver,
    machine::{ChannelMachine, InboundSink},
    network::{Network, SystemNetwork},
    panic::catch_panic,
    pipeline::{ChannelInitializer, ChannelPipeline, PipelineError},
    prologue::{self, PrologueError, PrologueStep, Verdict},
    stream::Stream,
};

/// The common settings of all channels of a server or client: options, prologue steps, handlers and filters. Equivalent
/// of Netty's `Bootstrap`. Cloning is cheap.
#[derive(Clone)]
pub struct Bootstrap {
    options: Arc<ChannelOptions>,
    network: Arc<dyn Network>,
    prologue: Arc<[Arc<dyn PrologueStep>]>,
    initializers: Arc<[Arc<dyn ChannelInitializer>]>,
    filters: Arc<[Arc<dyn ConnectionFilter>]>,
}

impl Bootstrap {
    /// Creates a bootstrap for channels with these options, without prologue steps and handlers.
    #[must_use]
    pub fn new(options: ChannelOptions) -> Self {
        Self {
            options: Arc::new(options),
            network: Arc::new(SystemNetwork),
            prologue: Arc::default(),
            initializers: Arc::default(),
            filters: Arc::default(),
        }
    }

    /// Sets the network on which [`connect`](Self::connect) dials. Default: [`SystemNetwork`]. The network of a listener is
    /// set by [`Listener::bind_on`](crate::Listener::bind_on).
    #[must_use]
    pub fn network(mut self, network: impl Network) -> Self {
        self.network = Arc::new(network);
        self
    }

    /// Appends a prologue step. Steps run before the first frame, in registration order.
    #[must_use]
    pub fn prologue_step(mut self, step: impl PrologueStep) -> Self {
        self.prologue = self.prologue.iter().cloned().chain([Arc::new(step) as _]).collect();
        self
    }

    /// Appends an initializer. Initializers run in registration order, on the same pipeline.
    #[must_use]
    pub fn initializer(mut self, initializer: impl ChannelInitializer) -> Self {
        self.initializers = self.initializers.iter().cloned().chain([Arc::new(initializer) as _]).collect();
        self
    }

    /// Adds a filter of accepted connections. A connection is admitted if all filters admit it. Dialled connections are not
    /// filtered.
    #[must_use]
    pub fn connection_filter(mut self, filter: impl ConnectionFilter) -> Self {
        self.filters = self.filters.iter().cloned().chain([Arc::new(filter) as _]).collect();
        self
    }

    /// Returns whether all filters admit the connection. An error is the message of a filter's panic.
    pub(crate) fn admits(&self, connection: &Connection) -> Result<bool, String> {
        catch_panic(|| self.filters.iter().all(|filter| filter.admit(&connection.peer, &connection.local)))
    }

    pub(crate) fn has_prologue(&self) -> bool {
        !self.prologue.is_empty()
    }

    /// Runs the prologue on a new connection.
    ///
    /// # Cancel safety
    /// Dropping this future closes the connection.
    ///
    /// # Errors
    /// Returns [`PrologueError`] if a step rejects the connection, fails or exceeds its deadline.
    pub async fn run_prologue(&self, connection: Connection) -> Result<Verdict, PrologueError> {
        prologue::run(&self.prologue, connection).await
    }

    /// Dials an address and runs the prologue on the connection, both within `timeout`. [`connect`](crate::connect())
    /// only dials.
    ///
    /// # Cancel safety
    /// Dropping this future closes the connection.
    ///
    /// # Errors
    /// Returns [`ConnectError`] if the address cannot be resolved or dialled, if a step fails or claims the connection, or
    /// if the time-out expires.
    pub async fn connect(
        &self,
        address: &Address,
        options: &ConnectOptions,
        timeout: Duration,
    ) -> Result<Connection, ConnectError> {
        let started = Instant::now();
        let mut connection = connect_on(&*self.network, address, options, timeout).await?;
        connection.dialled = Some(address.clone());
        let left = timeout.saturating_sub(started.elapsed());
        match tokio::time::timeout(left, self.run_prologue(connection)).await {
            Ok(Ok(Verdict::Continue(connection))) => Ok(connection),
            Ok(Ok(Verdict::Claim(_))) => Err(ConnectError::Claimed { address: address.clone() }),
            Ok(Err(source)) => Err(ConnectError::Prologue { address: address.clone(), source }),
            Err(_elapsed) => Err(ConnectError::Timeout { address: address.clone(), timeout, attempts: None }),
        }
    }

    /// Creates a channel from a connection whose prologue is done.
    ///
    /// # Errors
    /// Returns [`PipelineError`] if an initializer uses a name twice, refers to an unknown name or panics.
    pub fn open(&self, connection: Connection) -> Result<NewChannel, PipelineError> {
        let (channel, stream) = Channel::new(connection, self.options.water_mark);
        let pipeline = ChannelPipeline::build(&channel, self.initializers.iter().map(|each| &**each))?;
        Ok(NewChannel { channel, stream, pipeline, options: Arc::clone(&self.options) })
    }
}

/// A channel that has a pipeline but no sink yet. Created by [`Bootstrap::open`].
#[derive(Debug)]
#[must_use = "a channel does nothing until it is driven"]
pub struct NewChannel {
    channel: Channel,
    stream: Stream,
    pipeline: ChannelPipeline,
    options: Arc<ChannelOptions>,
}

impl NewChannel {
    /// Returns the handle of the channel.
    #[must_use]
    pub fn channel(&self) -> &Channel {
        &self.channel
    }

    /// Adds the sink of the channel's commands and returns the driver. Nothing is read or written until the driver is
    /// spawned.
    pub fn drive(self, sink: impl InboundSink) -> ChannelDriver {
        self.drive_boxed(Box::new(sink))
    }

    pub(crate) fn drive_boxed(self, sink: Box<dyn InboundSink>) -> ChannelDriver {
        ChannelDriver::new(ChannelMachine::new(self.channel, self.pipeline, sink, self.options), self.stream)
    }
}

impl fmt::Debug for Bootstrap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bootstrap")
            .field("options", &self.options)
            .field("prologue", &self.prologue)
            .finish_non_exhaustive()
    }
}
