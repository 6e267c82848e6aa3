//! One request and its response on one channel.
//!
//! ```text
//!  FRESH ─► (PERMIT) ─► slot opened ─► queued ───────────► RESPONSE ─► ENDED
//!                                      └─► (CAPACITY) ─►┘
//! ```
//!
//! A hand-written state machine, because every request passes through it. The stages in brackets are boxed
//! futures: only calls that wait before their request is queued pay for them. The fast path is inlined into
//! the caller's poll, because each function that returns a command moves it.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};

use remoting_transport::protocol::{RemotingCommand, RequestCode};
use remoting_transport::{SendError, TrySendError};

use super::Budget;
use crate::channel::RpcChannel;
use crate::error::{CallKind, CallPhase, RpcError};
use crate::permit::{NoPermit, Permit};
use crate::response_table::Outcome;

/// Takes a command out of a variable that is no longer used.
pub(crate) fn take(command: &mut RemotingCommand) -> RemotingCommand {
    std::mem::replace(command, RemotingCommand::request(RequestCode(0)))
}

/// The result of polling a call.
pub(crate) type Polled = Poll<Result<RemotingCommand, RpcError>>;

/// A reference to the channel of a call, borrowed or owned.
pub(crate) trait ChannelRef {
    fn rpc_channel(&self) -> &RpcChannel;
}

impl ChannelRef for &RpcChannel {
    fn rpc_channel(&self) -> &RpcChannel {
        self
    }
}

/// A call without hooks (Java: `invokeImpl`). Dropping it abandons the call and frees its permit and slot at
/// once.
pub(crate) struct Call<C: ChannelRef> {
    channel: C,
    budget: Budget,
    /// The opaque of the open slot, in the stages that have a slot.
    opaque: i32,
    holds_permit: bool,
    waited_for_capacity: bool,
    /// Whether the channel ended while the call was pending on it: its request was queued, or waited for
    /// capacity.
    was_pending: bool,
    /// Whether the call timed out while waiting for its response, and no data arrived from the peer
    /// meanwhile.
    peer_was_unresponsive: bool,
    stage: Stage,
}

/// The shortest wait for a response, unless a quarter of the time-out is shorter, after which an unanswered
/// call is evidence against the channel (Java: `NettyRemotingClient.invokeSync`).
const TELLING_WAIT: Duration = Duration::from_millis(100);

enum Stage {
    Fresh,
    /// Waits for a permit.
    Permit(Pin<Box<dyn Future<Output = Result<(), NoPermit>> + Send>>),
    /// Has a slot and waits for capacity in the outbound queue.
    Capacity(Pin<Box<dyn Future<Output = Result<(), SendError>> + Send>>),
    /// Has a slot; the request is queued.
    Response,
    Ended,
}

impl<C: ChannelRef> Call<C> {
    pub(crate) const fn new(channel: C, budget: Budget) -> Self {
        Self {
            channel,
            budget,
            opaque: 0,
            holds_permit: false,
            waited_for_capacity: false,
            was_pending: false,
            peer_was_unresponsive: false,
            stage: Stage::Fresh,
        }
    }

    /// Creates a call that uses a reserved permit.
    #[cfg(feature = "tower")]
    pub(crate) fn with_permit(channel: C, budget: Budget, permit: super::ReservedPermit) -> Self {
        let mut call = Self::new(channel, budget);
        call.stage = Stage::Permit(Box::pin(async move {
            permit.use_now();
            Ok(())
        }));
        call
    }

    pub(crate) const fn channel(&self) -> &C {
        &self.channel
    }

    pub(crate) const fn budget(&self) -> &Budget {
        &self.budget
    }

    /// Returns whether the channel ended while the call was pending on it. False if the channel had ended
    /// before.
    pub(crate) const fn was_pending(&self) -> bool {
        self.was_pending
    }

    /// Returns whether the call timed out while waiting for its response, and no data arrived from the peer
    /// meanwhile.
    pub(crate) const fn peer_was_unresponsive(&self) -> bool {
        self.peer_was_unresponsive
    }

    /// Polls the call. `request` is called at most once per call, when the request can be queued. Must not be
    /// called after the call has ended.
    #[inline(always)]
    pub(crate) fn poll(&mut self, cx: &mut Context<'_>, request: impl FnOnce() -> RemotingCommand) -> Polled {
        match &mut self.stage {
            Stage::Response => self.poll_response(cx),
            Stage::Fresh => {
                let endpoint = self.channel.rpc_channel().endpoint();
                if endpoint.refuses_calls() {
                    return self.refused_by_shutdown();
                }
                let Some(permit) = endpoint.permits.try_acquire(CallKind::Invoke) else {
                    self.wait_for_permit();
                    return self.poll_permit(cx, request);
                };
                permit.forget();
                self.holds_permit = true;
                self.begin(cx, request)
            }
            Stage::Permit(_) => self.poll_permit(cx, request),
            Stage::Capacity(_) => self.poll_capacity(cx),
            Stage::Ended => unreachable!("a call was polled after it ended"),
        }
    }

    #[cold]
    fn refused_by_shutdown(&mut self) -> Polled {
        let addr = self.channel.rpc_channel().peer_addr().clone();
        self.fail(RpcError::ShutDown { addr })
    }

    #[cold]
    fn wait_for_permit(&mut self) {
        self.budget = self.budget.running();
        let endpoint = Arc::clone(self.channel.rpc_channel().endpoint());
        let deadline = self.budget.deadline_if_any();
        self.stage = Stage::Permit(Box::pin(async move {
            endpoint.permits.acquire(CallKind::Invoke, deadline).await.map(Permit::forget)
        }));
    }

    fn poll_permit(&mut self, cx: &mut Context<'_>, request: impl FnOnce() -> RemotingCommand) -> Polled {
        if let Stage::Permit(permit) = &mut self.stage {
            if let Err(no_permit) = ready!(permit.as_mut().poll(cx)) {
                let error = self.channel.rpc_channel().no_permit(no_permit, CallKind::Invoke, &self.budget);
                return self.fail(error);
            }
            self.holds_permit = true;
        }
        self.begin(cx, request)
    }

    /// Opens the slot, with the waker of the current task, and queues the request.
    #[inline(always)]
    fn begin(&mut self, cx: &mut Context<'_>, request: impl FnOnce() -> RemotingCommand) -> Polled {
        let channel = self.channel.rpc_channel();
        match channel.table().open(self.budget.left(), cx.waker()) {
            Ok(opaque) => self.opaque = opaque,
            Err(reason) => {
                let error = channel.closed_under_call(reason, false);
                return self.fail(error);
            }
        }
        self.stage = Stage::Response;
        let mut request = request();
        request.set_opaque(self.opaque);
        match channel.channel().try_send(request) {
            // The waker is in the slot, so no check is needed: a response that came meanwhile has woken this
            // task.
            Ok(()) => Poll::Pending,
            Err(refused) => self.refused(cx, refused),
        }
    }

    #[cold]
    fn refused(&mut self, cx: &mut Context<'_>, refused: TrySendError) -> Polled {
        let channel = self.channel.rpc_channel();
        // No request of this call makes the driver poll the table, which starts the time of the call.
        channel.channel().waker().wake();
        let command = match refused {
            TrySendError::Full { command, .. } if !self.budget.timeout().is_zero() => command,
            TrySendError::Full { .. } => {
                let error = channel.timed_out(CallPhase::Send, &self.budget);
                return self.fail(error);
            }
            TrySendError::Closed { reason, .. } => {
                let error = channel.closed_under_call(reason, false);
                return self.fail(error);
            }
            other => {
                let addr = channel.peer_addr().clone();
                return self.fail(RpcError::SendRequest { addr, cause: Arc::new(other) });
            }
        };
        let channel = channel.channel().clone();
        self.waited_for_capacity = true;
        self.stage = Stage::Capacity(Box::pin(async move { channel.send(*command).await }));
        self.poll_capacity(cx)
    }

    /// Waits for capacity while the slot is waiting. The slot's deadline is the call's.
    fn poll_capacity(&mut self, cx: &mut Context<'_>) -> Polled {
        let Stage::Capacity(send) = &mut self.stage else { return self.poll_response(cx) };
        let mut began = None;
        if let Some(outcome) =
            self.channel.rpc_channel().table().take_outcome(self.opaque, cx.waker(), &mut began)
        {
            self.stage = Stage::Ended;
            return self.ended_by(outcome, began, CallPhase::Send);
        }
        match ready!(send.as_mut().poll(cx)) {
            Ok(()) => {
                self.stage = Stage::Response;
                self.poll_response(cx)
            }
            Err(SendError { reason, .. }) => {
                self.was_pending = true;
                // On a fresh channel the call has the remaining time, not the whole budget again.
                let began = self.channel.rpc_channel().table().began(self.opaque);
                self.began(began);
                let error = self.channel.rpc_channel().closed_under_call(reason, false);
                self.fail(error)
            }
        }
    }

    #[inline(always)]
    fn poll_response(&mut self, cx: &mut Context<'_>) -> Polled {
        let mut began = None;
        match self.channel.rpc_channel().table().take_outcome(self.opaque, cx.waker(), &mut began) {
            None => Poll::Pending,
            Some(Outcome::Response(response)) => {
                self.stage = Stage::Ended;
                self.began(began);
                self.free();
                Poll::Ready(Ok(response))
            }
            Some(outcome) => {
                self.stage = Stage::Ended;
                self.ended_by(outcome, began, CallPhase::Response)
            }
        }
    }

    /// Records the start of the call's time, for a caller that repeats the call within its budget.
    #[inline]
    fn began(&mut self, at: Option<Instant>) {
        if let Some(at) = at {
            self.budget.began(at);
        }
    }

    /// Ends a call with an outcome taken from the table.
    #[cold]
    fn ended_by(&mut self, outcome: Outcome, began: Option<Instant>, phase: CallPhase) -> Polled {
        self.began(began);
        self.was_pending = true;
        let channel = self.channel.rpc_channel();
        let error = match outcome {
            Outcome::Response(response) => {
                self.free();
                return Poll::Ready(Ok(response));
            }
            Outcome::TimedOut => {
                // A wait for capacity does not count as a wait for a response.
                if let (Some(began), CallPhase::Response, false) = (began, phase, self.waited_for_capacity) {
                    let waited = tokio::time::Instant::now().into_std().saturating_duration_since(began);
                    let telling = waited > TELLING_WAIT.min(self.budget.timeout() / 4);
                    self.peer_was_unresponsive = telling && channel.table().is_silent_since(began);
                }
                channel.timed_out(phase, &self.budget)
            }
            Outcome::Closed(reason) => channel.closed_under_call(reason, phase.may_have_been_sent()),
            Outcome::Unsent(reason) => channel.closed_under_call(reason, false),
            Outcome::Unencodable(error) => {
                RpcError::Encode { addr: channel.peer_addr().clone(), cause: Arc::new(error) }
            }
        };
        self.fail(error)
    }

    /// Ends a call without a response, in any stage.
    #[cold]
    fn fail(&mut self, error: RpcError) -> Polled {
        self.free();
        Poll::Ready(Err(error))
    }

    /// Frees the slot and the permit of the call.
    #[inline]
    fn free(&mut self) {
        let channel = self.channel.rpc_channel();
        if let Stage::Capacity(_) | Stage::Response = std::mem::replace(&mut self.stage, Stage::Ended) {
            channel.table().cancel(self.opaque);
        }
        if std::mem::take(&mut self.holds_permit) {
            channel.endpoint().permits.release(CallKind::Invoke);
        }
    }
}

impl<C: ChannelRef> Drop for Call<C> {
    #[inline]
    fn drop(&mut self) {
        self.free();
    }
}
