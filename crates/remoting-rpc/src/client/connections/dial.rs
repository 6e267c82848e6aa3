//! One dial, and its waiters.

use std::sync::Arc;

use parking_lot::Mutex;
use tokio::sync::Notify;
use tokio::time::Instant;

use super::backoff::Pause;

/// The state of a dial, as its waiters see it.
#[derive(Debug)]
pub(in crate::client) enum Dial<C, E> {
    /// In progress. It may wait for the end of a pause first.
    UnderWay(Option<Pause<E>>),
    Connected(C),
    Failed(E),
    GivenUp,
}

/// Shared by the slot, the ticket and the waiters.
#[derive(Debug)]
pub(in crate::client) struct Progress<C, E> {
    dial: Mutex<Dial<C, E>>,
    /// Wakes the waiters in order of arrival.
    changed: Notify,
}

impl<C, E> Progress<C, E> {
    /// Creates a dial in progress, after `pause` if there is one.
    pub(in crate::client) fn new(pause: Option<Pause<E>>) -> Self {
        Self { dial: Mutex::new(Dial::UnderWay(pause)), changed: Notify::new() }
    }

    /// Sets the outcome, unless the dial has one.
    pub(in crate::client) fn end(&self, outcome: Dial<C, E>) {
        let mut dial = self.dial.lock();
        if let Dial::UnderWay(_) = *dial {
            let pause = std::mem::replace(&mut *dial, outcome);
            drop(dial);
            self.changed.notify_waiters();
            drop(pause);
        }
    }

    /// Waits until `look` returns a value. Cancel safe.
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

/// The outcome of a dial. If dropped before it is known, the dial counts as abandoned.
#[derive(Debug)]
pub(in crate::client) struct Outcome<C, E> {
    pub(in crate::client) progress: Arc<Progress<C, E>>,
}

impl<C, E> Drop for Outcome<C, E> {
    fn drop(&mut self) {
        self.progress.end(Dial::GivenUp);
    }
}

/// Waits for a dial made by another task. It can be dropped at any time.
#[derive(Debug)]
pub(in crate::client) struct Waiter<C, E> {
    pub(in crate::client) progress: Arc<Progress<C, E>>,
}

impl<C: Clone, E: Clone> Waiter<C, E> {
    /// Returns the pause that the dial waits for, if it ends after `deadline`.
    pub(in crate::client) fn pauses_beyond(&self, deadline: Instant) -> Option<Pause<E>> {
        match &*self.progress.dial.lock() {
            Dial::UnderWay(Some(pause)) if pause.until > deadline => Some(pause.clone()),
            _ => None,
        }
    }

    /// Returns the outcome, or `None` if the dial was abandoned ([`ConnectionTable::take`],
    /// [`ConnectionTable::close`] or a dropped [`Ticket`]). Cancel safe.
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
