//! Requests that were started where they were found, and have no response of their processor yet.

use std::sync::Arc;

use remoting_transport::catch_panic;
use remoting_transport::protocol::RemotingCommand;

use super::idle_task::IdleTask;
use super::pending_response::PendingResponse;
use super::spawned_request::SpawnedRequest;
use crate::channel::RpcChannel;
use crate::processor::{AfterHooks, Answer, Later, Registration, RequestFuture, Started};
use crate::request::RequestInfo;

pub(super) enum Unfinished {
    /// It has failed or panicked, with this response.
    Failed(RemotingCommand),
    /// Its response is deferred.
    Deferred(Later),
    /// It is pending.
    Pending(RequestFuture),
}

impl Unfinished {
    /// Returns what is left of a started request, or `None` if it is ready. `idle` has its task. `after` belongs to a pending
    /// one.
    #[cold]
    pub(super) fn of(
        started: Result<Started, String>,
        after: Option<Box<AfterHooks>>,
        idle: &mut IdleTask,
        channel: &RpcChannel,
        info: RequestInfo,
    ) -> Option<Self> {
        let log = &channel.endpoint().request_log;
        match started {
            Ok(Started::Ready { .. }) => None,
            Ok(Started::Later(later)) => Some(Self::Deferred(*later)),
            Ok(Started::Failed(error)) => Some(Self::Failed(log.failed(channel.channel(), info, *error))),
            Ok(Started::Pending) => idle.take(after).map(Self::Pending),
            Err(panic) => {
                // Dropping the future may panic again; the first panic is logged below.
                let _ = catch_panic(|| drop(idle.take(None)));
                Some(Self::Failed(log.panicked(channel.channel(), info, &panic)))
            }
        }
    }

    /// Answers the request through the queue of its channel. A pending one moves to a task of its own.
    #[cold]
    pub(super) fn settle(self, pending: PendingResponse, registration: Arc<Registration>) {
        match self {
            Self::Failed(response) => pending.fail(response),
            Self::Deferred(later) => pending.give(Answer::Later(later)),
            Self::Pending(future) => {
                registration.mark_waits();
                let tasks = pending.guard.channel().endpoint().tasks.clone();
                tasks.spawn(SpawnedRequest::new(future, registration, pending).run());
            }
        }
    }
}
