use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use remoting::Channel;
use remoting::model::body::{
    BrokerData, RegisterBrokerBody, TopicConfig, TopicConfigAndMappingSerializeWrapper,
};
use remoting::model::constants::{MASTER_ID, Perm};
use remoting::model::header::RegisterBrokerRequestHeader;
use tokio::time::Instant;

use super::live::{BrokerKey, LiveBroker};
use super::{DEFAULT_HEARTBEAT_TIMEOUT, MinBrokerIdChange, Registry};
use crate::config::NameServerConfig;
use crate::route::{BrokerGroup, GroupId, Queues, TopicChanges, TopicRoute};

/// A broker's registration.
pub(crate) struct Registration {
    pub(crate) header: RegisterBrokerRequestHeader,
    pub(crate) body: RegisterBrokerBody,
    /// The zone of the broker: the ext field `__ZONE_NAME`.
    pub(crate) zone: Option<String>,
    pub(crate) channel: Channel,
}

/// What a registration results in.
#[derive(Debug, Default)]
pub(crate) struct Registered {
    /// The replication address and the address of the master, for a slave.
    pub(crate) master: Option<(String, String)>,
    pub(crate) notice: Option<MinBrokerIdChange>,
}

/// Why a registration is refused.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RegisterError {
    /// It has one topic alone, and the broker is not registered.
    #[error("register broker failed")]
    NotRegistered,
    #[error("the name server has no room for another broker: its limit is {limit} (maxBrokers)")]
    TooManyBrokers { limit: usize },
    #[error("the name server has no room for more topics: its limit is {limit} (maxTopics)")]
    TooManyTopics { limit: usize },
}

impl Registry {
    /// Registers a broker and its topics. Java: `RouteInfoManager.registerBroker`.
    pub(crate) fn register(
        &self,
        registration: Registration,
        config: &NameServerConfig,
    ) -> Result<Registered, RegisterError> {
        let Registration { header, body, zone, channel } = registration;
        let topics = body.topic_config_serialize_wrapper;
        let key = BrokerKey { cluster: header.cluster_name.clone(), addr: header.broker_addr.clone() };

        let mut live = self.lock();
        if live.len() >= config.max_brokers && live.get(&key).is_none() {
            return Err(RegisterError::TooManyBrokers { limit: config.max_brokers });
        }
        let groups = self.groups.load_full();
        let known = groups.by_name(&header.broker_name);
        let mut group = match known {
            Some(known) => BrokerGroup::clone(known),
            None => BrokerGroup { id: live.next_group(), data: new_data(&header) },
        };
        group.data.enable_acting_master = header.enable_acting_master.unwrap_or(false);
        group.data.zone_name = zone;

        let addrs = &mut group.data.broker_addrs;
        let lowest_before = addrs.first_key_value().map_or(0, |(id, _)| *id);
        // A slave that became the master has one entry, with its new id.
        addrs.retain(|id, addr| *id == header.broker_id || *addr != header.broker_addr);

        let replaced = addrs.get(&header.broker_id).filter(|addr| **addr != header.broker_addr);
        if let Some(replaced) = replaced {
            let replaced = BrokerKey { cluster: header.cluster_name.clone(), addr: replaced.clone() };
            let newer = live.get(&replaced).map(|replaced| replaced.data_version.state_version);
            if newer.is_some_and(|version| version > topics.data_version.state_version) {
                tracing::warn!(broker = %key, name = header.broker_name, id = header.broker_id, registered = %replaced,
                    "a broker with a newer state has this id, so the registration is ignored");
                live.remove(&key);
                return Ok(Registered::default());
            }
        }
        if !addrs.contains_key(&header.broker_id) && topics.topic_config_table.len() == 1 {
            tracing::warn!(broker = %key, name = header.broker_name, id = header.broker_id,
                "a broker registers one topic, but is not registered itself");
            return Err(RegisterError::NotRegistered);
        }

        let previous_addr = addrs.insert(header.broker_id, header.broker_addr.clone());
        let is_first = known.is_none() || previous_addr.is_none_or(|addr| addr.is_empty());
        let lowest = addrs.first_key_value().map_or(header.broker_id, |(id, _)| *id);

        let is_master = header.broker_id == MASTER_ID;
        let is_prime_slave =
            header.enable_acting_master.is_some() && !is_master && header.broker_id == lowest;
        if is_master || is_prime_slave {
            let update = TopicUpdate {
                group: group.id,
                broker_name: &header.broker_name,
                read_only: is_prime_slave && group.data.enable_acting_master,
                // A version that is unknown is a changed one.
                all: is_first || live.get(&key).is_none_or(|live| live.data_version != topics.data_version),
                delete_missing: config.delete_topic_with_broker_registration,
            };
            let mut changes = self.topics.change();
            update.apply(self, &mut changes, &topics);
            if changes.len() > config.max_topics.max(self.topics.len()) {
                return Err(RegisterError::TooManyTopics { limit: config.max_topics });
            }
            changes.publish();
        }

        let previous = live.insert(
            key.clone(),
            LiveBroker {
                last_update: Instant::now(),
                heartbeat_timeout: heartbeat_timeout(header.heartbeat_timeout_millis),
                data_version: topics.data_version,
                channel,
                ha_server_addr: header.ha_server_addr.clone(),
            },
        );
        if previous.is_none() {
            tracing::info!(broker = %key, name = header.broker_name, id = header.broker_id, ha = header.ha_server_addr,
                topics = topics.topic_config_table.len(), "broker registered");
        }

        let mut registered = Registered::default();
        if !is_master && let Some(addr) = group.data.broker_addrs.get(&MASTER_ID) {
            let master = live.get(&BrokerKey { cluster: key.cluster.clone(), addr: addr.clone() });
            registered.master = master.map(|master| (master.ha_server_addr.clone(), addr.clone()));
        }
        if header.broker_id < lowest_before && config.notify_min_broker_id_changed {
            registered.notice = Some(MinBrokerIdChange {
                broker_name: header.broker_name.clone(),
                addrs: group.data.broker_addrs.clone(),
                offline_addr: None,
                ha_addr: Some(header.ha_server_addr),
            });
        }
        self.publish_registered(group, key, body.filter_server_list);
        Ok(registered)
    }

    /// Makes the group visible, unless it is visible already.
    fn publish_registered(&self, group: BrokerGroup, key: BrokerKey, filter_servers: Vec<String>) {
        let groups = self.groups.load_full();
        let known = groups.by_name(&group.data.broker_name);
        let key = (key.cluster, key.addr);
        let known_servers = groups.filter_servers.get(&key).map_or(&[][..], Vec::as_slice);
        let in_cluster =
            groups.clusters.get(&key.0).is_some_and(|names| names.contains(&group.data.broker_name));
        if known.is_some_and(|known| **known == group) && known_servers == filter_servers && in_cluster {
            return;
        }
        let mut groups = Arc::unwrap_or_clone(groups);
        groups.clusters.entry(key.0.clone()).or_default().insert(group.data.broker_name.clone());
        if filter_servers.is_empty() {
            groups.filter_servers.remove(&key);
        } else {
            groups.filter_servers.insert(key, filter_servers);
        }
        groups.insert(group);
        self.publish_groups(groups);
    }
}

/// Changes the topics of a group to those of a registration.
struct TopicUpdate<'a> {
    group: GroupId,
    broker_name: &'a str,
    /// Whether the broker acts as the master, so that nothing can be written.
    read_only: bool,
    /// Whether all topics may have changed.
    all: bool,
    delete_missing: bool,
}

impl TopicUpdate<'_> {
    fn apply(
        &self,
        registry: &Registry,
        changes: &mut TopicChanges<'_>,
        topics: &TopicConfigAndMappingSerializeWrapper,
    ) {
        let mappings = &topics.topic_queue_mapping_info_map;
        if self.delete_missing && mappings.is_empty() {
            let kept: BTreeSet<_> = topics.topic_config_table.keys().map(String::as_str).collect();
            registry.topics.for_each(|route| {
                if route.queues_of(self.group).is_some() && !kept.contains(&*route.topic) {
                    let mut changed = route.to_changed();
                    changed.remove_queues(self.group, self.broker_name);
                    tracing::info!(topic = %route.topic, broker = self.broker_name,
                        "topic deleted from a broker: its registration does not have it");
                    changes.set(changed);
                }
            });
        }
        for (name, config) in &topics.topic_config_table {
            self.set_queues(changes, name, config);
        }
        if self.all {
            for (topic, mapping) in mappings {
                if let Some(route) = changes.get(topic)
                    && route.mapping.get(&mapping.bname) != Some(mapping)
                {
                    let mut changed = route.to_changed();
                    Arc::make_mut(&mut changed.mapping).insert(mapping.bname.clone(), mapping.clone());
                    changes.set(changed);
                }
            }
        }
    }

    fn set_queues(&self, changes: &mut TopicChanges<'_>, name: &str, config: &TopicConfig) {
        let topic = if config.topic_name.is_empty() { name } else { &config.topic_name };
        let known = changes.get(topic);
        let known_queues = known.as_ref().and_then(|route| route.queues_of(self.group));
        if known_queues.is_some() && !self.all {
            return;
        }
        let mut queues = Queues::of_config(self.group, config);
        if self.read_only {
            queues.perm = (Perm(queues.perm) & !Perm::WRITE).0;
        }
        if known_queues == Some(&queues) {
            return;
        }
        match known_queues {
            Some(old) => {
                tracing::debug!(topic, broker = self.broker_name, ?old, new = ?queues, "topic changed")
            }
            None if known.is_none() => tracing::debug!(topic, broker = self.broker_name, "topic registered"),
            None => {}
        }
        let mut changed = known.map_or_else(|| TopicRoute::new(topic), |route| route.to_changed());
        changed.set_queues(queues);
        changes.set(changed);
    }
}

fn new_data(header: &RegisterBrokerRequestHeader) -> BrokerData {
    BrokerData {
        cluster: header.cluster_name.clone(),
        broker_name: header.broker_name.clone(),
        ..BrokerData::default()
    }
}

/// A broker that registers with a negative time expires at the next scan, as in Java.
fn heartbeat_timeout(millis: Option<i64>) -> Duration {
    millis.map_or(DEFAULT_HEARTBEAT_TIMEOUT, |millis| {
        Duration::from_millis(u64::try_from(millis).unwrap_or_default())
    })
}
