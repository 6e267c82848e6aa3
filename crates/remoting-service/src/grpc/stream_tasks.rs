//! The tasks of a connection's calls.

use std::future::Future;

use remoting_rpc::transport::TaskGroup;

/// The calls of a connection, a task each. They are aborted when this is dropped, with the connection.
#[derive(Default)]
pub(super) struct StreamTasks(TaskGroup);

/// Spawns the calls of a connection.
#[derive(Clone)]
pub(super) struct StreamExecutor(TaskGroup);

impl StreamTasks {
    pub(super) fn executor(&self) -> StreamExecutor {
        StreamExecutor(self.0.clone())
    }
}

impl Drop for StreamTasks {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl<F> hyper::rt::Executor<F> for StreamExecutor
where
    F: Future<Output = ()> + Send + 'static,
{
    fn execute(&self, call: F) {
        self.0.spawn(call);
    }
}
