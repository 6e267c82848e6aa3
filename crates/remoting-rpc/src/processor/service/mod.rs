//! Processors as services of tower, and services as processors.
//!
//! ```text
//!  dispatcher ─► hooks ─► pipeline ─► LayeredProcessor: poll_ready, call ─► layers ─► ProcessorService ─► processor
//! ```

mod inner;
mod layer;
mod outer;

use remoting_transport::protocol::RemotingCommand;

pub use self::inner::{ProcessorFuture, ProcessorService};
pub use self::layer::ProcessorLayer;
pub use self::outer::ServiceProcessor;
use super::RequestContext;

/// A request to a processor: what a [`Service`](tower::Service) that processes requests receives.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct ProcessorRequest {
    /// The origin of the request, and the values that hooks and the request pipeline have attached to it. A layer can
    /// attach values too, for layers and processors inside it.
    pub ctx: RequestContext,
    /// The request.
    pub command: RemotingCommand,
}

impl ProcessorRequest {
    pub(crate) const fn new(ctx: RequestContext, command: RemotingCommand) -> Self {
        Self { ctx, command }
    }
}

/// For services that do not need the context, such as a [`TargetService`](crate::tower::TargetService).
impl From<ProcessorRequest> for RemotingCommand {
    fn from(request: ProcessorRequest) -> Self {
        request.command
    }
}
