use std::sync::atomic::{AtomicU64, Ordering};

use crate::kv::KvConfig;
use crate::registry::Registry;

/// What a name server holds, and counters since its start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct NameServerStatistics {
    /// Registered brokers. A master and its slaves count each.
    pub brokers: usize,
    /// Broker groups. A master and its slaves count once.
    pub broker_groups: usize,
    /// Topics.
    pub topics: usize,
    /// Keys of the KV configuration.
    pub kv_keys: usize,
    /// Bytes of JSON that are kept, so that routes need not be written again.
    pub encoded_route_bytes: usize,
    /// Route requests that were answered with a route.
    pub routes_found: u64,
    /// Route requests for topics without a route.
    pub routes_not_found: u64,
    /// Registrations that were applied. Each broker registers about every 30 s.
    pub registrations: u64,
    /// Brokers that were removed because their heartbeats stopped.
    pub brokers_expired: u64,
    /// Brokers that were removed because their channel was closed before they unregistered.
    pub brokers_disconnected: u64,
}

#[derive(Debug, Default)]
pub(super) struct Counters {
    routes_found: AtomicU64,
    routes_not_found: AtomicU64,
    registrations: AtomicU64,
    brokers_expired: AtomicU64,
    brokers_disconnected: AtomicU64,
}

impl Counters {
    pub(super) fn route(&self, found: bool) {
        let counter = if found { &self.routes_found } else { &self.routes_not_found };
        counter.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn registration(&self) {
        self.registrations.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn expired(&self, brokers: usize) {
        self.brokers_expired.fetch_add(brokers as u64, Ordering::Relaxed);
    }

    pub(super) fn disconnected(&self, brokers: usize) {
        self.brokers_disconnected.fetch_add(brokers as u64, Ordering::Relaxed);
    }

    pub(super) fn snapshot(&self, registry: &Registry, kv: &KvConfig) -> NameServerStatistics {
        NameServerStatistics {
            brokers: registry.broker_count(),
            broker_groups: registry.groups().iter().count(),
            topics: registry.topic_count(),
            kv_keys: kv.len(),
            encoded_route_bytes: registry.encoded().bytes(),
            routes_found: self.routes_found.load(Ordering::Relaxed),
            routes_not_found: self.routes_not_found.load(Ordering::Relaxed),
            registrations: self.registrations.load(Ordering::Relaxed),
            brokers_expired: self.brokers_expired.load(Ordering::Relaxed),
            brokers_disconnected: self.brokers_disconnected.load(Ordering::Relaxed),
        }
    }
}
