use std::future::Future;
use std::pin::Pin;

use remoting_transport::TaskGroup;
use tokio::time::{Instant, timeout_at};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// A request in an executor, or a call with a callback.
pub(crate) type Job = Pin<Box<dyn Future<Output = ()> + Send + 'static>>;

<<<<<<< HEAD
/// The tasks of an endpoint. None outlives it.
#[derive(Debug, Default, Clone)]
pub(crate) struct TaskScope {
    tasks: TaskGroup,
    /// Cancels tasks that another runtime or thread polls.
=======
/// The tasks of an endpoint. None outlives the endpoint.
#[derive(Debug, Default, Clone)]
pub(crate) struct TaskScope {
    tasks: TaskGroup,
    /// Tasks that another runtime or thread polls. A signal drops them.
>>>>>>> 011a0ae (rpc: the calling side in plain English; kinds and errors may grow)
    elsewhere: TaskTracker,
    abort: CancellationToken,
}

impl TaskScope {
<<<<<<< HEAD
    /// Spawns a task. It ends at its next await after [`abort`](Self::abort).
=======
    /// Spawns a task. Once the scope is [aborted](Self::abort), the task ends at its next await.
>>>>>>> 011a0ae (rpc: the calling side in plain English; kinds and errors may grow)
    pub(crate) fn spawn(&self, job: impl Future<Output = ()> + Send + 'static) {
        self.tasks.spawn(job);
    }

<<<<<<< HEAD
    /// Like [`spawn`](Self::spawn), but returns the job for another runtime or thread.
=======
    /// Wraps a job that another runtime or thread runs, with the guarantees of [`spawn`](Self::spawn).
>>>>>>> 011a0ae (rpc: the calling side in plain English; kinds and errors may grow)
    pub(crate) fn track(&self, job: Job) -> Job {
        let abort = self.abort.clone();
        Box::pin(self.elsewhere.track_future(async move {
            let _ = abort.run_until_cancelled_owned(job).await;
        }))
    }

<<<<<<< HEAD
    /// Drops all tasks at their next await.
=======
    /// Drops all running tasks at their next await.
>>>>>>> 011a0ae (rpc: the calling side in plain English; kinds and errors may grow)
    pub(crate) fn abort(&self) {
        self.tasks.abort();
        self.abort.cancel();
    }

<<<<<<< HEAD
    /// Returns the number of running tasks.
=======
    /// Returns the number of tasks that have not ended.
>>>>>>> 011a0ae (rpc: the calling side in plain English; kinds and errors may grow)
    pub(crate) fn len(&self) -> usize {
        self.tasks.len() + self.elsewhere.len()
    }

<<<<<<< HEAD
    /// Waits until every task has ended. Returns false at `deadline`.
=======
    /// Waits until every task has ended. Returns false if `deadline` passes first.
>>>>>>> 011a0ae (rpc: the calling side in plain English; kinds and errors may grow)
    pub(crate) async fn ended(&self, deadline: Instant) -> bool {
        self.elsewhere.close();
        let all = async {
            self.tasks.ended().await;
            self.elsewhere.wait().await;
        };
        timeout_at(deadline, all).await.is_ok()
    }
}
