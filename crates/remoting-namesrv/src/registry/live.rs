use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::time::Duration;

use remoting::model::body::DataVersion;
use remoting::{Channel, ChannelId};
use tokio::time::Instant;

use crate::route::GroupId;

/// A broker: its cluster and its address. Java: `BrokerAddrInfo`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct BrokerKey {
    pub(crate) cluster: String,
    pub(crate) addr: String,
}

impl fmt::Display for BrokerKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {}", self.addr, self.cluster)
    }
}

/// What is known of a broker that is alive. Java: `BrokerLiveInfo`.
#[derive(Debug)]
pub(crate) struct LiveBroker {
    pub(crate) last_update: Instant,
    pub(crate) heartbeat_timeout: Duration,
    pub(crate) data_version: DataVersion,
    pub(crate) channel: Channel,
    pub(crate) ha_server_addr: String,
}

impl LiveBroker {
    pub(crate) fn is_expired(&self, now: Instant) -> bool {
        now.saturating_duration_since(self.last_update) > self.heartbeat_timeout
    }
}

/// The brokers that are alive.
#[derive(Debug, Default)]
pub(crate) struct LiveBrokers {
    /// In order, so that a scan has an order.
    brokers: BTreeMap<BrokerKey, LiveBroker>,
    /// The brokers that registered over a channel. A container of brokers has several.
    by_channel: HashMap<ChannelId, Vec<BrokerKey>>,
    last_group: u64,
}

impl LiveBrokers {
    pub(crate) fn len(&self) -> usize {
        self.brokers.len()
    }

    pub(crate) fn get(&self, key: &BrokerKey) -> Option<&LiveBroker> {
        self.brokers.get(key)
    }

    pub(crate) fn get_mut(&mut self, key: &BrokerKey) -> Option<&mut LiveBroker> {
        self.brokers.get_mut(key)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&BrokerKey, &LiveBroker)> {
        self.brokers.iter()
    }

    /// Returns the brokers that registered last over this channel.
    pub(crate) fn of_channel(&self, channel: ChannelId) -> &[BrokerKey] {
        self.by_channel.get(&channel).map_or(&[], Vec::as_slice)
    }

    pub(crate) fn insert(&mut self, key: BrokerKey, broker: LiveBroker) -> Option<LiveBroker> {
        let channel = broker.channel.id();
        let previous = self.brokers.insert(key.clone(), broker);
        match &previous {
            Some(previous) if previous.channel.id() == channel => {}
            previous => {
                if let Some(previous) = previous {
                    self.forget_channel(&key, previous.channel.id());
                }
                self.by_channel.entry(channel).or_default().push(key);
            }
        }
        previous
    }

    pub(crate) fn remove(&mut self, key: &BrokerKey) -> Option<LiveBroker> {
        let removed = self.brokers.remove(key)?;
        self.forget_channel(key, removed.channel.id());
        Some(removed)
    }

    pub(crate) const fn next_group(&mut self) -> GroupId {
        self.last_group += 1;
        GroupId(self.last_group)
    }

    fn forget_channel(&mut self, key: &BrokerKey, channel: ChannelId) {
        if let Some(keys) = self.by_channel.get_mut(&channel) {
            keys.retain(|other| other != key);
            if keys.is_empty() {
                self.by_channel.remove(&channel);
            }
        }
    }
}
