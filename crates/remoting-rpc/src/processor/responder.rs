use std::fmt;

use super::{Answer, Reply, RequestContext};
use crate::channel::RequestGuard;
use crate::error::{ProcessorError, RpcError};
use crate::executor::ExecutorPermit;
use crate::latency::{Outcome, Unanswered};
use crate::request::RequestInfo;

/// Sends the deferred response to one request, as long polling does: see [`Reply::later`].
/// Java: `NettyRemotingAbstract.writeResponse`.
///
/// The request stays in flight until the responder has sent its response or is dropped. It holds a permit of its executor and
/// counts against [`max_requests_per_channel`](crate::ServerConfig::max_requests_per_channel). A shutdown waits for it.
///
/// A responder is not dropped when its caller disconnects. If you keep it for long, also wait for
/// [`caller_gone`](RequestContext::caller_gone) and drop it then. A shutdown does not wait for responders of disconnected
/// callers.
///
/// If a responder is dropped without sending, the caller runs into its time-out. Its response passes no hooks, because they
/// ran when the processor returned.
#[must_use = "a request whose responder is dropped is never answered"]
pub struct Responder {
    ctx: RequestContext,
    info: RequestInfo,
    guard: RequestGuard,
    permit: ExecutorPermit,
    unanswered: Unanswered,
}

impl Responder {
    pub(crate) fn new(guard: RequestGuard, permit: ExecutorPermit, info: RequestInfo) -> Self {
        let guard = guard.of_responder();
        let ctx = RequestContext::new(guard.channel().clone(), info);
        let unanswered = Unanswered::new(info.latency.of_long_poll());
        Self { ctx, info, guard, permit, unanswered }
    }

    /// Returns the context of the request.
    #[must_use]
    pub const fn context(&self) -> &RequestContext {
        &self.ctx
    }

    /// Queues the response, and waits until the channel is writable if the peer reads slowly. The response to a one-way
    /// request is dropped. A reply without a response sends nothing.
    ///
    /// If the channel does not become writable within
    /// [`max_response_wait`](crate::ServerConfig::max_response_wait), it is closed. To answer many callers, send each
    /// response in a task of its own: otherwise all wait for the slowest. No runtime is needed here.
    ///
    /// # Errors
    ///
    /// Returns [`RpcError::ChannelClosed`] if the channel is closed.
    ///
    /// # Cancellation
    ///
    /// Dropping the future before it is ready sends nothing.
    pub async fn send(self, reply: impl Into<Reply> + Send) -> Result<(), RpcError> {
        let Self { ctx: _, info, guard, permit, unanswered } = self;
        drop(permit); // a waiting response must not hold the executor
        let Answer::Response(response) = info.answer(reply.into()) else {
            unanswered.ended();
            return Ok(());
        };
        let code = response.code();
        let sent = guard.channel().send_response(response).await;
        unanswered.ended();
        let outcome = if sent.is_ok() { Outcome::Success } else { Outcome::WriteChannelFailed };
        info.latency.of_long_poll().record(outcome, Some(code));
        sent
    }

    /// Sends an error, as if the processor had returned it: a [`Refusal`](crate::Refusal) becomes its code and remark,
    /// any other error `SYSTEM_ERROR` with its text. See [`send`](Self::send).
    ///
    /// # Errors
    ///
    /// Returns [`RpcError::ChannelClosed`] if the channel is closed.
    ///
    /// # Cancellation
    ///
    /// Dropping the future before it is ready sends nothing.
    pub async fn fail(self, error: impl Into<ProcessorError> + Send) -> Result<(), RpcError> {
        let channel = self.guard.channel();
        let response = channel.endpoint().request_log.failed(channel.channel(), self.info, error.into());
        self.send(response).await
    }
}

impl fmt::Debug for Responder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Responder").field(&self.ctx).finish()
    }
}
