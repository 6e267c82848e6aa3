//! Responses that go through the queue of their channel.

use remoting_transport::protocol::{ErrorChain, RemotingCommand};
use remoting_transport::{TrySendError, catch_panic};

use crate::channel::RequestGuard;
use crate::error::ProcessorError;
use crate::executor::ExecutorPermit;
use crate::latency::{Outcome, Unanswered};
use crate::processor::{Answer, Reply, Responder};
use crate::request::RequestInfo;

/// The response of a request in flight, which will go through the queue of its channel.
pub(super) struct PendingResponse {
    pub(super) guard: RequestGuard,
    pub(super) permit: ExecutorPermit,
    pub(super) info: RequestInfo,
}

impl PendingResponse {
    /// Notes that the request was dropped because its caller has disconnected.
    pub(super) fn abandoned(&self) {
        let channel = self.guard.channel();
        channel.endpoint().request_log.abandoned(channel.channel(), self.info);
    }

    /// Answers the request with the result of its future, or with the panic of it.
    pub(super) fn complete(self, result: Result<Result<Reply, ProcessorError>, String>) {
        let channel = self.guard.channel();
        let log = &channel.endpoint().request_log;
        let response = match result {
            Ok(Ok(reply)) => {
                let answer = self.info.answer(reply);
                return self.give(answer);
            }
            Ok(Err(error)) => log.failed(channel.channel(), self.info, error),
            Err(panic) => log.panicked(channel.channel(), self.info, &panic),
        };
        self.fail(response);
    }

    /// Sends the response to a request that has failed.
    #[cold]
    pub(super) fn fail(self, response: RemotingCommand) {
        let answer = self.info.answer(response.into());
        self.give(answer);
    }

    pub(super) fn give(self, answer: Answer) {
        let Self { guard, permit, info } = self;
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
}

/// Queues the response. If the channel is not writable, a task waits for it.
pub(super) fn respond(guard: RequestGuard, info: RequestInfo, response: RemotingCommand) {
    let code = response.code();
    let outcome = match guard.channel().channel().try_send(response) {
        Ok(()) => Outcome::Success,
        Err(TrySendError::Full { command, .. }) => {
            let unanswered = Unanswered::new(info.latency);
            let held = guard.channel().hold_response(*command);
            let tasks = guard.channel().endpoint().tasks.clone();
            return tasks.spawn(async move {
                let sent = held.send().await;
                unanswered.ended();
                let outcome = if sent.is_ok() { Outcome::Success } else { Outcome::WriteChannelFailed };
                info.latency.record(outcome, Some(code));
                drop(guard);
            });
        }
        Err(error) => {
            tracing::debug!(channel = %guard.channel().id(), "a response was not sent: {}", ErrorChain(&error));
            Outcome::WriteChannelFailed
        }
    };
    info.latency.record(outcome, Some(code));
}
