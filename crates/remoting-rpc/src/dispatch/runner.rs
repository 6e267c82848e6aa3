//! A task of the runtime that runs the requests of a channel.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use remoting_transport::catch_panic;
use tokio::time::Instant;

use super::CLOCK_INTERVAL;
use super::idle_task::IdleTask;
use super::pending_response::PendingResponse;
use super::run_queue::{Begin, QueuedRequest, RunQueue};
use super::unfinished::Unfinished;
use crate::extensions::Extensions;
use crate::latency::Outcome;
use crate::processor::Started;
use crate::tasks::TaskScope;

/// Polls the requests of a [`RunQueue`] once each. A request that is pending moves to a task of its own.
pub(super) struct Runner {
    queue: Arc<RunQueue>,
    tasks: TaskScope,
    idle: IdleTask,
    /// It was spawned or woken, and is not polled yet.
    scheduled: bool,
    /// No request is lost if this runner is dropped.
    ended: bool,
}

/// The time that a runner takes of its thread before it yields.
const SLICE: Duration = Duration::from_micros(100);

/// The most requests between two yields: one more than a multiple of [`CLOCK_INTERVAL`], where the slice is checked.
const LONGEST_SLICE: u32 = 65;

/// A processor that takes longer than this computes. If there are several threads, its requests get tasks of their own.
const COMPUTES: Duration = Duration::from_micros(25);

impl Runner {
    /// Creates a scheduled runner.
    pub(super) fn new(queue: Arc<RunQueue>, tasks: TaskScope) -> Self {
        Self { queue, tasks, idle: IdleTask::default(), scheduled: true, ended: false }
    }

    /// Runs one request, and yields. Its answer may have woken the task of the channel, and a request that waits has spawned a
    /// task. That task is then the next one of this thread, and no other thread can take it: a further request that computes
    /// would hold it up.
    fn run_one(&mut self, request: QueuedRequest, cx: &Context<'_>) -> Poll<()> {
        let (registration, started) = (Arc::clone(&request.registration), Instant::now());
        self.run(request);
        if started.elapsed() > COMPUTES {
            registration.mark_computes();
        }
        self.end_turn(cx)
    }

    /// Runs requests, beginning with this one, and yields after a while.
    fn run_slice(&mut self, first: QueuedRequest, cx: &Context<'_>) -> Poll<()> {
        let started = Instant::now();
        let (mut next, mut count) = (Some(first), 0);
        while let Some(request) = next {
            self.run(request);
            count += 1;
            if count % CLOCK_INTERVAL == 1 && (count >= LONGEST_SLICE || started.elapsed() >= SLICE) {
                return self.end_turn(cx);
            }
            next = self.queue.pop();
        }
        self.ended = true;
        Poll::Ready(())
    }

    fn end_turn(&mut self, cx: &Context<'_>) -> Poll<()> {
        self.queue.end();
        self.yield_scheduled(cx)
    }

    fn yield_scheduled(&mut self, cx: &Context<'_>) -> Poll<()> {
        self.scheduled = true;
        cx.waker().wake_by_ref();
        Poll::Pending
    }

    /// Runs one request as far as it goes without waiting.
    fn run(&mut self, request: QueuedRequest) {
        let QueuedRequest { registration, interceptors, guard, permit, info, request } = request;
        let pending = PendingResponse { guard, permit, info };
        if pending.guard.channel().is_peer_gone() && !registration.runs_to_end(info) {
            pending.abandoned();
            info.latency.record(Outcome::Cancelled, None);
            return;
        }
        // A pending request is polled again in its own task at once.
        let cx = &mut Context::from_waker(Waker::noop());
        let (mut response, mut after) = (None, None);
        let task = self.idle.of(&registration);
        let channel = pending.guard.channel();
        let started = catch_panic(|| {
            if interceptors.is_empty() {
                return task.start((channel.clone(), Extensions::new()), &info, request, &mut response, cx);
            }
            interceptors.as_ref().start(task, (channel, info), request, &mut response, &mut after, cx)
        });
        match started {
            Ok(Started::Ready { encoded }) => pending.give(info.answer_with(response, encoded)),
            other => {
                if let Some(unfinished) = Unfinished::of(other, after, &mut self.idle, channel, info) {
                    unfinished.settle(pending, registration);
                }
            }
        }
    }
}

impl Future for Runner {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let this = self.get_mut();
        this.scheduled = false;
        match this.queue.begin() {
            Begin::Run(request) if this.queue.is_parallel() => this.run_one(request, cx),
            Begin::Run(request) => this.run_slice(request, cx),
            Begin::Spawn => {
                // A spawned task is the next one of this thread, and no other thread can take it. So the new runner runs the
                // next request, and this one is left to the others.
                this.tasks.spawn(Self::new(Arc::clone(&this.queue), this.tasks.clone()));
                this.yield_scheduled(cx)
            }
            Begin::End => {
                this.ended = true;
                Poll::Ready(())
            }
        }
    }
}

impl Drop for Runner {
    fn drop(&mut self) {
        if !self.ended {
            self.queue.clear(self.scheduled);
        }
    }
}
