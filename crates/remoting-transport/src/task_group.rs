//! Groups of tasks that have one owner.

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
use tokio::{
    runtime::Handle,
    task::{AbortHandle, JoinHandle},
};
use tokio_util::task::TaskTracker;

/// A group of tasks that can be awaited and aborted together. Clones refer to the same group.
///
/// A task takes two short locks of its group in its lifetime, and none while it runs. Aborting the group aborts each
/// task, so tasks do not check a common signal whenever they are polled.
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
    /// Creates an empty group.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Spawns a task in this group. If the group was aborted, the task is dropped instead.
    ///
    /// # Panics
    /// Panics if called outside of a tokio runtime.
    pub fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        self.add(task, |member| self.tracker.spawn(member));
    }

    /// Spawns a task in this group on `runtime`. If the group was aborted, the task is dropped instead.
    pub fn spawn_on(&self, task: impl Future<Output = ()> + Send + 'static, runtime: &Handle) {
        self.add(task, |member| self.tracker.spawn_on(member, runtime));
    }

    fn add<F>(&self, task: F, spawn: impl FnOnce(Member<F>) -> JoinHandle<()>) {
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
        // Not under the lock: a runtime that is shutting down drops the task at once, and the drop takes the lock.
        let handle = spawn(Member { task, _leave: leave }).abort_handle();
        let mut members = self.members.lock();
        if members.aborted {
            handle.abort();
        } else if let Some(entry) = members.tasks.get_mut(&id) {
            *entry = Some(handle);
        }
    }

    /// Aborts all tasks at their next `.await`, and rejects new tasks.
    pub fn abort(&self) {
        let tasks = {
            let mut members = self.members.lock();
            members.aborted = true;
            std::mem::take(&mut members.tasks)
        };
        tasks.into_values().flatten().for_each(|task| task.abort());
    }

    /// Returns how many tasks have not ended.
    #[must_use]
    pub fn len(&self) -> usize {
        self.tracker.len()
    }

    /// Returns whether all tasks have ended.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.tracker.is_empty()
    }

    /// Waits until all tasks have ended.
    ///
    /// # Cancel safety
    /// This method is cancel safe. It may be called again.
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

    /// Holds `witness` forever.
    async fn hold(witness: Arc<()>) {
        pending::<()>().await;
        drop(witness);
    }

    #[tokio::test]
    async fn an_aborted_group_drops_its_tasks_and_rejects_new_ones() {
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
