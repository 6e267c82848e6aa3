use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread,
};

use tokio::{
    runtime::{Builder, Handle, Runtime},
    sync::oneshot,
};
use tokio_util::{sync::CancellationToken, task::task_tracker::TaskTrackerToken};

use crate::panic::catch_panic;

/// One loop of a group: the runtime of its thread, and its number of connections.
pub(super) struct EventLoop {
    pub(super) runtime: Handle,
    pub(super) connections: Arc<AtomicUsize>,
    ended: Arc<AtomicBool>,
}

impl EventLoop {
    /// Starts the thread. It ends when `end` is cancelled, and drops `running` last.
    pub(super) async fn start(
        number: usize,
        end: CancellationToken,
        running: TaskTrackerToken,
    ) -> io::Result<Self> {
        let name = format!("remoting-loop-{number}");
        let (started, starting) = oneshot::channel();
        let ended = Arc::<AtomicBool>::default();
        // The thread makes its runtime: a runtime that is dropped in an async context panics.
        let run = {
            let (name, ended) = (name.clone(), Arc::clone(&ended));
            move || {
                let _running = running;
                let mut builder = Builder::new_current_thread();
                match builder.enable_all().thread_name(format!("{name}-blocking")).build() {
                    Ok(runtime) => {
                        let _ended = started.send(Ok(runtime.handle().clone()));
                        run(runtime, &name, &end, &ended);
                    }
                    Err(error) => {
                        let _ended = started.send(Err(error));
                    }
                }
            }
        };
        thread::Builder::new().name(name).spawn(run)?;
        let runtime = starting.await.map_err(io::Error::other)??;
        Ok(Self { runtime, connections: Arc::default(), ended })
    }

    /// Returns whether the loop takes connections.
    pub(super) fn runs(&self) -> bool {
        !self.ended.load(Ordering::Relaxed)
    }
}

/// Runs an event loop until `end` is cancelled.
fn run(runtime: Runtime, name: &str, end: &CancellationToken, ended: &AtomicBool) {
    // Panics of tasks are caught by the runtime. A waker of the user that panics on a timer is not.
    let panic = catch_panic(|| runtime.block_on(end.cancelled())).err();
    ended.store(true, Ordering::Relaxed);
    if let Some(panic) = panic {
        tracing::error!("{name} panicked, its connections are closed: {panic}");
    }
    // Drops the tasks. Does not wait for the threads of blocking tasks.
    runtime.shutdown_background();
}
