//! Closures as processors.

use std::future::Future;
use std::sync::Arc;

use remoting_transport::protocol::RemotingCommand;

use super::{Reply, RequestContext, RequestProcessor};
use crate::error::ProcessorError;

impl<F, Fut, R> RequestProcessor for F
where
    F: Fn(RequestContext, RemotingCommand) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = Result<R, ProcessorError>> + Send,
    R: Into<Reply>,
{
    async fn process(&self, ctx: RequestContext, request: RemotingCommand) -> Result<Reply, ProcessorError> {
        self(ctx, request).await.map(Into::into)
    }

    #[inline]
    fn process_owned(
        self: &Arc<Self>,
        ctx: RequestContext,
        request: RemotingCommand,
    ) -> impl Future<Output = Result<impl Into<Reply> + use<F, Fut, R>, ProcessorError>> + Send + use<F, Fut, R>
    {
        self(ctx, request)
    }
}
