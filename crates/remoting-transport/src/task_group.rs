//! Tasks that have one owner.

use std::{
    fmt,
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use parking_lot::Mutex;
use pin_project_lite::pin_project;
use rustc_hash::FxHashMap;
use tokio::task::AbortHandle;
use tokio_util::task::TaskTracker;

/// A set of tasks that can be waited for and ended together. Clones are the same group.
///
/// A task costs the group two short locks in its whole life and nothing while it runs: ending the group aborts each
/// task, so that no task has to look at a common signal whenever it is polled.
#[derive(Clone, Default)]
pub struct TaskGroup {
    tracker: TaskTracker,
    members: Arc<Mutex<Members>>,
}

#[derive(Default)]
struct Members {
    next: u64,
    /// `None` while the task is being spawned.
    tasks: FxHashMap<u64, Option<AbortHandle>>,
    aborted: bool,
}

impl TaskGroup {
    /// An empty group.
    pub fn new() -> Self {
        Self::default()
    }

    /// Spawns a task of this group. In a group that has been aborted it is dropped instead.
    ///
    /// # Panics
    /// Outside a tokio runtime.
    pub fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        let id = {
            let mut members = self.members.lock();
            if members.aborted {
                return;
            }
            members.next += 1;
            let id = members.next;
            members.tasks.insert(id, None);
            id
        };
        let leave = Leave { members: Arc::clone(&self.members), id };
        // Not under the lock: a runtime that is shutting down drops the task, which leaves the group, at once.
        let handle = self.tracker.spawn(Member { task, _leave: leave }).abort_handle();
        let mut members = self.members.lock();
        if members.aborted {
            handle.abort();
        } else if let Some(place) = members.tasks.get_mut(&id) {
            *place = Some(handle);
        }
    }

    /// Ends all tasks at their next await, and lets no new one in.
    pub fn abort(&self) {
        let tasks = {
            let mut members = self.members.lock();
            members.aborted = true;
            std::mem::take(&mut members.tasks)
        };
        tasks.into_values().flatten().for_each(|task| task.abort());
    }

    /// How many tasks have not ended.
    pub fn len(&self) -> usize {
        self.tracker.len()
    }

    /// Whether all tasks have ended.
    pub fn is_empty(&self) -> bool {
        self.tracker.is_empty()
    }

    /// Waits until all tasks have ended.
    ///
    /// # Cancellation
    /// Dropping this future changes nothing.
    pub async fn ended(&self) {
        self.tracker.close();
        self.tracker.wait().await;
    }
}

pin_project! {
    struct Member<F> {
        #[pin]
        task: F,
        _leave: Leave,
    }
}

struct Leave {
    members: Arc<Mutex<Members>>,
    id: u64,
}

impl<F: Future<Output = ()>> Future for Member<F> {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        self.project().task.poll(cx)
    }
}

impl Drop for Leave {
    fn drop(&mut self) {
        let handle = self.members.lock().tasks.remove(&self.id);
        drop(handle);
    }
}

impl fmt::Debug for TaskGroup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TaskGroup").field("len", &self.len()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::{future::pending, sync::Weak};

    use super::*;

    /// A task that holds `witness` for ever.
    async fn hold(witness: Arc<()>) {
        pending::<()>().await;
        drop(witness);
    }

    #[tokio::test]
    async fn an_aborted_group_drops_its_tasks_and_takes_no_more() {
        let group = TaskGroup::new();
        let held: Vec<Weak<()>> = (0..10)
            .map(|_| {
                let witness = Arc::new(());
                group.spawn(hold(Arc::clone(&witness)));
                Arc::downgrade(&witness)
            })
            .collect();
        assert_eq!(group.len(), 10);
        group.abort();
        group.ended().await;
        assert!(held.iter().all(|witness| witness.strong_count() == 0));

        let witness = Arc::new(());
        group.spawn(hold(Arc::clone(&witness)));
        assert_eq!(Arc::strong_count(&witness), 1);
        assert!(group.is_empty());
    }

    #[tokio::test]
    async fn a_task_that_ends_leaves_nothing_in_the_group() {
        let group = TaskGroup::new();
        for _ in 0..10 {
            group.spawn(async {});
        }
        group.ended().await;
        assert!(group.members.lock().tasks.is_empty());
    }
}
