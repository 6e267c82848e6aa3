//! The shutdown of a client.
//!
//! ```text
//! OPEN ─► DRAINING ───────────► CLOSING ───────────► ENDED
//!         new calls refused,    queues flushed,      callbacks and events delivered,
//!         dials abandoned,      channels closed      all tasks joined
//!         calls finish
//! ```
//!
//! Each arrow has a deadline. Java's `NettyRemotingClient.shutdown` closes at once and never completes the
//! calls in flight.

use std::time::Duration;

use tokio::time::{Instant, timeout_at};

use super::shared::Shared;
use crate::deadline::deadline_after;
use crate::transport::CloseReason;

const REASON: CloseReason = CloseReason::local("the client is shutting down");
/// The time for flushing, for callbacks and for noticing an abort. It exceeds the time a channel has for
/// closing; only user code that blocks its thread needs all of it.
pub(super) const CLOSE_TIMEOUT: Duration = Duration::from_secs(5);

impl Shared {
    pub(super) async fn shut_down(&self) {
        self.endpoint.state.refuse_calls();
        let channels = self.connections.close();

        let deadline = deadline_after(Instant::now(), self.config.endpoint.shutdown_timeout);
        if timeout_at(deadline, self.endpoint.state.permits.all_free()).await.is_err() {
            let calls = self.statistics().in_flight;
            tracing::warn!(calls, "calls in flight fail because the client is shutting down");
        }

        for channel in channels.iter().map(|channel| channel.rpc.clone()).chain(self.endpoint.channels.list())
        {
            channel.close(REASON);
        }
        drop(channels);
        let deadline = deadline_after(Instant::now(), CLOSE_TIMEOUT);
        let closed = self.endpoint.channels.emptied(deadline).await;
        let called_back =
            self.callbacks.ended(deadline).await & self.endpoint.state.callbacks.ended(deadline).await;
        self.abort();
        let ended = self.endpoint.state.tasks.ended(deadline).await && self.events_ended(deadline).await;
        if !(closed && called_back && ended) {
            tracing::warn!(statistics = ?self.statistics(), "the client shut down before all its tasks ended");
        }
    }

    /// Ends everything at once. Calls with callbacks need no abort: they fail, and then call back.
    pub(super) fn abort(&self) {
        self.connections.close();
        if let Some(events) = &self.events {
            events.end_soon();
        }
        #[cfg(feature = "tls")]
        drop(self.tls_watch.lock().take());
        self.endpoint.abort(&CloseReason::local("the client was dropped"));
        self.draining.end();
    }

    /// Waits until the listener has handled its last event. Returns false if `deadline` passes first.
    async fn events_ended(&self, deadline: Instant) -> bool {
        match &self.events {
            Some(events) => timeout_at(deadline, events.end()).await.is_ok(),
            None => true,
        }
    }
}
