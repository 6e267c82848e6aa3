//! Connection limits: the admission of accepted connections.

use std::{
    collections::{HashMap, hash_map::Entry},
    fmt,
    net::IpAddr,
    sync::Arc,
};

use ipnet::IpNet;
use parking_lot::Mutex;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::ListenerOptions;
use crate::address::Address;

/// Why a connection was closed as soon as it was accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// The user's filter rejected it.
    Filter,
    /// The user's filter panicked with this message.
    FilterPanicked(String),
    /// `max_connections` are open.
    Full,
    /// `max_connections_per_network` are open.
    Network,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Filter => f.write_str("refused by a connection filter"),
            Self::FilterPanicked(text) => write!(f, "refused by a connection filter that panicked: {text}"),
            Self::Full => f.write_str("refused by max_connections"),
            Self::Network => f.write_str("refused by max_connections_per_network"),
        }
    }
}

/// The permits of one listener.
#[derive(Debug)]
pub(crate) struct Admission {
    permits: Arc<Semaphore>,
    networks: Option<Arc<NetworkPermits>>,
}

/// The permits of one connection. Dropping it returns them.
#[derive(Debug)]
pub(crate) struct Permit {
    _of_all: OwnedSemaphorePermit,
    // Boxed: each connection keeps its permit, and most listeners have no such limit.
    _of_network: Option<Box<NetworkPermit>>,
}

impl Admission {
    pub(crate) fn new(options: &ListenerOptions) -> Self {
        let permits = Arc::new(Semaphore::new(options.max_connections.min(Semaphore::MAX_PERMITS)));
        let networks = options.max_connections_per_network.map(|most| {
            Arc::new(NetworkPermits { most, prefixes: NetworkPrefixes::of(options), taken: Mutex::default() })
        });
        Self { permits, networks }
    }

    /// Returns permits for a connection from `peer`.
    pub(crate) fn admit(&self, peer: &Address) -> Result<Permit, Refusal> {
        let of_all = Arc::clone(&self.permits).try_acquire_owned().map_err(|_| Refusal::Full)?;
        let of_network = match (&self.networks, peer) {
            (Some(networks), Address::Socket(socket)) => {
                let permit =
                    networks.take(networks.prefixes.network_of(socket.ip())).ok_or(Refusal::Network)?;
                Some(Box::new(permit))
            }
            _ => None,
        };
        Ok(Permit { _of_all: of_all, _of_network: of_network })
    }
}

/// The number of connections of each network. It has an entry per network with connections, so at most
/// `max_connections`.
#[derive(Debug)]
struct NetworkPermits {
    most: usize,
    prefixes: NetworkPrefixes,
    // Hashed with a random key: peers choose the keys.
    taken: Mutex<HashMap<IpNet, usize>>,
}

/// How many leading bits of an address identify its network.
#[derive(Debug, Clone, Copy)]
pub(crate) struct NetworkPrefixes {
    v4: u8,
    v6: u8,
}

impl NetworkPrefixes {
    pub(crate) fn of(options: &ListenerOptions) -> Self {
        Self { v4: options.network_prefix_v4.min(32), v6: options.network_prefix_v6.min(128) }
    }

    pub(crate) fn network_of(self, ip: IpAddr) -> IpNet {
        let ip = ip.to_canonical();
        let prefix = if ip.is_ipv4() { self.v4 } else { self.v6 };
        IpNet::new(ip, prefix).unwrap_or_else(|_| ip.into()).trunc()
    }
}

impl NetworkPermits {
    fn take(self: &Arc<Self>, network: IpNet) -> Option<NetworkPermit> {
        match self.taken.lock().entry(network) {
            Entry::Occupied(taken) if *taken.get() >= self.most => return None,
            Entry::Vacant(_) if self.most == 0 => return None,
            Entry::Occupied(mut taken) => *taken.get_mut() += 1,
            Entry::Vacant(none) => {
                none.insert(1);
            }
        }
        Some(NetworkPermit { permits: Arc::clone(self), network })
    }
}

/// A permit of a network.
struct NetworkPermit {
    permits: Arc<NetworkPermits>,
    network: IpNet,
}

impl Drop for NetworkPermit {
    fn drop(&mut self) {
        if let Entry::Occupied(mut taken) = self.permits.taken.lock().entry(self.network) {
            if *taken.get() > 1 {
                *taken.get_mut() -= 1;
            } else {
                taken.remove();
            }
        }
    }
}

impl fmt::Debug for NetworkPermit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("NetworkPermit").field(&self.network).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn admission(per_network: usize) -> Admission {
        let options = ListenerOptions::new()
            .max_connections(3)
            .max_connections_per_network(per_network)
            .network_prefixes(24, 64);
        Admission::new(&options)
    }

    fn peer(text: &str) -> Address {
        text.parse().unwrap()
    }

    #[test]
    fn a_network_is_limited_and_gets_its_permits_back() {
        let admission = admission(1);
        let first = admission.admit(&peer("10.0.0.1:1")).unwrap();
        for same in ["10.0.0.1:2", "10.0.0.200:1", "[::ffff:10.0.0.7]:1"] {
            assert_eq!(admission.admit(&peer(same)).unwrap_err(), Refusal::Network, "{same}");
        }
        let other = admission.admit(&peer("10.0.1.1:1")).unwrap();
        drop(first);
        let again = admission.admit(&peer("10.0.0.1:2")).unwrap();
        drop((other, again));
        assert!(admission.networks.unwrap().taken.lock().is_empty());
    }

    #[test]
    fn ipv6_peers_of_one_64_are_one_network() {
        let admission = admission(1);
        let _first = admission.admit(&peer("[2001:db8:0:1::1]:1")).unwrap();
        assert_eq!(admission.admit(&peer("[2001:db8:0:1:ffff::1]:1")).unwrap_err(), Refusal::Network);
        assert!(admission.admit(&peer("[2001:db8:0:2::1]:1")).is_ok());
    }

    #[test]
    fn a_refusal_by_network_takes_no_permit_of_the_listener() {
        let admission = admission(1);
        let _first = admission.admit(&peer("10.0.0.1:1")).unwrap();
        for _ in 0..10 {
            assert_eq!(admission.admit(&peer("10.0.0.1:1")).unwrap_err(), Refusal::Network);
        }
        let _second = admission.admit(&peer("10.0.1.1:1")).unwrap();
        let _without_network = admission.admit(&Address::memory("a")).unwrap();
        assert_eq!(admission.admit(&peer("10.0.2.1:1")).unwrap_err(), Refusal::Full);
    }
}
