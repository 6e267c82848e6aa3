use std::collections::BTreeSet;
use std::sync::Arc;

use remoting::model::constants::{MASTER_ID, Perm};
use remoting::{ChannelId, CloseReason};
use tokio::time::Instant;

use super::live::{BrokerKey, LiveBrokers};
use super::{MinBrokerIdChange, Registry};
use crate::config::NameServerConfig;
use crate::route::{BrokerGroup, BrokerGroups, GroupId};

/// A broker that leaves.
#[derive(Debug, Clone)]
pub(crate) struct Departure {
    pub(crate) key: BrokerKey,
    pub(crate) broker_name: String,
    pub(crate) broker_id: i64,
}

/// Brokers that were removed because they are gone.
#[derive(Debug, Default)]
pub(crate) struct Removal {
    /// Their number.
    pub(crate) brokers: usize,
    pub(crate) notices: Vec<MinBrokerIdChange>,
}

/// The groups that a departure has left without a broker, and those that still have one.
#[derive(Default)]
struct Affected {
    removed: Vec<Arc<BrokerGroup>>,
    reduced: BTreeSet<GroupId>,
}

impl Registry {
    /// Removes brokers that unregister. Java: `RouteInfoManager.unRegisterBroker`.
    pub(crate) fn unregister(
        &self,
        departures: &[Departure],
        config: &NameServerConfig,
    ) -> Vec<MinBrokerIdChange> {
        self.unregister_locked(&mut self.lock(), departures, config)
    }

    /// Removes the brokers that registered over channels that are closed now. Java: `onChannelDestroy`, which removes one
    /// broker of each channel.
    pub(crate) fn unregister_channels(&self, channels: &[ChannelId], config: &NameServerConfig) -> Removal {
        let mut live = self.lock();
        let groups = self.groups.load();
        let keys = channels.iter().flat_map(|channel| live.of_channel(*channel));
        let departures: Vec<_> = keys.map(|key| departure(&groups, key)).collect();
        for departure in &departures {
            tracing::warn!(broker = %departure.key, name = departure.broker_name, id = departure.broker_id,
                "the channel of a broker is closed");
        }
        let notices = self.unregister_locked(&mut live, &departures, config);
        Removal { brokers: departures.len(), notices }
    }

    /// Removes the brokers whose heartbeats have stopped, and closes their channels. Java: `scanNotActiveBroker`.
    pub(crate) fn unregister_expired(&self, config: &NameServerConfig) -> Removal {
        const REASON: CloseReason = CloseReason::local("no heartbeat of the broker in time");
        let mut live = self.lock();
        let (now, groups) = (Instant::now(), self.groups.load());
        let mut departures = Vec::new();
        for (key, broker) in live.iter().filter(|(_, broker)| broker.is_expired(now)) {
            tracing::warn!(broker = %key, timeout = ?broker.heartbeat_timeout, "broker expired");
            broker.channel.close(REASON);
            departures.push(departure(&groups, key));
        }
        let notices = self.unregister_locked(&mut live, &departures, config);
        Removal { brokers: departures.len(), notices }
    }

    fn unregister_locked(
        &self,
        live: &mut LiveBrokers,
        departures: &[Departure],
        config: &NameServerConfig,
    ) -> Vec<MinBrokerIdChange> {
        if departures.is_empty() {
            return Vec::new();
        }
        let mut groups = BrokerGroups::clone(&self.groups.load());
        let (mut affected, mut notices) = (Affected::default(), Vec::new());
        for departure in departures {
            live.remove(&departure.key);
            groups.filter_servers.remove(&(departure.key.cluster.clone(), departure.key.addr.clone()));
            let Some(group) = groups.by_name(&departure.broker_name).map(Arc::clone) else { continue };
            let lowest_left = group.min_broker_id() == Some(departure.broker_id);
            let mut changed = BrokerGroup::clone(&group);
            changed.data.broker_addrs.retain(|_, addr| *addr != departure.key.addr);
            tracing::info!(broker = %departure.key, name = departure.broker_name, id = departure.broker_id,
                left = changed.data.broker_addrs.len(), "broker unregistered");
            if changed.data.broker_addrs.is_empty() {
                groups.remove(&group, &departure.key.cluster);
                affected.removed.push(group);
                continue;
            }
            affected.reduced.insert(group.id);
            if lowest_left && changed.data.enable_acting_master && config.notify_min_broker_id_changed {
                notices.push(MinBrokerIdChange {
                    broker_name: departure.broker_name.clone(),
                    addrs: changed.data.broker_addrs.clone(),
                    offline_addr: Some(departure.key.addr.clone()),
                    ha_addr: None,
                });
            }
            groups.insert(changed);
        }
        self.clean_topics(&groups, &affected);
        self.publish_groups(groups);
        notices
    }

    /// Removes the queues of groups that are gone, and makes those of groups with an acting master read-only.
    fn clean_topics(&self, groups: &BrokerGroups, affected: &Affected) {
        let without_master: Vec<_> = affected
            .reduced
            .iter()
            .filter_map(|id| groups.by_id(*id))
            .filter(|group| group.data.enable_acting_master)
            .filter(|group| !group.data.broker_addrs.contains_key(&MASTER_ID))
            .collect();
        if affected.removed.is_empty() && without_master.is_empty() {
            return;
        }
        let mut changes = self.topics.change();
        self.topics.for_each(|route| {
            let mut changed = None;
            for group in &affected.removed {
                if route.queues_of(group.id).is_some() {
                    let changed = changed.get_or_insert_with(|| route.to_changed());
                    changed.remove_queues(group.id, &group.data.broker_name);
                }
            }
            for group in &without_master {
                let Some(queues) = route.queues_of(group.id) else { continue };
                if Perm(queues.perm).is_writeable() {
                    let mut queues = *queues;
                    queues.perm = (Perm(queues.perm) & !Perm::WRITE).0;
                    changed.get_or_insert_with(|| route.to_changed()).set_queues(queues);
                }
            }
            if let Some(changed) = changed {
                if changed.queues.is_empty() {
                    tracing::debug!(topic = %changed.topic, "topic removed: its last broker is gone");
                }
                changes.set(changed);
            }
        });
        changes.publish();
    }
}

/// Finds the group of a broker. A broker that no group has, because another one has taken its id, has no name.
fn departure(groups: &BrokerGroups, key: &BrokerKey) -> Departure {
    let (broker_name, broker_id) = match groups.find(&key.cluster, &key.addr) {
        Some((group, id)) => (group.data.broker_name.clone(), id),
        None => (String::new(), -1),
    };
    Departure { key: key.clone(), broker_name, broker_id }
}
