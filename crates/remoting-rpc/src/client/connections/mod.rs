//! The table of connections: one per address, dialled by one caller for all.
//!
//! The table does no I/O and waits for nothing. It hands out *who does what next*:
//!
//! ```text
//!            lookup()                   Ticket::connected
//!   (none) ───────────► Dialling ──────────────────────────► Open
//!      ▲    Dial(ticket)    │                                  │ Registration ended, retire(), take()
//!      │                    │ Ticket::failed / dropped          │
//!      └────────────────────┴──────────────────────────────────┘
//! ```
//!
//! The first caller that finds no open connection gets the [`Ticket`] and with it the duty to dial; all others get
//! a [`Waiter`]. Every slot has an id, and whoever removes a slot names the id it means: a connection that dies late
//! can never take its successor out of the table (in Java's `NettyRemotingClient.closeChannel` that test is
//! inverted). Waiters are woken in the order in which they came.
//!
//! An address that has just failed is dialled after a pause ([`Backoff`]), which all callers share with the dial.

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

/// What the table needs to know of the connections that it holds.
pub(super) trait Connection: Clone {
    /// The id of the [`Ticket`] by which it was dialled.
    fn id(&self) -> u64;

    /// Since when it has been connected.
    fn since(&self) -> Instant;

    /// False as soon as a new call would fail on it.
    fn is_open(&self) -> bool;
}

/// Address → connection.
#[derive(Debug)]
pub(super) struct ConnectionTable<C, E> {
    slots: RwLock<Slots<C, E>>,
}

#[derive(Debug)]
struct Slots<C, E> {
    by_address: FxHashMap<Address, Slot<C, E>>,
    /// The connection that was made last, if it is still in the table: most clients talk to one server most of the
    /// time, and comparing an address is cheaper than hashing it.
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

/// As `==`, with the usual kind of address compared in place.
#[inline]
fn is_same(a: &Address, b: &Address) -> bool {
    match (a, b) {
        (Address::Socket(a), Address::Socket(b)) => a == b,
        _ => a == b,
    }
}

impl<C, E> Slots<C, E> {
    #[inline(never)] // so that who calls the newest does not carry the table's search
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

/// What a caller that needs a connection is to do.
#[derive(Debug)]
pub(super) enum Lookup<C: Connection, E: Clone> {
    /// Use it.
    Open(C),
    /// Somebody dials already: wait for the outcome.
    Wait(Waiter<C, E>),
    /// Nobody dials yet: see to it that the ticket is used, and wait like the others.
    Dial(Ticket<C, E>, Waiter<C, E>),
    /// The table takes no more connections.
    Closed,
}

impl<C: Connection, E: Clone> ConnectionTable<C, E> {
    /// `longest_pause` is the most that an address which keeps failing is left alone.
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

    /// The open connection to `address`, if there is one: the path of every call but the first.
    #[inline]
    pub(super) fn open(&self, address: &Address) -> Option<C> {
        let slots = self.slots.read();
        let connection = match &slots.newest {
            Some((newest, connection)) if is_same(newest, address) => connection,
            _ => slots.open(address)?,
        };
        connection.is_open().then(|| connection.clone())
    }

    /// The connection to `address`, or the way to get one.
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

    /// Takes `connection` out of the table so that the next call dials anew. The connection itself stays open.
    /// False if it was no longer there: somebody else was first, or it has a successor.
    ///
    /// With a `failure`, which is a moment and a cause, the address [has failed](Backoff) if the connection is young.
    pub(super) fn retire(&self, address: &Address, connection: &C, failure: Option<(Instant, E)>) -> bool {
        self.remove(address, connection.id(), failure).is_some()
    }

    /// Takes whatever there is for `address` out of the table: an open connection is returned, a dial is given up.
    pub(super) fn take(&self, address: &Address) -> Option<C> {
        let slot = self.slots.write().remove(address)?;
        slot.into_open()
    }

    /// Empties the table for good, gives up the dials and returns the open connections. Every later
    /// [`lookup`](Self::lookup) gives [`Lookup::Closed`].
    pub(super) fn close(&self) -> Vec<C> {
        let mut slots = self.slots.write();
        slots.closed = true;
        let newest = slots.newest.take();
        let taken = std::mem::take(&mut slots.by_address);
        drop(slots);
        drop(newest);
        taken.into_values().filter_map(Slot::into_open).collect()
    }

    /// How many addresses have a connection or a dial under way.
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

/// The duty to dial an address. Dropped unused, it frees the address and its waiters learn that it was given up.
#[derive(Debug)]
pub(super) struct Ticket<C: Connection, E: Clone> {
    // In this order: those who learn of the end find the address free.
    registration: Registration<C, E>,
    outcome: Outcome<C, E>,
    not_before: Option<Instant>,
}

impl<C: Connection, E: Clone> Ticket<C, E> {
    /// Identifies this dial, and the connection that comes of it.
    pub(super) fn id(&self) -> u64 {
        self.registration.id
    }

    /// What to dial.
    pub(super) fn address(&self) -> &Address {
        &self.registration.address
    }

    /// When to dial, if not now.
    pub(super) fn not_before(&self) -> Option<Instant> {
        self.not_before
    }

    /// Returns once nobody wants the connection any more. Cancellation safe.
    pub(super) async fn given_up(&self) {
        self.outcome.progress.find(|dial| matches!(dial, Dial::GivenUp).then_some(())).await;
    }

    /// Puts the new connection into the table and wakes the waiters.
    ///
    /// The connection is in the table as long as the returned value lives and nobody takes it out. `None`: the dial
    /// had been given up, so the caller closes the connection; the waiters have been woken.
    pub(super) fn connected(self, connection: C) -> Option<Registration<C, E>> {
        let Self { registration, outcome, .. } = self;
        if !registration.table.replace(&registration.address, registration.id, connection.clone()) {
            return None;
        }
        outcome.progress.end(Dial::Connected(connection));
        Some(registration)
    }

    /// Frees the address, then tells the waiters why. The next call dials again, after a pause.
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
    /// Removes the entry of a dial that failed, or of a connection that came to its end other than by this side's wish.
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
