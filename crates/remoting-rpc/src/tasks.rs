use std::future::Future;
use std::pin::Pin;

use remoting_transport::TaskGroup;
use tokio::runtime::{Handle, RuntimeFlavor};
use tokio::time::{Instant, timeout_at};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// A request in an executor, or a call with a callback.
pub(crate) type Job = Pin<Box<dyn Future<Output = ()> + Send + 'static>>;

/// The tasks of an endpoint. None outlives it.
#[derive(Debug, Default, Clone)]
pub(crate) struct TaskScope {
    tasks: TaskGroup,
    /// Counts the tasks that another runtime or thread polls.
    elsewhere: TaskTracker,
    /// Cancels them.
    abort: CancellationToken,
    home: Home,
}

/// Where the tasks of an endpoint run.
#[derive(Debug, Default, Clone)]
pub(crate) enum Home {
    /// On the runtime that spawns them.
    #[default]
    Caller,
    /// All on one runtime, whichever thread spawns them.
    Runtime(Handle),
    /// The channels run on event loops, and what their tasks spawn runs there too. Executors run on this runtime.
    EventLoops(Handle),
}

impl Home {
    /// Returns the home of tasks that have nothing to do with a channel's: they outlive the runtime that spawns them.
    pub(crate) fn without_event_loops(self) -> Self {
        match self {
            Self::EventLoops(runtime) => Self::Runtime(runtime),
            home => home,
        }
    }
}

impl TaskScope {
    pub(crate) fn new(home: Home) -> Self {
        Self { home, ..Self::default() }
    }

    /// Returns the runtime of executors.
    pub(crate) fn runtime(&self) -> Handle {
        match &self.home {
            Home::Caller => Handle::current(),
            Home::Runtime(runtime) | Home::EventLoops(runtime) => runtime.clone(),
        }
    }

    /// Returns whether the tasks of executors run on the same single thread as the channels. Called on that of a channel.
    pub(crate) fn share_one_thread(&self) -> bool {
        match &self.home {
            Home::Caller => has_one_thread(&Handle::current()),
            Home::Runtime(runtime) => has_one_thread(runtime),
            Home::EventLoops(_) => false,
        }
    }

    /// Spawns a task. It ends at its next await after [`abort`](Self::abort).
    pub(crate) fn spawn(&self, job: impl Future<Output = ()> + Send + 'static) {
        match &self.home {
            Home::Caller => self.tasks.spawn(job),
            Home::Runtime(runtime) => self.tasks.spawn_on(job, runtime),
            Home::EventLoops(runtime) => match Handle::try_current() {
                Ok(event_loop) => self.tasks.spawn_on(job, &event_loop),
                Err(_outside) => self.tasks.spawn_on(job, runtime),
            },
        }
    }

    /// Like [`spawn`](Self::spawn), on the runtime of executors.
    pub(crate) fn spawn_on_runtime(&self, job: impl Future<Output = ()> + Send + 'static) {
        match &self.home {
            Home::Caller => self.tasks.spawn(job),
            Home::Runtime(runtime) | Home::EventLoops(runtime) => self.tasks.spawn_on(job, runtime),
        }
    }

    /// Like [`spawn`](Self::spawn), but returns the job for another runtime or thread.
    pub(crate) fn track(&self, job: Job) -> Job {
        let abort = self.abort.clone();
        Box::pin(self.elsewhere.track_future(async move {
            let _ = abort.run_until_cancelled_owned(job).await;
        }))
    }

    /// Drops all tasks at their next await.
    pub(crate) fn abort(&self) {
        self.tasks.abort();
        self.abort.cancel();
    }

    /// Returns the number of running tasks.
    pub(crate) fn len(&self) -> usize {
        self.tasks.len() + self.elsewhere.len()
    }

    /// Waits until every task has ended. Returns false at `deadline`.
    pub(crate) async fn ended(&self, deadline: Instant) -> bool {
        self.elsewhere.close();
        let all = async {
            self.tasks.ended().await;
            self.elsewhere.wait().await;
        };
        timeout_at(deadline, all).await.is_ok()
    }
}

/// Returns whether tasks of this runtime never run in parallel.
pub(crate) fn has_one_thread(runtime: &Handle) -> bool {
    runtime.runtime_flavor() == RuntimeFlavor::CurrentThread || runtime.metrics().num_workers() == 1
}
