//! How a connection becomes a channel, the same on both sides.

use std::{fmt, sync::Arc};

use crate::{
    channel::Channel,
    core::ChannelCore,
    driver::ChannelDriver,
    error::PrologueError,
    options::ChannelOptions,
    pipeline::{ChannelInitializer, ChannelPipeline, PipelineError},
    prologue::{self, Connection, PrologueStep},
    sink::InboundSink,
};

/// What all channels of one server or client have in common, as Netty's `Bootstrap`: the steps before the first
/// frame, the handlers, the options. Cloning is cheap.
#[derive(Clone)]
pub struct Bootstrap {
    options: ChannelOptions,
    prologue: Arc<[Arc<dyn PrologueStep>]>,
    initializers: Arc<[Arc<dyn ChannelInitializer>]>,
}

impl Bootstrap {
    /// Channels with these options, no prologue and an empty pipeline.
    pub fn new(options: ChannelOptions) -> Self {
        Self { options, prologue: Arc::default(), initializers: Arc::default() }
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

    /// The options of the channels.
    pub fn options(&self) -> &ChannelOptions {
        &self.options
    }

    /// Runs the prologue on a new connection.
    ///
    /// # Cancellation
    /// Dropping this future closes the connection.
    ///
    /// # Errors
    /// When a step refuses the connection, fails or takes too long.
    pub async fn run_prologue(&self, mut connection: Connection) -> Result<Connection, PrologueError> {
        prologue::run(&self.prologue, &mut connection).await?;
        Ok(connection)
    }

    /// Makes a channel of a connection that has its prologue behind it. The driver is to be spawned; until then
    /// nothing happens.
    ///
    /// # Errors
    /// When an initializer uses a name twice or misses one.
    pub fn open(
        &self,
        connection: Connection,
        sink: impl FnOnce(&Channel) -> Box<dyn InboundSink>,
    ) -> Result<(Channel, ChannelDriver), PipelineError> {
        let Connection { stream, local, peer } = connection;
        let channel = Channel::new(local, peer, self.options.water_mark);
        let mut pipeline = ChannelPipeline::default();
        for initializer in &*self.initializers {
            initializer.init_channel(&channel, &mut pipeline)?;
        }
        let now = tokio::time::Instant::now().into_std();
        let sink = sink(&channel);
        let core = ChannelCore::new(channel.clone(), pipeline, sink, &self.options, now);
        Ok((channel, ChannelDriver::new(core, stream)))
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
