use std::io;
use std::sync::Arc;
use std::thread::available_parallelism;

use remoting_transport::EventLoopGroup;

use super::error::ServerError;

/// How many event loops run the channels of a server: see
/// [`RemotingServerBuilder::event_loops`](super::RemotingServerBuilder::event_loops).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EventLoops {
    count: usize,
}

impl EventLoops {
    /// This many event loops. Zero means one.
    #[must_use]
    pub const fn new(count: usize) -> Self {
        Self { count: if count == 0 { 1 } else { count } }
    }

    /// One event loop for each core that the process may use, as [`available_parallelism`] counts them. One loop if the
    /// system does not report that number.
    #[must_use]
    pub fn per_core() -> Self {
        Self::new(available_parallelism().map_or(1, usize::from))
    }

    /// Returns the number of event loops.
    #[must_use]
    pub const fn count(self) -> usize {
        self.count
    }

    pub(super) async fn start(self) -> Result<EventLoopGroup, ServerError> {
        let failed = |error: io::Error| ServerError::EventLoops { cause: Arc::new(error) };
        EventLoopGroup::start(self.count).await.map_err(failed)
    }
}
