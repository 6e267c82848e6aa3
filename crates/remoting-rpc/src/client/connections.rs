//! The table of connections: one per address, dialled by one caller for all.
//!
//! The table does no I/O and waits for nothing. It hands out *who does what next*:
//!
//! ```text
//!            lookup()                   Ticket::connected
//!   (none) ───────────► Dialling ──────────────────────────► Open
//!      ▲    Dial(ticket)    │                                  │ Registration dropped, retire(), take()
//!      │                    │ Ticket::failed / dropped          │
//!      └────────────────────┴──────────────────────────────────┘
//! ```
//!
//! The first caller that finds no open connection gets the [`Ticket`] and with it the duty to dial; all others get
//! a [`Waiter`]. Every slot has an id, and whoever removes a slot names the id it means: a connection that dies late
//! can never take its successor out of the table (in Java's `NettyRemotingClient.closeChannel` that test is
//! inverted).

use std::sync::Arc;

use parking_lot::RwLock;
use rustc_hash::FxHashMap;
use tokio::sync::watch;

use crate::transport::Address;

/// What the table needs to know of the connections that it holds.
pub(super) trait Connection: Clone {
    /// The id of the [`Ticket`] by which it was dialled.
    fn id(&self) -> u64;

    /// False as soon as a new call would fail on it.
    fn is_open(&self) -> bool;
}

/// How a dial stands, for everyone who waits for it.
#[derive(Debug)]
enum Dial<C, E> {
    UnderWay,
    Connected(C),
    Failed(E),
    GivenUp,
}

/// Shared by the slot, the ticket and (as receivers) the waiters.
type Progress<C, E> = Arc<watch::Sender<Dial<C, E>>>;

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
    last_id: u64,
    closed: bool,
}

#[derive(Debug)]
enum Slot<C, E> {
    Dialling { id: u64, progress: Progress<C, E> },
    Open(C),
}

impl<C: Connection, E> Slot<C, E> {
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
                progress.send_replace(Dial::GivenUp);
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
pub(super) enum Lookup<C: Connection, E> {
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
    pub(super) fn new() -> Self {
        Self {
            slots: RwLock::new(Slots {
                by_address: FxHashMap::default(),
                newest: None,
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
    pub(super) fn lookup(self: &Arc<Self>, address: &Address) -> Lookup<C, E> {
        if let Some(connection) = self.open(address) {
            return Lookup::Open(connection);
        }
        let mut slots = self.slots.write();
        if slots.closed {
            return Lookup::Closed;
        }
        match slots.by_address.get(address) {
            Some(Slot::Open(connection)) if connection.is_open() => return Lookup::Open(connection.clone()),
            Some(Slot::Dialling { progress, .. }) => return Lookup::Wait(Waiter::of(progress)),
            _ => {}
        }
        slots.last_id += 1;
        let id = slots.last_id;
        let progress = Arc::new(watch::Sender::new(Dial::UnderWay));
        let waiter = Waiter::of(&progress);
        slots.by_address.insert(address.clone(), Slot::Dialling { id, progress: Arc::clone(&progress) });
        drop(slots);
        let place = Registration { table: Arc::clone(self), address: address.clone(), id };
        Lookup::Dial(Ticket { place, progress }, waiter)
    }

    /// Takes `connection` out of the table so that the next call dials anew. The connection itself stays open.
    /// False if it was no longer there: somebody else was first, or it has a successor.
    pub(super) fn retire(&self, address: &Address, connection: &C) -> bool {
        self.remove(address, connection.id()).is_some()
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

impl<C: Connection, E> ConnectionTable<C, E> {
    fn remove(&self, address: &Address, id: u64) -> Option<Slot<C, E>> {
        let mut slots = self.slots.write();
        match slots.by_address.get(address) {
            Some(slot) if slot.id() == id => slots.remove(address),
            _ => None,
        }
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
pub(super) struct Ticket<C: Connection, E> {
    place: Registration<C, E>,
    progress: Progress<C, E>,
}

impl<C: Connection, E> Ticket<C, E> {
    /// Identifies this dial, and the connection that comes of it.
    pub(super) fn id(&self) -> u64 {
        self.place.id
    }

    /// What to dial.
    pub(super) fn address(&self) -> &Address {
        &self.place.address
    }

    /// Returns once nobody wants the connection any more. Cancellation safe.
    pub(super) async fn given_up(&self) {
        let mut progress = self.progress.subscribe();
        // An error would mean that the sender is gone, but `self` has it.
        let _ = progress.wait_for(|dial| matches!(dial, Dial::GivenUp)).await;
    }

    /// Puts the new connection into the table and wakes the waiters.
    ///
    /// The connection is in the table as long as the returned value lives and nobody takes it out. `None`: the dial
    /// had been given up, so the caller closes the connection; the waiters have been told.
    pub(super) fn connected(self, connection: C) -> Option<Registration<C, E>> {
        if !self.place.table.replace(&self.place.address, self.place.id, connection.clone()) {
            return None;
        }
        let Self { place, progress } = self;
        progress.send_replace(Dial::Connected(connection));
        Some(place)
    }

    /// Frees the address (the next call dials again), then tells the waiters why.
    pub(super) fn failed(self, error: E) {
        let Self { place, progress } = self;
        drop(place);
        progress.send_replace(Dial::Failed(error));
    }
}

/// A place in the table, given back when dropped.
#[derive(Debug)]
pub(super) struct Registration<C: Connection, E> {
    table: Arc<ConnectionTable<C, E>>,
    address: Address,
    id: u64,
}

impl<C: Connection, E> Drop for Registration<C, E> {
    fn drop(&mut self) {
        self.table.remove(&self.address, self.id);
    }
}

/// Waits for a dial that somebody makes. Dropping it harms nobody.
#[derive(Debug)]
pub(super) struct Waiter<C, E> {
    progress: watch::Receiver<Dial<C, E>>,
}

impl<C: Clone, E: Clone> Waiter<C, E> {
    fn of(progress: &Progress<C, E>) -> Self {
        Self { progress: progress.subscribe() }
    }

    /// The outcome; `None` if the dial was given up ([`ConnectionTable::take`], [`ConnectionTable::close`] or a
    /// dropped [`Ticket`]). Cancellation safe.
    pub(super) async fn wait(mut self) -> Option<Result<C, E>> {
        match &*self.progress.wait_for(|dial| !matches!(dial, Dial::UnderWay)).await.ok()? {
            Dial::Connected(connection) => Some(Ok(connection.clone())),
            Dial::Failed(error) => Some(Err(error.clone())),
            Dial::GivenUp | Dial::UnderWay => None,
        }
    }
}

#[cfg(test)]
mod tests;
