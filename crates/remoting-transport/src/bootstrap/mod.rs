//! How a connection becomes a channel, the same on both sides.

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

/// What all channels of one server or client have in common, as Netty's `Bootstrap`: the steps before the first
/// frame, the handlers, the options. Cloning is cheap.
#[derive(Clone)]
pub struct Bootstrap {
    options: Arc<ChannelOptions>,
    network: Arc<dyn Network>,
    prologue: Arc<[Arc<dyn PrologueStep>]>,
    initializers: Arc<[Arc<dyn ChannelInitializer>]>,
    filters: Arc<[Arc<dyn ConnectionFilter>]>,
}

impl Bootstrap {
    /// Channels with these options, no prologue and an empty pipeline.
    pub fn new(options: ChannelOptions) -> Self {
        Self {
            options: Arc::new(options),
            network: Arc::new(SystemNetwork),
            prologue: Arc::default(),
            initializers: Arc::default(),
            filters: Arc::default(),
        }
    }

    /// Sets the network on which [`connect`](Self::connect) dials. Default: [`SystemNetwork`]. A listener gets its own:
    /// [`Listener::bind_on`](crate::Listener::bind_on).
    #[must_use]
    pub fn network(mut self, network: impl Network) -> Self {
        self.network = Arc::new(network);
        self
    }

    /// Adds a step before the first frame, after those there are.
    #[must_use]
    pub fn prologue_step(mut self, step: impl PrologueStep) -> Self {
        self.prologue = self.prologue.iter().cloned().chain([Arc::new(step) as _]).collect();
        self
    }

    /// Adds an initializer, which finds in the pipeline what those before it added.
    #[must_use]
    pub fn initializer(mut self, initializer: impl ChannelInitializer) -> Self {
        self.initializers = self.initializers.iter().cloned().chain([Arc::new(initializer) as _]).collect();
        self
    }

    /// Adds a filter of accepted connections: each must let a connection in. Dialled ones do not pass it.
    #[must_use]
    pub fn connection_filter(mut self, filter: impl ConnectionFilter) -> Self {
        self.filters = self.filters.iter().cloned().chain([Arc::new(filter) as _]).collect();
        self
    }

    /// Whether all filters let the connection in; an error is the text of a filter's panic.
    pub(crate) fn admits(&self, connection: &Connection) -> Result<bool, String> {
        catch_panic(|| self.filters.iter().all(|filter| filter.admit(&connection.peer, &connection.local)))
    }

    pub(crate) fn has_prologue(&self) -> bool {
        !self.prologue.is_empty()
    }

    /// Runs the prologue on a new connection.
    ///
    /// # Cancellation
    /// Dropping this future closes the connection.
    ///
    /// # Errors
    /// When a step refuses the connection, fails or takes too long.
    pub async fn run_prologue(&self, connection: Connection) -> Result<Verdict, PrologueError> {
        prologue::run(&self.prologue, connection).await
    }

    /// Dials an address and runs the prologue on the connection, all within `timeout`. See
    /// [`connect`](crate::connect()) for the bare connection.
    ///
    /// # Cancellation
    /// Dropping this future closes whatever was opened.
    ///
    /// # Errors
    /// When nobody listens there, the name has no address, a step fails, or time runs out.
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

    /// Makes a channel of a connection that has its prologue behind it.
    ///
    /// # Errors
    /// When an initializer uses a name twice or misses one.
    pub fn open(&self, connection: Connection) -> Result<NewChannel, PipelineError> {
        let (channel, stream) = Channel::new(connection, self.options.water_mark);
        let mut pipeline = ChannelPipeline::default();
        for initializer in &*self.initializers {
            initializer.init_channel(&channel, &mut pipeline)?;
        }
        Ok(NewChannel { channel, stream, pipeline, options: Arc::clone(&self.options) })
    }
}

/// A channel that has its pipeline, and nobody yet to give its commands to.
#[derive(Debug)]
pub struct NewChannel {
    channel: Channel,
    stream: Stream,
    pipeline: ChannelPipeline,
    options: Arc<ChannelOptions>,
}

impl NewChannel {
    /// The handle.
    pub fn channel(&self) -> &Channel {
        &self.channel
    }

    /// Completes the channel with the sink of its commands. The driver is to be spawned; until then nothing
    /// happens.
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
