//! The limit of accepted connections that are in their prologue at once.

#[cfg(test)]
mod tests;

use std::{
    cmp::Reverse,
    collections::{BTreeMap, HashMap},
    fmt,
    sync::Arc,
};

use ipnet::IpNet;
use parking_lot::Mutex;
use tokio_util::sync::CancellationToken;

use super::{ListenerOptions, admission::NetworkPrefixes};
use crate::address::Address;

/// The connections of one listener that are in their prologue.
///
/// A connection beyond the limit displaces the oldest connection of the network with the most pending prologues. A peer
/// that opens many displaces its own, and a peer that finishes quickly is never the oldest.
#[derive(Debug)]
pub(crate) struct PendingPrologues {
    max: usize,
    prefixes: NetworkPrefixes,
    pending: Mutex<Pending>,
}

/// `None` is the network of all connections without an IP address.
type Network = Option<IpNet>;

#[derive(Debug, Default)]
struct Pending {
    next: u64,
    count: usize,
    /// The connections of each network, by age. Hashed with a random key: peers choose the keys.
    networks: HashMap<Network, BTreeMap<u64, CancellationToken>>,
    /// The networks by number of connections and age of the oldest; the last network is the next to displace from.
    by_size: BTreeMap<(usize, Reverse<u64>), Network>,
}

/// The entry of a connection in its prologue. Dropping it removes the entry.
pub(crate) struct PendingPrologue {
    all: Arc<PendingPrologues>,
    network: Network,
    number: u64,
    displaced: CancellationToken,
}

impl PendingPrologues {
    pub(crate) fn new(options: &ListenerOptions) -> Self {
        Self {
            max: options.max_pending_prologues.max(1),
            prefixes: NetworkPrefixes::of(options),
            pending: Mutex::default(),
        }
    }

    /// Registers a prologue, and displaces another one above the limit. Its token is a child of `closing`.
    pub(crate) fn begin(self: &Arc<Self>, peer: &Address, closing: &CancellationToken) -> PendingPrologue {
        let network = peer.as_socket().map(|socket| self.prefixes.network_of(socket.ip()));
        let displaced = closing.child_token();
        let (number, victim) = {
            let mut pending = self.pending.lock();
            let number = pending.insert(network, displaced.clone());
            let victim = if pending.count > self.max { pending.displace() } else { None };
            (number, victim)
        };
        // Outside the lock: it wakes tasks.
        if let Some(victim) = victim {
            victim.cancel();
        }
        PendingPrologue { all: Arc::clone(self), network, number, displaced }
    }
}

impl Pending {
    fn insert(&mut self, network: Network, token: CancellationToken) -> u64 {
        let number = self.next;
        self.next += 1;
        self.change(network, |connections| connections.insert(number, token));
        self.count += 1;
        number
    }

    fn remove(&mut self, network: Network, number: u64) -> Option<CancellationToken> {
        let token = self.change(network, |connections| connections.remove(&number))?;
        self.count -= 1;
        Some(token)
    }

    fn displace(&mut self) -> Option<CancellationToken> {
        let (&(_, Reverse(oldest)), &network) = self.by_size.last_key_value()?;
        self.remove(network, oldest)
    }

    /// Changes the connections of a network and updates the order by size.
    fn change<T>(
        &mut self,
        network: Network,
        change: impl FnOnce(&mut BTreeMap<u64, CancellationToken>) -> T,
    ) -> T {
        let connections = self.networks.entry(network).or_default();
        if let Some((oldest, _)) = connections.first_key_value() {
            self.by_size.remove(&(connections.len(), Reverse(*oldest)));
        }
        let result = change(connections);
        match connections.first_key_value() {
            Some((oldest, _)) => {
                self.by_size.insert((connections.len(), Reverse(*oldest)), network);
            }
            None => {
                self.networks.remove(&network);
            }
        }
        result
    }
}

impl PendingPrologue {
    /// Returns the token that is cancelled when the prologue is displaced or the listener closes.
    pub(crate) fn displaced(&self) -> &CancellationToken {
        &self.displaced
    }
}

impl Drop for PendingPrologue {
    fn drop(&mut self) {
        self.all.pending.lock().remove(self.network, self.number);
    }
}

impl fmt::Debug for PendingPrologue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PendingPrologue").field("network", &self.network).finish_non_exhaustive()
    }
}
