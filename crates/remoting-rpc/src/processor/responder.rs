use std::fmt;

use super::{Answer, Reply, RequestContext};
use crate::channel::RequestGuard;
use crate::error::RpcError;
use crate::executor::ExecutorPermit;
use crate::latency::{Outcome, Unanswered};
use crate::request::RequestInfo;

/// Answers one request later than its processor returned, as long polling does: see [`Reply::later`].
/// Java: `NettyRemotingAbstract.writeResponse`.
///
/// The request is in flight until the responder has sent its response, or is dropped: it holds a permit of its executor,
/// counts against [`max_requests_per_channel`](crate::ServerConfig::max_requests_per_channel), and a shutdown waits for it.
///
/// A responder does not end with its caller, as a future does. Whoever keeps it for long waits for
/// [`caller_gone`](RequestContext::caller_gone) too, and drops it then. A shutdown does not wait for those whose caller is
/// gone.
///
/// A responder that is dropped without an answer leaves the peer to its time-out. A response sent by a responder passes
/// no hooks, which have run when the processor returned.
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

    /// Where the request came from, and whether the caller is still there.
    #[must_use]
    pub const fn context(&self) -> &RequestContext {
        &self.ctx
    }

    /// Queues the response, waiting for capacity when the peer reads slowly. The response to a one-way request is
    /// dropped. A reply that is no response answers nothing.
    ///
    /// A peer that takes longer than [`max_response_wait`](crate::ServerConfig::max_response_wait) for it is closed as
    /// too slow.
    ///
    /// # Errors
    ///
    /// [`RpcError::ChannelClosed`].
    ///
    /// # Cancellation
    ///
    /// Dropping the future before it is ready sends nothing.
    pub async fn send(self, reply: impl Into<Reply> + Send) -> Result<(), RpcError> {
        let Self { ctx: _, info, guard, permit, unanswered } = self;
        drop(permit); // a response that waits is no burden of the executor
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
}

impl fmt::Debug for Responder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Responder").field(&self.ctx).finish()
    }
}
