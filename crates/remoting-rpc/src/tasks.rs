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
    /// The runtime of executors, if it is not that of the channels.
    runtime: Option<Handle>,
}

impl TaskScope {
    /// Creates a scope whose executors run on `runtime`, if it is given, and otherwise on the runtime of the channels.
    pub(crate) fn new(runtime: Option<Handle>) -> Self {
        Self { runtime, ..Self::default() }
    }

    /// Returns the runtime of executors.
    pub(crate) fn runtime(&self) -> Handle {
        self.runtime.clone().unwrap_or_else(Handle::current)
    }

    /// Returns whether the tasks of executors run on the same single thread as the channels. Called on that of a channel.
    pub(crate) fn share_one_thread(&self) -> bool {
        self.runtime.is_none() && has_one_thread(&Handle::current())
    }

    /// Spawns a task. It ends at its next await after [`abort`](Self::abort).
    pub(crate) fn spawn(&self, job: impl Future<Output = ()> + Send + 'static) {
        self.tasks.spawn(job);
    }

    /// Like [`spawn`](Self::spawn), on the runtime of executors.
    pub(crate) fn spawn_on_runtime(&self, job: impl Future<Output = ()> + Send + 'static) {
        match &self.runtime {
            Some(runtime) => self.tasks.spawn_on(job, runtime),
            None => self.tasks.spawn(job),
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
