//! One dial, and those who wait for it.

use std::sync::Arc;

use parking_lot::Mutex;
use tokio::sync::Notify;
use tokio::time::Instant;

use super::backoff::Pause;

/// How a dial stands, for everyone who waits for it.
#[derive(Debug)]
pub(in crate::client) enum Dial<C, E> {
    /// It may have to wait for the end of a pause first.
    UnderWay(Option<Pause<E>>),
    Connected(C),
    Failed(E),
    GivenUp,
}

/// Shared by the slot, the ticket and the waiters.
#[derive(Debug)]
pub(in crate::client) struct Progress<C, E> {
    dial: Mutex<Dial<C, E>>,
    /// Wakes those who wait in the order in which they came.
    changed: Notify,
}

impl<C, E> Progress<C, E> {
    /// A dial that begins, after `pause` if there is one.
    pub(in crate::client) fn new(pause: Option<Pause<E>>) -> Self {
        Self { dial: Mutex::new(Dial::UnderWay(pause)), changed: Notify::new() }
    }

    /// The outcome of a dial that has none yet.
    pub(in crate::client) fn end(&self, outcome: Dial<C, E>) {
        let mut dial = self.dial.lock();
        if let Dial::UnderWay(_) = *dial {
            let pause = std::mem::replace(&mut *dial, outcome);
            drop(dial);
            self.changed.notify_waiters();
            drop(pause);
        }
    }

    /// Waits until `look` finds what it looks for. Cancellation safe.
    pub(in crate::client) async fn find<T>(&self, look: impl Fn(&Dial<C, E>) -> Option<T>) -> T {
        loop {
            let changed = self.changed.notified();
            if let Some(found) = look(&self.dial.lock()) {
                return found;
            }
            changed.await;
        }
    }
}

/// What becomes of a dial. Dropped before it is known, it was given up.
#[derive(Debug)]
pub(in crate::client) struct Outcome<C, E> {
    pub(in crate::client) progress: Arc<Progress<C, E>>,
}

impl<C, E> Drop for Outcome<C, E> {
    fn drop(&mut self) {
        self.progress.end(Dial::GivenUp);
    }
}

/// Waits for a dial that somebody makes. Dropping it harms nobody.
#[derive(Debug)]
pub(in crate::client) struct Waiter<C, E> {
    pub(in crate::client) progress: Arc<Progress<C, E>>,
}

impl<C: Clone, E: Clone> Waiter<C, E> {
    /// The pause that the dial waits for, if that ends after `deadline`.
    pub(in crate::client) fn pauses_beyond(&self, deadline: Instant) -> Option<Pause<E>> {
        match &*self.progress.dial.lock() {
            Dial::UnderWay(Some(pause)) if pause.until > deadline => Some(pause.clone()),
            _ => None,
        }
    }

    /// The outcome; `None` if the dial was given up ([`ConnectionTable::take`], [`ConnectionTable::close`] or a
    /// dropped [`Ticket`]). Cancellation safe.
    pub(in crate::client) async fn wait(self) -> Option<Result<C, E>> {
        let outcome = self.progress.find(|dial| match dial {
            Dial::UnderWay(_) => None,
            Dial::Connected(connection) => Some(Some(Ok(connection.clone()))),
            Dial::Failed(error) => Some(Some(Err(error.clone()))),
            Dial::GivenUp => Some(None),
        });
        outcome.await
    }
}
