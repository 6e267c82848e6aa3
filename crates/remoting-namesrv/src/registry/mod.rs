//! The registered brokers and topics. Java: `RouteInfoManager`.
//!
//! Readers see snapshots and take no lock. Changes hold the lock of [`LiveBrokers`], so there is one writer at a time.

mod lists;
mod live;
mod notice;
mod permissions;
mod register;
mod topics;
mod unregister;

use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use parking_lot::{Mutex, MutexGuard};
use remoting::model::body::{BrokerData, BrokerMemberGroup, ClusterInfo, DataVersion};
use tokio::time::Instant;

pub(crate) use self::lists::UnitTopics;
pub(crate) use self::live::BrokerKey;
use self::live::LiveBrokers;
pub(crate) use self::notice::MinBrokerIdChange;
pub(crate) use self::permissions::WritePermission;
pub(crate) use self::register::Registration;
pub(crate) use self::unregister::Departure;
use crate::route::{BrokerGroups, EncodedRoutes, TopicRoute, Topics};

/// How long a broker may be silent if its registration does not say. Java: `DEFAULT_BROKER_CHANNEL_EXPIRED_TIME`.
const DEFAULT_HEARTBEAT_TIMEOUT: Duration = Duration::from_secs(120);

#[derive(Debug)]
pub(crate) struct Registry {
    topics: Topics,
    groups: ArcSwap<BrokerGroups>,
    encoded: EncodedRoutes,
    /// Held by the one who changes anything here.
    live: Mutex<LiveBrokers>,
}

impl Registry {
    pub(crate) fn new(max_encoded_bytes: usize) -> Self {
        Self {
            topics: Topics::default(),
            groups: ArcSwap::default(),
            encoded: EncodedRoutes::new(max_encoded_bytes),
            live: Mutex::default(),
        }
    }

    pub(crate) fn topic(&self, topic: &str) -> Option<Arc<TopicRoute>> {
        self.topics.get(topic)
    }

    pub(crate) fn groups(&self) -> Arc<BrokerGroups> {
        self.groups.load_full()
    }

    pub(crate) const fn encoded(&self) -> &EncodedRoutes {
        &self.encoded
    }

    pub(crate) fn topic_count(&self) -> usize {
        self.topics.len()
    }

    pub(crate) fn broker_count(&self) -> usize {
        self.live.lock().len()
    }

    /// Returns the version of the broker's topics that it registered last.
    pub(crate) fn data_version(&self, broker: &BrokerKey) -> Option<DataVersion> {
        self.live.lock().get(broker).map(|live| live.data_version.clone())
    }

    /// Restarts the time after which the broker expires. Unknown brokers are ignored, as in Java.
    pub(crate) fn touch(&self, broker: &BrokerKey) {
        if let Some(live) = self.live.lock().get_mut(broker) {
            live.last_update = Instant::now();
        }
    }

    pub(crate) fn cluster_info(&self) -> ClusterInfo {
        let groups = self.groups.load();
        let brokers = groups.iter().map(|group| (group.data.broker_name.clone(), group.data.clone()));
        ClusterInfo { broker_addr_table: brokers.collect(), cluster_addr_table: groups.clusters.clone() }
    }

    /// Returns the brokers of a group; an empty group if the name is unknown, as in Java.
    pub(crate) fn member_group(&self, cluster: String, broker_name: String) -> BrokerMemberGroup {
        let addrs = |data: &BrokerData| data.broker_addrs.clone();
        let broker_addrs =
            self.groups.load().by_name(&broker_name).map(|group| addrs(&group.data)).unwrap_or_default();
        BrokerMemberGroup { broker_addrs, broker_name, cluster }
    }

    fn lock(&self) -> MutexGuard<'_, LiveBrokers> {
        self.live.lock()
    }

    /// Makes new groups visible.
    fn publish_groups(&self, groups: BrokerGroups) {
        self.groups.store(Arc::new(groups));
        self.encoded.outdate();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::route::{BrokerGroup, GroupId, JsonDialect, Queues, RouteView};

    #[test]
    fn a_route_is_read_while_a_writer_holds_the_lock() {
        let registry = Registry::new(1 << 20);
        let data = BrokerData { broker_name: "broker-a".to_owned(), ..BrokerData::default() };
        let mut groups = BrokerGroups::default();
        groups.insert(BrokerGroup { id: GroupId(1), data });
        registry.publish_groups(groups);
        let mut route = TopicRoute::new("orders");
        route.set_queues(Queues {
            group: GroupId(1),
            perm: 6,
            read_queue_nums: 4,
            write_queue_nums: 4,
            topic_sys_flag: 0,
        });
        let mut changes = registry.topics.change();
        changes.set(route);
        changes.publish();

        let _writer = registry.lock();
        let route = registry.topic("orders").unwrap();
        let json = registry.encoded().get(&route, JsonDialect::Standard, || {
            Some(RouteView::new(&route, &registry.groups(), false, None)?.to_json(JsonDialect::Standard))
        });
        assert!(json.is_some());
    }
}
