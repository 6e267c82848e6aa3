//! The counters of a listener.

use std::sync::atomic::{AtomicU64, Ordering};

/// The counters of a [`Listener`](crate::Listener) since it was bound.
#[derive(Debug, Default)]
pub struct ListenerStatistics {
    pub(super) accepted: AtomicU64,
    pub(super) refused_full: AtomicU64,
    pub(super) refused_by_network: AtomicU64,
    pub(super) refused_by_filter: AtomicU64,
    pub(super) failed: AtomicU64,
    refused_in_prologue: AtomicU64,
    displaced_in_prologue: AtomicU64,
    not_opened: AtomicU64,
}

impl ListenerStatistics {
    /// Returns the number of accepted connections, including those refused afterwards.
    pub fn accepted(&self) -> u64 {
        self.accepted.load(Ordering::Relaxed)
    }

    /// Returns the number of connections closed as soon as they were accepted: the sum of the next three counters.
    pub fn refused(&self) -> u64 {
        self.refused_full() + self.refused_by_network() + self.refused_by_filter()
    }

    /// Returns the number of connections closed at once because
    /// [`ListenerOptions::max_connections`](crate::ListenerOptions::max_connections) were open.
    pub fn refused_full(&self) -> u64 {
        self.refused_full.load(Ordering::Relaxed)
    }

    /// Returns the number of connections closed at once because
    /// [`ListenerOptions::max_connections_per_network`](crate::ListenerOptions::max_connections_per_network) were
    /// open.
    pub fn refused_by_network(&self) -> u64 {
        self.refused_by_network.load(Ordering::Relaxed)
    }

    /// Returns the number of connections closed at once because a [`ConnectionFilter`](crate::ConnectionFilter)
    /// rejected them or panicked.
    pub fn refused_by_filter(&self) -> u64 {
        self.refused_by_filter.load(Ordering::Relaxed)
    }

    /// Returns the number of connections that failed in their prologue: refused by a step, broken or timed out.
    /// Connections that the peer closed without sending a byte, such as health checks, do not count.
    pub fn refused_in_prologue(&self) -> u64 {
        self.refused_in_prologue.load(Ordering::Relaxed)
    }

    /// Returns the number of connections displaced from their prologue by newer connections, because
    /// [`ListenerOptions::max_pending_prologues`](crate::ListenerOptions::max_pending_prologues) were pending.
    pub fn displaced_in_prologue(&self) -> u64 {
        self.displaced_in_prologue.load(Ordering::Relaxed)
    }

    /// Returns the number of connections closed after their prologue because no channel could be opened: a
    /// [`ChannelInitializer`](crate::ChannelInitializer) failed or panicked, or the function that returns the sink
    /// panicked.
    pub fn not_opened(&self) -> u64 {
        self.not_opened.load(Ordering::Relaxed)
    }

    /// Returns how often the system failed to accept.
    pub fn failed(&self) -> u64 {
        self.failed.load(Ordering::Relaxed)
    }

    pub(crate) fn count_refused_in_prologue(&self) {
        self.refused_in_prologue.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn count_not_opened(&self) {
        self.not_opened.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn count_displaced_in_prologue(&self) {
        self.displaced_in_prologue.fetch_add(1, Ordering::Relaxed);
    }
}
