//! What a listener counts.

use std::sync::atomic::{AtomicU64, Ordering};

/// What a [`Listener`](crate::Listener) has seen, counted since it was bound.
#[derive(Debug, Default)]
pub struct ListenerStatistics {
    pub(super) accepted: AtomicU64,
    pub(super) refused_full: AtomicU64,
    pub(super) refused_by_network: AtomicU64,
    pub(super) refused_by_filter: AtomicU64,
    pub(super) failed: AtomicU64,
    refused_in_prologue: AtomicU64,
    displaced_in_prologue: AtomicU64,
}

impl ListenerStatistics {
    /// Connections accepted, those refused afterwards included.
    pub fn accepted(&self) -> u64 {
        self.accepted.load(Ordering::Relaxed)
    }

    /// Connections closed as soon as they were accepted, for whichever of the next three causes.
    pub fn refused(&self) -> u64 {
        self.refused_full() + self.refused_by_network() + self.refused_by_filter()
    }

    /// Connections closed at once because
    /// [`ListenerOptions::max_connections`](crate::ListenerOptions::max_connections) were open.
    pub fn refused_full(&self) -> u64 {
        self.refused_full.load(Ordering::Relaxed)
    }

    /// Connections closed at once because
    /// [`ListenerOptions::max_connections_per_network`](crate::ListenerOptions::max_connections_per_network) were
    /// open.
    pub fn refused_by_network(&self) -> u64 {
        self.refused_by_network.load(Ordering::Relaxed)
    }

    /// Connections closed at once because a [`ConnectionFilter`](crate::ConnectionFilter) did not let them in, or
    /// panicked.
    pub fn refused_by_filter(&self) -> u64 {
        self.refused_by_filter.load(Ordering::Relaxed)
    }

    /// Connections that a prologue step refused, or that broke or ran out of time there. One that the peer closed
    /// without a byte, as a health check does, is none of them.
    pub fn refused_in_prologue(&self) -> u64 {
        self.refused_in_prologue.load(Ordering::Relaxed)
    }

    /// Connections closed in their prologue to make way for others, because
    /// [`ListenerOptions::max_pending_prologues`](crate::ListenerOptions::max_pending_prologues) were under way.
    pub fn displaced_in_prologue(&self) -> u64 {
        self.displaced_in_prologue.load(Ordering::Relaxed)
    }

    /// Times that the system could not accept.
    pub fn failed(&self) -> u64 {
        self.failed.load(Ordering::Relaxed)
    }

    pub(crate) fn count_refused_in_prologue(&self) {
        self.refused_in_prologue.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn count_displaced_in_prologue(&self) {
        self.displaced_in_prologue.fetch_add(1, Ordering::Relaxed);
    }
}
