//! The requests of a channel that wait for a task of the runtime.

use std::collections::VecDeque;
use std::mem;
use std::sync::Arc;

use parking_lot::Mutex;
use remoting_transport::protocol::RemotingCommand;
use tokio::runtime::Handle;

use super::runner::Runner;
use crate::channel::RequestGuard;
use crate::executor::ExecutorPermit;
use crate::processor::{Interceptors, Registration};
use crate::request::RequestInfo;
use crate::tasks::{TaskScope, has_one_thread};

/// A request that has a permit of its executor, and waits for a task.
pub(super) struct QueuedRequest {
    pub(super) registration: Arc<Registration>,
    pub(super) interceptors: Interceptors,
    pub(super) guard: RequestGuard,
    pub(super) permit: ExecutorPermit,
    pub(super) info: RequestInfo,
    pub(super) request: RemotingCommand,
}

/// The requests of one channel that wait for a [`Runner`]. The limits of the channel and of the executors bound it.
///
/// A task for each request would cost more than most requests. So a runner takes the requests one after another. On a runtime
/// with several threads, another runner is scheduled while requests wait, and an idle thread takes it over: requests run in
/// parallel, and none waits behind one that computes.
pub(super) struct RunQueue {
    state: Mutex<State>,
    /// Whether the runtime has several threads.
    parallel: bool,
}

#[derive(Default)]
struct State {
    requests: VecDeque<QueuedRequest>,
    /// A runner was spawned or woken, and is not polled yet.
    scheduled: bool,
}

/// The first allocation of a queue, in requests.
const FIRST_CAPACITY: usize = 8;

impl RunQueue {
    pub(super) fn new(runtime: &Handle) -> Self {
        Self { state: Mutex::default(), parallel: !has_one_thread(runtime) }
    }

    /// Returns whether the runtime has several threads.
    pub(super) const fn is_parallel(&self) -> bool {
        self.parallel
    }

    /// Queues a request, and spawns a runner unless one is scheduled.
    pub(super) fn push(self: &Arc<Self>, request: QueuedRequest, tasks: &TaskScope) {
        let scheduled = {
            let mut state = self.state.lock();
            if state.requests.capacity() == 0 {
                state.requests.reserve(FIRST_CAPACITY);
            }
            state.requests.push_back(request);
            mem::replace(&mut state.scheduled, true)
        };
        if !scheduled {
            tasks.spawn_on_runtime(Runner::new(Arc::clone(self), tasks.clone()));
        }
    }

    /// Begins a turn of the scheduled runner. Returns whether another runner should take this turn, because requests are left
    /// for other threads: then the caller stays the scheduled one.
    pub(super) fn begin(&self) -> bool {
        let mut state = self.state.lock();
        state.scheduled = self.parallel && state.requests.len() > 1;
        state.scheduled
    }

    /// Takes the next request. An empty queue releases its memory.
    pub(super) fn pop(&self) -> Option<QueuedRequest> {
        let mut state = self.state.lock();
        let next = state.requests.pop_front();
        if next.is_none() {
            let released = mem::take(&mut state.requests);
            drop(state);
            drop(released);
        }
        next
    }

    /// Ends a turn. Returns whether the caller has become the scheduled runner: requests wait, and no other one is scheduled.
    pub(super) fn end(&self) -> bool {
        let mut state = self.state.lock();
        let continues = !state.scheduled && !state.requests.is_empty();
        state.scheduled |= continues;
        continues
    }

    /// Drops all requests, because the tasks of the endpoint are aborted. No runner is scheduled then.
    pub(super) fn clear(&self) {
        let dropped = mem::take(&mut *self.state.lock());
        drop(dropped);
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use remoting_transport::protocol::RequestCode;
    use remoting_transport::{Channel, ChannelPipeline, EmbeddedChannel};

    use super::*;
    use crate::Executor;
    use crate::channel::{EndpointLimits, EndpointState, RpcChannel};
    use crate::executor::Admission;
    use crate::latency::Latency;
    use crate::tasks::Home;

    fn request(channel: &RpcChannel) -> QueuedRequest {
        let processor = |_ctx, request| async move { Ok::<RemotingCommand, _>(request) };
        let registration = Arc::new(Registration::new(Executor::runtime(16), processor));
        let Admission::Granted(permit) = registration.executor.admit(false) else { panic!("no permit") };
        let request = RemotingCommand::request(RequestCode(20_001));
        let latency = Latency::start(Instant::now(), request.code(), || true);
        let info = RequestInfo::new(&request, None, latency);
        let interceptors = Interceptors { hooks: None, pipeline: None };
        let guard = channel.request_guard(&info);
        QueuedRequest { registration, interceptors, guard, permit, info, request }
    }

    #[tokio::test]
    async fn after_an_abort_a_request_is_dropped_and_does_not_wait_for_a_runner_that_was_dropped() {
        let embedded = EmbeddedChannel::new(|_: &Channel, _: &mut ChannelPipeline| Ok(())).unwrap();
        let endpoint = Arc::new(EndpointState::new(EndpointLimits::new(1, 1), None, Home::Caller));
        let channel = RpcChannel::new(embedded.channel().clone(), Arc::clone(&endpoint));
        let queue = Arc::new(RunQueue::new(&Handle::current()));
        queue.push(request(&channel), &endpoint.tasks);
        assert_eq!(endpoint.requests.count(), 1);
        endpoint.tasks.abort();
        assert!(endpoint.tasks.ended(tokio::time::Instant::now() + Duration::from_secs(60)).await);
        assert_eq!(endpoint.requests.count(), 0);
        queue.push(request(&channel), &endpoint.tasks);
        assert_eq!(endpoint.requests.count(), 0);
    }
}
