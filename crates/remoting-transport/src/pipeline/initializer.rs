//! The initializer of pipelines.

use super::{ChannelPipeline, PipelineError};
use crate::channel::Channel;

/// Builds the pipeline of each new channel. Equivalent of Netty's `ChannelInitializer`. Closures implement this trait.
///
/// ```
/// use remoting_transport::{Channel, ChannelInitializer, ChannelPipeline, IdleStateHandler};
///
/// fn initializer() -> impl ChannelInitializer {
///     |_: &Channel, pipeline: &mut ChannelPipeline| {
///         pipeline.add_last("idle", IdleStateHandler::default())?;
///         Ok(())
///     }
/// }
/// # let _ = initializer();
/// ```
pub trait ChannelInitializer: Send + Sync + 'static {
    /// Adds the handlers of a channel. If it panics, the channel is not opened.
    ///
    /// # Errors
    /// Returns [`PipelineError`] if a name is used twice or does not exist. The channel is then not opened.
    fn init_channel(&self, channel: &Channel, pipeline: &mut ChannelPipeline) -> Result<(), PipelineError>;
}

impl<F> ChannelInitializer for F
where
    F: Fn(&Channel, &mut ChannelPipeline) -> Result<(), PipelineError> + Send + Sync + 'static,
{
    fn init_channel(&self, channel: &Channel, pipeline: &mut ChannelPipeline) -> Result<(), PipelineError> {
        self(channel, pipeline)
    }
}
