//! Requests that run in a task or thread of their own.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;

use remoting_transport::protocol::{ErrorChain, RemotingCommand};
use remoting_transport::{TrySendError, catch_panic, poll_catching_panic};

use crate::channel::RequestGuard;
use crate::executor::ExecutorPermit;
use crate::latency::{Outcome, Unanswered};
use crate::processor::{Answer, Registration, RequestFuture, Responder};
use crate::request::RequestInfo;

/// A request in a task of its own.
pub(super) struct Finish {
    pub(super) future: RequestFuture,
    pub(super) registration: Arc<Registration>,
    pub(super) guard: RequestGuard,
    pub(super) permit: ExecutorPermit,
    pub(super) info: RequestInfo,
    /// Whether it runs to its end after its caller has disconnected.
    pub(super) runs_to_end: bool,
}

/// Runs a request to its end. The executor's permit is released when the processor is done. A response that has to wait for a
/// slow peer waits in a task of the channel.
pub(super) async fn finish(request: Finish) {
    let Finish { mut future, registration, guard, permit, info, runs_to_end } = request;
    let unanswered = Unanswered::new(info.latency);
    let result = {
        let mut caller_gone = pin!(guard.channel().peer_gone());
        poll_fn(|cx| {
            // Before the poll: in a blocking executor one poll is the whole request.
            if !runs_to_end && guard.channel().is_peer_gone() {
                return Poll::Ready(None);
            }
            match poll_catching_panic(future.as_mut(), cx) {
                Poll::Ready(result) => Poll::Ready(Some(result)),
                Poll::Pending => {
                    registration.mark_waits();
                    if runs_to_end { Poll::Pending } else { caller_gone.as_mut().poll(cx).map(|()| None) }
                }
            }
        })
        .await
    };
    let dropped = catch_panic(|| drop(future));
    let Some(result) = result else {
        let endpoint = guard.channel().endpoint();
        endpoint.request_log.abandoned(guard.channel().channel(), info);
        return;
    };
    let log = &guard.channel().endpoint().request_log;
    let answer = match result.and_then(|reply| dropped.map(|()| reply)) {
        Ok(Ok(reply)) => info.answer(reply),
        Ok(Err(error)) => info.answer(log.failed(guard.channel().channel(), info, error).into()),
        Err(panic) => info.answer(log.panicked(guard.channel().channel(), info, &panic).into()),
    };
    unanswered.ended();
    match answer {
        Answer::None => {}
        Answer::Later(later) => {
            let channel = guard.channel().clone();
            let responder = Responder::new(guard, permit, info);
            if let Err(panic) = catch_panic(|| later.give(responder)) {
                channel.endpoint().request_log.panicked(channel.channel(), info, &panic);
            }
        }
        Answer::Response(response) => {
            drop(permit);
            respond(guard, info, response);
        }
    }
}

/// Queues the response. If the channel is not writable, a task waits for it.
fn respond(guard: RequestGuard, info: RequestInfo, response: RemotingCommand) {
    let code = response.code();
    let outcome = match guard.channel().channel().try_send(response) {
        Ok(()) => Outcome::Success,
        Err(TrySendError::Full { command, .. }) => {
            let unanswered = Unanswered::new(info.latency);
            let tasks = guard.channel().endpoint().tasks.clone();
            return tasks.spawn(async move {
                let sent = guard.channel().send_response(*command).await;
                unanswered.ended();
                let outcome = if sent.is_ok() { Outcome::Success } else { Outcome::WriteChannelFailed };
                info.latency.record(outcome, Some(code));
            });
        }
        Err(error) => {
            tracing::debug!(channel = %guard.channel().id(), "a response was not sent: {}", ErrorChain(&error));
            Outcome::WriteChannelFailed
        }
    };
    info.latency.record(outcome, Some(code));
}
