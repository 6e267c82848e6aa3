//! The table of connections: one per address, dialled by one caller for all.
//!
//! The table does no I/O and never waits. It decides which caller does what:
//!
//! ```text
//!            lookup()                   Ticket::connected
//!   (none) ───────────► Dialling ──────────────────────────► Open
//!      ▲    Dial(ticket)    │                                  │ Registration ended, retire(), take()
//!      │                    │ Ticket::failed / dropped          │
//!      └────────────────────┴──────────────────────────────────┘
//! ```
//!
//! The first caller that finds no open connection gets the [`Ticket`] and must dial; all others get a
//! [`Waiter`]. Every slot has an ID, and a slot is removed by its ID: a connection that ends late can never
//! remove its successor (in Java's `NettyRemotingClient.closeChannel` this check is inverted). Waiters are
//! woken in order of arrival.
//!
//! An address that has just failed is dialled after a pause ([`Backoff`]), which all callers wait for as part
//! of the dial.

mod backoff;
mod dial;

use std::sync::Arc;
use std::time::Duration;

use parking_lot::RwLock;
use rustc_hash::FxHashMap;
use tokio::time::Instant;

use self::backoff::Backoff;
pub(super) use self::dial::Waiter;
use self::dial::{Dial, Outcome, Progress};
use crate::transport::Address;

/// A connection, as the table sees it.
pub(super) trait Connection: Clone {
    /// Returns the ID of the [`Ticket`] by which it was dialled.
    fn id(&self) -> u64;

    /// Returns when it was connected.
    fn since(&self) -> Instant;

    /// Returns false as soon as a new call would fail on it.
    fn is_open(&self) -> bool;
}

/// Maps addresses to connections.
#[derive(Debug)]
pub(super) struct ConnectionTable<C, E> {
    slots: RwLock<Slots<C, E>>,
}

#[derive(Debug)]
struct Slots<C, E> {
    by_address: FxHashMap<Address, Slot<C, E>>,
    /// The latest connection, if it is still in the table. Most clients use one server most of the time, and
    /// comparing an address is cheaper than hashing it.
    newest: Option<(Address, C)>,
    backoff: Backoff<E>,
    last_id: u64,
    closed: bool,
}

#[derive(Debug)]
enum Slot<C, E> {
    Dialling { id: u64, progress: Arc<Progress<C, E>> },
    Open(C),
}

impl<C: Connection, E: Clone> Slot<C, E> {
    fn id(&self) -> u64 {
        match self {
            Self::Dialling { id, .. } => *id,
            Self::Open(connection) => connection.id(),
        }
    }

    fn into_open(self) -> Option<C> {
        match self {
            Self::Open(connection) => Some(connection),
            Self::Dialling { progress, .. } => {
                progress.end(Dial::GivenUp);
                None
            }
        }
    }
}

/// Compares like `==`, with IP addresses compared in place.
#[inline]
fn is_same(a: &Address, b: &Address) -> bool {
    match (a, b) {
        (Address::Socket(a), Address::Socket(b)) => a == b,
        _ => a == b,
    }
}

impl<C, E> Slots<C, E> {
    #[inline(never)] // so that calls to the newest connection do not carry the table's search
    fn open(&self, address: &Address) -> Option<&C> {
        match self.by_address.get(address) {
            Some(Slot::Open(connection)) => Some(connection),
            _ => None,
        }
    }

    fn remove(&mut self, address: &Address) -> Option<Slot<C, E>> {
        if self.newest.as_ref().is_some_and(|(newest, _)| newest == address) {
            self.newest = None;
        }
        self.by_address.remove(address)
    }
}

/// The next step of a caller that needs a connection.
#[derive(Debug)]
pub(super) enum Lookup<C: Connection, E: Clone> {
    /// Use this connection.
    Open(C),
    /// A dial is in progress: wait for its outcome.
    Wait(Waiter<C, E>),
    /// No dial is in progress: have the ticket used, and wait like the others.
    Dial(Ticket<C, E>, Waiter<C, E>),
    /// The table takes no more connections.
    Closed,
}

impl<C: Connection, E: Clone> ConnectionTable<C, E> {
    /// Creates a table. `longest_pause` is the longest pause between dials of an address that keeps failing.
    pub(super) fn new(longest_pause: Duration) -> Self {
        Self {
            slots: RwLock::new(Slots {
                by_address: FxHashMap::default(),
                newest: None,
                backoff: Backoff::new(longest_pause),
                last_id: 0,
                closed: false,
            }),
        }
    }

    /// Returns the open connection to `address`, if there is one. Every call but the first takes this path.
    #[inline]
    pub(super) fn open(&self, address: &Address) -> Option<C> {
        let slots = self.slots.read();
        let connection = match &slots.newest {
            Some((newest, connection)) if is_same(newest, address) => connection,
            _ => slots.open(address)?,
        };
        connection.is_open().then(|| connection.clone())
    }

    /// Returns the connection to `address`, or the step that leads to one.
    pub(super) fn lookup(self: &Arc<Self>, address: &Address, now: Instant) -> Lookup<C, E> {
        if let Some(connection) = self.open(address) {
            return Lookup::Open(connection);
        }
        let mut slots = self.slots.write();
        if slots.closed {
            return Lookup::Closed;
        }
        match slots.by_address.get(address) {
            Some(Slot::Open(connection)) if connection.is_open() => return Lookup::Open(connection.clone()),
            Some(Slot::Dialling { progress, .. }) => {
                return Lookup::Wait(Waiter { progress: Arc::clone(progress) });
            }
            _ => {}
        }
        slots.last_id += 1;
        let id = slots.last_id;
        let pause = slots.backoff.pause(address, now);
        let not_before = pause.as_ref().map(|pause| pause.until);
        let progress = Arc::new(Progress::new(pause));
        let waiter = Waiter { progress: Arc::clone(&progress) };
        slots.by_address.insert(address.clone(), Slot::Dialling { id, progress: Arc::clone(&progress) });
        drop(slots);
        let registration = Registration { table: Arc::clone(self), address: address.clone(), id };
        Lookup::Dial(Ticket { registration, outcome: Outcome { progress }, not_before }, waiter)
    }

    /// Removes `connection` from the table, so that the next call dials anew. The connection stays open.
    /// Returns false if it was no longer there: another caller was first, or it has a successor.
    ///
    /// With a `failure` (time and cause), the address [has failed](Backoff) if the connection is young.
    pub(super) fn retire(&self, address: &Address, connection: &C, failure: Option<(Instant, E)>) -> bool {
        self.remove(address, connection.id(), failure).is_some()
    }

    /// Removes the entry of `address`: returns an open connection, or abandons a dial.
    pub(super) fn take(&self, address: &Address) -> Option<C> {
        let slot = self.slots.write().remove(address)?;
        slot.into_open()
    }

    /// Empties the table for good, abandons the dials and returns the open connections. Every later
    /// [`lookup`](Self::lookup) returns [`Lookup::Closed`].
    pub(super) fn close(&self) -> Vec<C> {
        let mut slots = self.slots.write();
        slots.closed = true;
        let newest = slots.newest.take();
        let taken = std::mem::take(&mut slots.by_address);
        drop(slots);
        drop(newest);
        taken.into_values().filter_map(Slot::into_open).collect()
    }

    /// Returns the number of addresses with a connection or a dial in progress.
    pub(super) fn len(&self) -> usize {
        self.slots.read().by_address.len()
    }
}

impl<C: Connection, E: Clone> ConnectionTable<C, E> {
    fn remove(&self, address: &Address, id: u64, failure: Option<(Instant, E)>) -> Option<Slot<C, E>> {
        let mut slots = self.slots.write();
        let slot = match slots.by_address.get(address) {
            Some(slot) if slot.id() == id => slots.remove(address)?,
            _ => return None,
        };
        match (&slot, failure) {
            (Slot::Open(connection), Some((now, cause))) => {
                slots.backoff.ended(address, connection.since(), now, cause);
            }
            (Slot::Dialling { .. }, Some((now, cause))) => slots.backoff.failed(address, now, cause),
            (_, None) => {}
        }
        Some(slot)
    }

    fn replace(&self, address: &Address, id: u64, connection: C) -> bool {
        let mut slots = self.slots.write();
        match slots.by_address.get_mut(address) {
            Some(slot) if slot.id() == id => {
                *slot = Slot::Open(connection.clone());
                slots.newest = Some((address.clone(), connection));
                true
            }
            _ => false,
        }
    }
}

/// The duty to dial an address. If dropped unused, it frees the address, and the waiters see the dial as
/// abandoned.
#[derive(Debug)]
pub(super) struct Ticket<C: Connection, E: Clone> {
    // Field order matters: a waiter that sees the end finds the address free.
    registration: Registration<C, E>,
    outcome: Outcome<C, E>,
    not_before: Option<Instant>,
}

impl<C: Connection, E: Clone> Ticket<C, E> {
    /// Returns the ID of this dial and of its connection.
    pub(super) fn id(&self) -> u64 {
        self.registration.id
    }

    /// Returns the address to dial.
    pub(super) fn address(&self) -> &Address {
        &self.registration.address
    }

    /// Returns when to dial, or `None` to dial now.
    pub(super) fn not_before(&self) -> Option<Instant> {
        self.not_before
    }

    /// Resolves once the connection is no longer wanted. Cancel safe.
    pub(super) async fn given_up(&self) {
        self.outcome.progress.find(|dial| matches!(dial, Dial::GivenUp).then_some(())).await;
    }

    /// Puts the new connection into the table and wakes the waiters.
    ///
    /// The connection stays in the table until the returned value is dropped or the entry is removed. Returns
    /// `None` if the dial was abandoned: then the caller closes the connection; the waiters have been woken.
    pub(super) fn connected(self, connection: C) -> Option<Registration<C, E>> {
        let Self { registration, outcome, .. } = self;
        if !registration.table.replace(&registration.address, registration.id, connection.clone()) {
            return None;
        }
        outcome.progress.end(Dial::Connected(connection));
        Some(registration)
    }

    /// Frees the address, then fails the waiters. The next call dials again, after a pause.
    pub(super) fn failed(self, now: Instant, error: E) {
        let Self { registration, outcome, .. } = self;
        registration.end(now, error.clone());
        outcome.progress.end(Dial::Failed(error));
    }
}

/// An entry of the table, removed when dropped.
#[derive(Debug)]
pub(super) struct Registration<C: Connection, E: Clone> {
    table: Arc<ConnectionTable<C, E>>,
    address: Address,
    id: u64,
}

impl<C: Connection, E: Clone> Registration<C, E> {
    /// Removes the entry of a dial that failed, or of a connection that this side did not end.
    pub(super) fn end(self, now: Instant, cause: E) {
        self.table.remove(&self.address, self.id, Some((now, cause)));
    }
}

impl<C: Connection, E: Clone> Drop for Registration<C, E> {
    fn drop(&mut self) {
        self.table.remove(&self.address, self.id, None);
    }
}

#[cfg(test)]
mod tests;
