//! Processors as values.

use std::fmt;
use std::future::Future;
use std::sync::Arc;

use remoting_transport::protocol::RemotingCommand;

use super::{ErasedProcessor, Interceptors, Reply, RequestContext, RequestProcessor};
use crate::error::ProcessorError;

/// A type-erased processor, created by [`RequestProcessor::boxed`]. It lets one list hold processors of different types.
///
/// A clone is the same processor. A registered `BoxProcessor` costs no more than the processor it contains.
///
/// ```
/// use remoting_rpc::transport::protocol::{RemotingCommand, RequestCode, ResponseCode};
/// use remoting_rpc::{BoxProcessor, Executor, RemotingServer, RequestProcessor, processor_fn};
///
/// let ok = processor_fn(|_ctx, request| async move {
///     Ok(RemotingCommand::response_to(&request, ResponseCode::SUCCESS))
/// });
/// let ignore = processor_fn(|_ctx, _request| async { Ok(()) });
/// let processors: Vec<(RequestCode, BoxProcessor)> =
///     vec![(RequestCode(20_001), ok.boxed()), (RequestCode(20_002), ignore.boxed())];
///
/// let executor = Executor::runtime(64);
/// let mut builder = RemotingServer::builder();
/// for (code, processor) in processors {
///     builder = builder.processor(code, executor.clone(), processor);
/// }
/// # drop(builder);
/// ```
#[derive(Clone)]
pub struct BoxProcessor(Arc<dyn ErasedProcessor>);

impl BoxProcessor {
    pub(crate) fn new(processor: Arc<dyn ErasedProcessor>) -> Self {
        Self(processor)
    }

    pub(crate) fn into_erased(self) -> Arc<dyn ErasedProcessor> {
        self.0
    }
}

impl RequestProcessor for BoxProcessor {
    fn process(
        &self,
        ctx: RequestContext,
        request: RemotingCommand,
    ) -> impl Future<Output = Result<Reply, ProcessorError>> + Send {
        Arc::clone(&self.0).serve(ctx, Interceptors::none(), request)
    }

    fn reject_request(&self) -> bool {
        self.0.reject_request()
    }

    fn runs_to_end(&self) -> bool {
        self.0.runs_to_end()
    }

    fn boxed(self) -> BoxProcessor {
        self
    }
}

impl fmt::Debug for BoxProcessor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BoxProcessor(..)")
    }
}

/// Several registrations can share one processor, as in Java.
impl<P: RequestProcessor> RequestProcessor for Arc<P> {
    fn process(
        &self,
        ctx: RequestContext,
        request: RemotingCommand,
    ) -> impl Future<Output = Result<Reply, ProcessorError>> + Send {
        P::process(self, ctx, request)
    }

    fn reject_request(&self) -> bool {
        P::reject_request(self)
    }

    fn runs_to_end(&self) -> bool {
        P::runs_to_end(self)
    }

    fn boxed(self) -> BoxProcessor {
        BoxProcessor::new(self)
    }
}
