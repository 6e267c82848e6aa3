use std::sync::Arc;

use remoting_transport::protocol::RemotingCommand;
use tower::{Layer, Service};

use super::{ProcessorRequest, ProcessorService, ServiceProcessor};
use crate::error::ProcessorError;
use crate::processor::{BoxProcessor, ErasedProcessor, Reply, RequestContext, RequestProcessor};

/// A [`Layer`] around processors.
///
/// Every layer whose services process requests is one: it makes of a [`ProcessorService`] a [`Service`] that takes a
/// [`ProcessorRequest`], returns a [`Reply`], and returns an error that converts into a [`ProcessorError`]. A
/// `ServiceBuilder` is a layer too. Nothing else needs to implement this trait.
///
/// [`RemotingServerBuilder::layer`](crate::RemotingServerBuilder::layer) and
/// [`RemotingClientBuilder::layer`](crate::RemotingClientBuilder::layer) put a layer around all processors of a
/// server or client, [`ProcessorSet::layer`](crate::ProcessorSet::layer) around those of a set.
///
/// * The layer is applied once to each processor, not once for each request. A layer whose services share state, such
///   as a limit for all processors together, keeps the state in the layer.
/// * A layer runs inside hooks and request pipeline, in the executor of the processor. It sees only requests that have
///   been admitted: not those without a processor, nor those that were refused because the server goes away, the
///   processor [rejects requests](RequestProcessor::reject_request) or the executor is full.
/// * A request waits until its service is ready, and counts against the limit of its executor meanwhile.
/// * Errors, panics and cancellation are those of processors: see [`RequestProcessor`]. A
///   [deferred response](Reply::later) passes no layer, like no hook.
/// * Each request costs one allocation and a clone of the service for each layer. A `ServiceBuilder` counts as one layer.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a layer around processors",
    note = "a layer makes of a `ProcessorService` a `Clone + Send` service of `ProcessorRequest`, whose response converts into a `Reply` and whose error converts into a `ProcessorError`"
)]
pub trait ProcessorLayer: Send + Sync + 'static {
    /// Returns a processor that passes its requests through the layer to `processor`.
    fn surround(&self, processor: ProcessorService) -> BoxProcessor;
}

impl<L> ProcessorLayer for L
where
    L: Layer<
            ProcessorService,
            Service: Service<
                ProcessorRequest,
                Response: Into<Reply>,
                Error: Into<ProcessorError>,
                Future: Send,
            > + Clone
                         + Send
                         + 'static,
        > + Send
        + Sync
        + 'static,
{
    fn surround(&self, processor: ProcessorService) -> BoxProcessor {
        let inner = processor.clone().into_processor().into_erased();
        LayeredProcessor { service: ServiceProcessor::new(self.layer(processor)), inner }.boxed()
    }
}

/// A processor inside a layer. The processor still decides what is decided before a request is processed.
struct LayeredProcessor<S> {
    service: ServiceProcessor<S>,
    inner: Arc<dyn ErasedProcessor>,
}

impl<S> RequestProcessor for LayeredProcessor<S>
where
    S: Service<ProcessorRequest, Response: Into<Reply>, Error: Into<ProcessorError>, Future: Send>
        + Clone
        + Send
        + 'static,
{
    async fn process(&self, ctx: RequestContext, request: RemotingCommand) -> Result<Reply, ProcessorError> {
        self.service.process(ctx, request).await
    }

    fn reject_request(&self) -> bool {
        self.inner.reject_request()
    }

    fn runs_to_end(&self) -> bool {
        self.inner.runs_to_end()
    }
}
