use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use remoting::model::body::BrokerData;

/// The number of a broker group. A name that is registered again gets a new number, so an outdated snapshot of a topic
/// never shows the queues of another group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct GroupId(pub(crate) u64);

/// A master and its slaves, which share a name.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct BrokerGroup {
    pub(crate) id: GroupId,
    pub(crate) data: BrokerData,
}

impl BrokerGroup {
    /// Returns the lowest broker id.
    pub(crate) fn min_broker_id(&self) -> Option<i64> {
        self.data.broker_addrs.first_key_value().map(|(id, _)| *id)
    }
}

/// All broker groups, the clusters and the filter servers. A snapshot: a change makes a new one.
#[derive(Debug, Clone, Default)]
pub(crate) struct BrokerGroups {
    by_id: HashMap<GroupId, Arc<BrokerGroup>>,
    by_name: BTreeMap<String, Arc<BrokerGroup>>,
    /// The names of the groups of each cluster.
    pub(crate) clusters: BTreeMap<String, BTreeSet<String>>,
    /// The filter servers of each broker, by cluster and address.
    pub(crate) filter_servers: BTreeMap<(String, String), Vec<String>>,
}

impl BrokerGroups {
    pub(crate) fn by_id(&self, id: GroupId) -> Option<&Arc<BrokerGroup>> {
        self.by_id.get(&id)
    }

    pub(crate) fn by_name(&self, name: &str) -> Option<&Arc<BrokerGroup>> {
        self.by_name.get(name)
    }

    /// Returns the groups in the order of their names.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Arc<BrokerGroup>> {
        self.by_name.values()
    }

    /// Finds the group and the id of the broker with this address.
    pub(crate) fn find(&self, cluster: &str, addr: &str) -> Option<(&Arc<BrokerGroup>, i64)> {
        self.iter().filter(|group| group.data.cluster == cluster).find_map(|group| {
            let mut addrs = group.data.broker_addrs.iter();
            addrs.find(|(_, other)| *other == addr).map(|(id, _)| (group, *id))
        })
    }

    pub(crate) fn insert(&mut self, group: BrokerGroup) {
        let group = Arc::new(group);
        self.by_id.insert(group.id, Arc::clone(&group));
        self.by_name.insert(group.data.broker_name.clone(), group);
    }

    /// Removes a group, and its cluster if it was the last of it.
    pub(crate) fn remove(&mut self, group: &BrokerGroup, cluster: &str) {
        self.by_id.remove(&group.id);
        self.by_name.remove(&group.data.broker_name);
        if let Some(names) = self.clusters.get_mut(cluster) {
            names.remove(&group.data.broker_name);
            if names.is_empty() {
                self.clusters.remove(cluster);
            }
        }
    }
}
