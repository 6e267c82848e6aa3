//! The requests of a channel that wait for a task of the runtime.

use std::collections::VecDeque;
use std::mem;
use std::sync::Arc;

use parking_lot::{Mutex, MutexGuard};
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
/// with several threads, another runner is always scheduled while requests wait, and an idle thread takes it over: requests run
/// in parallel, and none waits behind one that computes.
///
/// While many requests wait, there are more runners, by one in each round of them. The task of the channel, which the first
/// response wakes, waits for its turn behind them, and then writes the responses of all of them at once.
pub(super) struct RunQueue {
    state: Mutex<State>,
    /// Whether the runtime has several threads.
    parallel: bool,
}

#[derive(Default)]
struct State {
    requests: VecDeque<QueuedRequest>,
    /// How many runners were spawned or woken, and are not polled yet.
    scheduled: usize,
    /// How many turns have begun since a runner was spawned.
    turns: usize,
}

impl State {
    /// Returns whether another runner should take the turn that begins, because requests are left for other threads.
    fn needs_runner(&self) -> bool {
        let one_a_round = self.turns >= self.scheduled && self.scheduled < MAX_SCHEDULED;
        self.requests.len() > 1 && (self.scheduled == 1 || one_a_round)
    }
}

/// What a scheduled runner does in its turn.
#[allow(clippy::large_enum_variant, reason = "it is taken apart at once")]
pub(super) enum Begin {
    Run(QueuedRequest),
    /// It spawns another runner, and stays scheduled, because requests are left for other threads.
    Spawn,
    /// It ends, because no request waits.
    End,
}

/// Runners are spawned until this many are scheduled.
const MAX_SCHEDULED: usize = 32;

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

    /// Returns whether no request waits.
    pub(super) fn is_empty(&self) -> bool {
        self.state.lock().requests.is_empty()
    }

    /// Queues a request, and spawns a runner unless one is scheduled.
    pub(super) fn push(self: &Arc<Self>, request: QueuedRequest, tasks: &TaskScope) {
        let spawns = {
            let mut state = self.state.lock();
            if state.requests.capacity() == 0 {
                state.requests.reserve(FIRST_CAPACITY);
            }
            state.requests.push_back(request);
            let spawns = state.scheduled == 0;
            state.scheduled += usize::from(spawns);
            spawns
        };
        if spawns {
            tasks.spawn_on_runtime(Runner::new(Arc::clone(self), tasks.clone()));
        }
    }

    /// Begins a turn of a scheduled runner.
    pub(super) fn begin(&self) -> Begin {
        let mut state = self.state.lock();
        if self.parallel && state.needs_runner() {
            state.turns = 0;
            state.scheduled += 1;
            return Begin::Spawn;
        }
        state.turns += 1;
        state.scheduled -= 1;
        Self::take(state).map_or(Begin::End, Begin::Run)
    }

    /// Takes the next request.
    pub(super) fn pop(&self) -> Option<QueuedRequest> {
        Self::take(self.state.lock())
    }

    /// An empty queue releases its memory.
    fn take(mut state: MutexGuard<'_, State>) -> Option<QueuedRequest> {
        let next = state.requests.pop_front();
        if next.is_none() {
            let released = mem::take(&mut state.requests);
            drop(state);
            drop(released);
        }
        next
    }

    /// Ends a turn: the runner is scheduled again.
    pub(super) fn end(&self) {
        self.state.lock().scheduled += 1;
    }

    /// Drops all requests, because a runner was dropped: the tasks of the endpoint are aborted.
    pub(super) fn clear(&self, was_scheduled: bool) {
        let dropped = {
            let mut state = self.state.lock();
            state.scheduled -= usize::from(was_scheduled);
            mem::take(&mut state.requests)
        };
        drop(dropped);
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use remoting_transport::protocol::RequestCode;
    use remoting_transport::{Channel, ChannelPipeline, EmbeddedChannel};
    use tokio::runtime::Builder;

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

    fn channel() -> (Arc<EndpointState>, RpcChannel) {
        let embedded = EmbeddedChannel::new(|_: &Channel, _: &mut ChannelPipeline| Ok(())).unwrap();
        let endpoint = Arc::new(EndpointState::new(EndpointLimits::new(1, 1), None, Home::Caller));
        let channel = RpcChannel::new(embedded.channel().clone(), Arc::clone(&endpoint));
        (endpoint, channel)
    }

    #[test]
    fn there_are_few_runners_however_many_requests_wait() {
        let several = Builder::new_multi_thread().worker_threads(2).build().unwrap();
        let one = Builder::new_current_thread().enable_time().build().unwrap();
        one.block_on(async {
            let (endpoint, channel) = channel();
            // It queues for several threads, but all runners run on this one.
            let queue = Arc::new(RunQueue::new(several.handle()));
            for _ in 0..5_000 {
                queue.push(request(&channel), &endpoint.tasks);
            }
            let mut most = 0;
            for _ in 0..10_000 {
                most = endpoint.tasks.len().max(most);
                tokio::task::yield_now().await;
            }
            assert_eq!((endpoint.requests.count(), endpoint.tasks.len()), (0, 0));
            assert!(most > 1 && most <= MAX_SCHEDULED + 1, "{most}");
        });
    }

    #[tokio::test]
    async fn after_an_abort_a_request_is_dropped_and_does_not_wait_for_a_runner_that_was_dropped() {
        let (endpoint, channel) = channel();
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
