//! The task that removes brokers: those whose channel is closed, and those whose heartbeats have stopped.

use std::sync::Arc;

use remoting::ChannelId;
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::task::{JoinHandle, spawn_blocking};
use tokio::time::{Instant, sleep_until};

use super::state::State;

/// Runs until it is aborted.
pub(super) async fn keep_house(state: Arc<State>, mut closed: UnboundedReceiver<ChannelId>) {
    let mut channels = Vec::new();
    let mut last_scan = Instant::now();
    loop {
        let next_scan = last_scan + state.config().scan_not_active_broker_interval;
        tokio::select! {
            biased;
            // All that wait at once: a switch that fails closes many channels.
            count = closed.recv_many(&mut channels, usize::MAX) => if count == 0 { return },
            () = sleep_until(next_scan) => last_scan = Instant::now(),
        }
        let (state, closed) = (Arc::clone(&state), std::mem::take(&mut channels));
        // Many topics take milliseconds, for which no thread of the runtime should be taken.
        let removal = spawn_blocking(move || {
            let config = state.config();
            let removal = if closed.is_empty() {
                let removal = state.registry.unregister_expired(&config);
                state.counters.expired(removal.brokers);
                removal
            } else {
                let removal = state.registry.unregister_channels(&closed, &config);
                state.counters.disconnected(removal.brokers);
                removal
            };
            state.notify(removal.notices);
        });
        if let Err(error) = removal.await {
            tracing::error!(%error, "brokers could not be removed");
        }
    }
}

/// Aborts a task when it is dropped.
#[derive(Debug)]
pub(super) struct AbortOnDrop(pub(super) JoinHandle<()>);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}
