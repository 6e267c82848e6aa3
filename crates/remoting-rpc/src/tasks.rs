use std::future::Future;
use std::pin::Pin;

use remoting_transport::TaskGroup;
use tokio::time::{Instant, timeout_at};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// A request on its way through an executor, or a call with a callback.
pub(crate) type Job = Pin<Box<dyn Future<Output = ()> + Send + 'static>>;

/// The tasks that an endpoint has started, so that none outlives it.
#[derive(Debug, Default, Clone)]
pub(crate) struct TaskScope {
    tasks: TaskGroup,
    /// Tasks that another runtime or thread polls, which drops them at a signal.
    elsewhere: TaskTracker,
    abort: CancellationToken,
}

impl TaskScope {
    /// Starts a task, which ends at its next await once the scope is [aborted](Self::abort).
    pub(crate) fn spawn(&self, job: impl Future<Output = ()> + Send + 'static) {
        self.tasks.spawn(job);
    }

    /// As [`spawn`](Self::spawn), but to be run by someone else.
    pub(crate) fn track(&self, job: Job) -> Job {
        let abort = self.abort.clone();
        Box::pin(self.elsewhere.track_future(async move {
            let _ = abort.run_until_cancelled_owned(job).await;
        }))
    }

    /// Drops what is running at its next await.
    pub(crate) fn abort(&self) {
        self.tasks.abort();
        self.abort.cancel();
    }

    /// How many tasks have not ended.
    pub(crate) fn len(&self) -> usize {
        self.tasks.len() + self.elsewhere.len()
    }

    /// Waits until every task has ended; false if `deadline` comes first.
    pub(crate) async fn ended(&self, deadline: Instant) -> bool {
        self.elsewhere.close();
        let all = async {
            self.tasks.ended().await;
            self.elsewhere.wait().await;
        };
        timeout_at(deadline, all).await.is_ok()
    }
}
