//! Event loops: threads that run connections, each on a runtime of its own.

#[cfg(test)]
mod tests;
mod thread;

use std::{
    fmt,
    future::{Future, poll_fn},
    io,
    pin::{Pin, pin},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll, ready},
};

use pin_project_lite::pin_project;
use tokio::runtime::Handle;
use tokio_util::{
    sync::{CancellationToken, DropGuard},
    task::TaskTracker,
};

use self::thread::EventLoop;
use crate::task_group::TaskGroup;

/// A group of event loops: threads named `remoting-loop-0`, `remoting-loop-1` and so on, each with a current-thread tokio
/// runtime of its own. Equivalent of Netty's `EventLoopGroup`.
///
/// A listener with a group ([`Listener::event_loops`](crate::Listener::event_loops)) gives each accepted connection to
/// the loop with the fewest connections, and to each in turn among equals. The connection stays on its loop.
///
/// Clones are the same group. The loops end when they are [aborted](Self::abort), when the last clone is dropped, or when
/// the runtime that the group was started in ends. Tasks on them are then dropped.
#[derive(Clone)]
pub struct EventLoopGroup(Arc<Group>);

struct Group {
    loops: Vec<EventLoop>,
    /// The loop after the one that received the last connection.
    next: AtomicUsize,
    threads: TaskTracker,
    end: CancellationToken,
    _end_on_drop: DropGuard,
}

impl EventLoopGroup {
    /// Starts `count` event loops. Zero counts as one.
    ///
    /// # Cancellation
    /// Dropping this future ends the loops that have started.
    ///
    /// # Errors
    /// Returns the error of the system if it cannot start a thread or has no file descriptors left for a runtime.
    ///
    /// # Panics
    /// Panics if called outside of a tokio runtime.
    pub async fn start(count: usize) -> io::Result<Self> {
        let (end, threads) = (CancellationToken::new(), TaskTracker::new());
        let end_on_drop = end.clone().drop_guard();
        let mut loops = Vec::new();
        for number in 0..count.max(1) {
            loops.push(EventLoop::start(number, end.clone(), threads.token()).await?);
        }
        threads.close();
        // Dropped with the runtime that it runs on.
        tokio::spawn({
            let (end, end_on_drop) = (end.clone(), end.clone().drop_guard());
            async move {
                let _end_on_drop = end_on_drop;
                end.cancelled().await;
            }
        });
        Ok(Self(Arc::new(Group {
            loops,
            next: AtomicUsize::new(0),
            threads,
            end,
            _end_on_drop: end_on_drop,
        })))
    }

    /// Ends the loops. Their tasks are dropped, a running task at its next `.await`.
    pub fn abort(&self) {
        self.0.end.cancel();
    }

    /// Waits until all loops have ended.
    ///
    /// # Cancel safety
    /// This method is cancel safe. It may be called again.
    pub async fn ended(&self) {
        self.0.threads.wait().await;
    }

    /// Polls `accept` in the context of the loop with the fewest connections. Sockets are registered with the runtime in
    /// whose context they are created, so the accepted one is registered with its loop. Returns `None` as soon as all
    /// loops have ended.
    pub(crate) async fn register<T>(&self, accept: impl Future<Output = T>) -> Option<(T, Registration)> {
        let mut accept = pin!(accept);
        let registered = poll_fn(|cx| {
            let Some((index, event_loop)) = self.least_used() else { return Poll::Ready(None) };
            let _context = event_loop.runtime.enter();
            let accepted = ready!(accept.as_mut().poll(cx));
            self.0.next.store(index + 1, Ordering::Relaxed);
            Poll::Ready(Some((accepted, Registration::new(event_loop))))
        });
        tokio::select! {
            biased;
            registered = registered => registered,
            () = self.ended() => None,
        }
    }

    fn least_used(&self) -> Option<(usize, &EventLoop)> {
        let (loops, next) = (&self.0.loops, self.0.next.load(Ordering::Relaxed));
        let in_turn = (0..loops.len()).map(|turn| (next + turn) % loops.len());
        let running = in_turn.map(|index| (index, &loops[index])).filter(|(_, event_loop)| event_loop.runs());
        running.min_by_key(|(_, event_loop)| event_loop.connections.load(Ordering::Relaxed))
    }
}

impl fmt::Debug for EventLoopGroup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let connections =
            self.0.loops.iter().map(|event_loop| event_loop.connections.load(Ordering::Relaxed));
        f.debug_struct("EventLoopGroup")
            .field("connections", &connections.collect::<Vec<_>>())
            .finish_non_exhaustive()
    }
}

/// The place of a connection on its event loop. Dropping it makes the place free.
pub(crate) struct Registration {
    runtime: Handle,
    connections: Arc<AtomicUsize>,
}

impl Registration {
    fn new(event_loop: &EventLoop) -> Self {
        let connections = Arc::clone(&event_loop.connections);
        connections.fetch_add(1, Ordering::Relaxed);
        Self { runtime: event_loop.runtime.clone(), connections }
    }

    /// Spawns the task of the connection on its loop, as a task of `tasks`.
    pub(crate) fn spawn(self, tasks: &TaskGroup, task: impl Future<Output = ()> + Send + 'static) {
        let runtime = self.runtime.clone();
        tasks.spawn_on(Registered { task, _registration: self }, &runtime);
    }
}

impl Drop for Registration {
    fn drop(&mut self) {
        self.connections.fetch_sub(1, Ordering::Relaxed);
    }
}

pin_project! {
    struct Registered<F> {
        #[pin]
        task: F,
        _registration: Registration,
    }
}

impl<F: Future<Output = ()>> Future for Registered<F> {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        self.project().task.poll(cx)
    }
}
