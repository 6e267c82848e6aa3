//! The reusable task for requests that are polled where they are started.

use std::pin::Pin;
use std::sync::Arc;

use crate::processor::{AfterHooks, Registration, RequestFuture, RequestTask};

/// The task that the task of a channel, or a [`Runner`](super::runner::Runner), keeps for the next request that it polls. That
/// request usually has the same code as the last one.
#[derive(Default)]
pub(super) struct IdleTask(Option<Kept>);

struct Kept {
    registration: Arc<Registration>,
    task: Pin<Box<dyn RequestTask>>,
}

impl IdleTask {
    /// The maximum size, in bytes, of a task that an idle channel keeps. It is checked after every read, so a processor with a
    /// larger future costs one allocation per read.
    const KEPT: usize = 768;

    /// Returns the task for a request of this registration.
    #[inline]
    pub(super) fn of(&mut self, registration: &Arc<Registration>) -> Pin<&mut dyn RequestTask> {
        if self.0.as_ref().is_some_and(|kept| !Arc::ptr_eq(&kept.registration, registration)) {
            self.0 = None;
        }
        let kept = self.0.get_or_insert_with(|| Kept {
            registration: Arc::clone(registration),
            task: Arc::clone(&registration.processor).request_task(),
        });
        kept.task.as_mut()
    }

    /// Takes the task, because its request is pending. `after` runs when the request is done.
    pub(super) fn take(&mut self, after: Option<Box<AfterHooks>>) -> Option<RequestFuture> {
        let future = self.0.take()?.task as RequestFuture;
        Some(match after {
            Some(after) => after.behind(future),
            None => future,
        })
    }

    /// Drops a task that is too large to keep while the channel is idle.
    pub(super) fn trim(&mut self) {
        if self.0.as_ref().is_some_and(|kept| size_of_val(&*kept.task) > Self::KEPT) {
            self.0 = None;
        }
    }
}

#[cfg(test)]
mod tests {
    use remoting_transport::protocol::RemotingCommand;

    use super::*;

    fn registration<const SIZE: usize>() -> Arc<Registration> {
        let processor = |_ctx, request| {
            let ballast = [0_u8; SIZE];
            async move {
                std::future::ready(()).await;
                let _ballast = ballast;
                Ok::<RemotingCommand, _>(request)
            }
        };
        Arc::new(Registration::new(crate::Executor::inline(), processor))
    }

    #[test]
    fn requests_of_one_registration_share_a_task_and_others_do_not() {
        let (one, other) = (registration::<0>(), registration::<0>());
        let mut idle = IdleTask::default();
        idle.of(&one);
        assert_eq!(Arc::strong_count(&one), 2);
        idle.of(&one);
        assert_eq!(Arc::strong_count(&one.processor), 2, "one task");
        idle.of(&other);
        assert_eq!((Arc::strong_count(&one), Arc::strong_count(&one.processor)), (1, 1));
        assert!(idle.take(None).is_some());
        assert!(idle.take(None).is_none(), "a task that waits is not used again");
    }

    #[test]
    fn an_idle_channel_keeps_only_small_tasks() {
        let mut idle = IdleTask::default();
        idle.of(&registration::<0>());
        idle.trim();
        assert!(idle.0.is_some());
        idle.of(&registration::<{ IdleTask::KEPT }>());
        idle.trim();
        assert!(idle.0.is_none());
    }
}
