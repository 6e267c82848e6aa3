//! The list of name servers, and the order in which a call tries them.
//!
//! This is bookkeeping only: it neither dials nor reads a clock. Java's `NettyRemotingClient` shuffles the
//! caller's list, matches removed addresses by substring, and tries one name server per call. This list
//! shuffles its own copy, compares whole addresses, and offers a call all candidates.

use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;

use rustc_hash::FxHashSet;

use crate::transport::Address;

/// The name servers of a client, in the client's own order.
#[derive(Debug, Default)]
pub(super) struct NameServerList {
    addresses: Arc<[Address]>,
    /// The name server that calls use while its connection lives.
    chosen: Option<usize>,
    /// Where the search begins if no name server is chosen.
    next: usize,
    /// The name server that failed a call last. It is not the first choice, even if it is connected.
    avoided: Option<usize>,
    /// The name servers whose last connection attempt succeeded and whose connection has not ended.
    available: FxHashSet<Address>,
    /// The seed of the order. `None`: each new list is shuffled with a random seed.
    seed: Option<u64>,
}

/// The result of [`NameServerList::replace`].
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Replaced {
    /// The list is unchanged: the new list is empty, or has the same servers.
    Kept,
    /// The list was replaced. The servers in `left` are no longer in it.
    Changed { left: Vec<Address> },
}

impl NameServerList {
    /// Creates an empty list.
    pub(super) fn new(seed: Option<u64>) -> Self {
        Self { seed, ..Self::default() }
    }

    /// Replaces the list with `list`, without duplicates and in an order that the seed determines.
    pub(super) fn replace(&mut self, list: &[Address]) -> Replaced {
        let seed = self.seed.unwrap_or_else(|| RandomState::new().hash_one(0_u8));
        self.replace_shuffled(list, seed)
    }

    fn replace_shuffled(&mut self, list: &[Address], seed: u64) -> Replaced {
        let mut seen = FxHashSet::default();
        let mut addresses: Vec<Address> = list.iter().filter(|a| seen.insert(*a)).cloned().collect();
        let same = addresses.len() == self.addresses.len() && self.addresses.iter().all(|a| seen.contains(a));
        if addresses.is_empty() || same {
            return Replaced::Kept;
        }
        shuffle(&mut addresses, seed);
        let was_chosen = self.chosen.take().map(|index| self.addresses[index].clone());
        let left = self.addresses.iter().filter(|address| !seen.contains(address)).cloned().collect();
        self.available.retain(|address| seen.contains(address));
        self.chosen = was_chosen.as_ref().and_then(|chosen| addresses.iter().position(|a| a == chosen));
        self.next = 0;
        self.avoided = None;
        self.addresses = addresses.into();
        Replaced::Changed { left }
    }

    /// Returns all addresses, in this client's order.
    pub(super) fn addresses(&self) -> Arc<[Address]> {
        Arc::clone(&self.addresses)
    }

    /// Returns all servers in the order in which a call should try them: the chosen one while its connection
    /// lives, then those with an open connection, then the others; each group in rotation. A
    /// [demoted](Self::demote) server is in the last group.
    pub(super) fn candidates(&mut self, is_open: impl Fn(&Address) -> bool) -> Vec<Address> {
        if let Some(index) = self.chosen
            && !is_open(&self.addresses[index])
        {
            self.move_on_from(index);
        }
        let start = self.chosen.unwrap_or(self.next);
        let avoided = self.avoided.map(|index| &self.addresses[index]);
        let (wrapped, first) = self.addresses.split_at(start);
        let (open, others): (Vec<_>, Vec<_>) =
            first.iter().chain(wrapped).partition(|address| Some(*address) != avoided && is_open(address));
        open.into_iter().chain(others).cloned().collect()
    }

    /// Records that a call reached `address`. Chooses this server if none is chosen.
    pub(super) fn reached(&mut self, address: &Address) {
        if let Some(index) = self.position(address) {
            self.available.insert(address.clone());
            self.chosen.get_or_insert(index);
            self.avoided = None;
        }
    }

    /// Records that a call could not connect to `address`.
    pub(super) fn failed(&mut self, address: &Address) {
        self.available.remove(address);
        self.demote(address);
    }

    /// Makes later calls begin with the server after `address`.
    pub(super) fn demote(&mut self, address: &Address) {
        if let Some(index) = self.position(address)
            && index == self.chosen.unwrap_or(self.next)
        {
            self.move_on_from(index);
        }
    }

    pub(super) fn contains(&self, address: &Address) -> bool {
        self.position(address).is_some()
    }

    /// Records the result of a probe, or the end of a connection. It does not influence the choice.
    pub(super) fn probed(&mut self, address: &Address, reachable: bool) {
        if !reachable {
            self.available.remove(address);
        } else if self.position(address).is_some() {
            self.available.insert(address.clone());
        }
    }

    /// Returns the available servers, in this client's order.
    pub(super) fn available(&self) -> Vec<Address> {
        self.addresses.iter().filter(|address| self.available.contains(address)).cloned().collect()
    }

    fn position(&self, address: &Address) -> Option<usize> {
        self.addresses.iter().position(|a| a == address)
    }

    fn move_on_from(&mut self, index: usize) {
        self.chosen = None;
        self.avoided = Some(index);
        self.next = (index + 1) % self.addresses.len().max(1);
    }
}

/// Shuffles by Fisher and Yates over the splitmix64 sequence of `seed`: enough to spread clients over
/// servers.
fn shuffle(addresses: &mut [Address], mut seed: u64) {
    for last in (1..addresses.len()).rev() {
        seed = seed.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut random = seed;
        random = (random ^ (random >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        random = (random ^ (random >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        random ^= random >> 31;
        let other = (random % (last as u64 + 1)) as usize;
        addresses.swap(last, other);
    }
}

#[cfg(test)]
mod tests;
