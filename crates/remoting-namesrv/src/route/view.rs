use std::sync::Arc;

use remoting::model::body::{BrokerData, TopicQueueMappingInfo, TopicRouteData};
use remoting::model::constants::{MASTER_ID, Perm, topic::SYNC_BROKER_MEMBER_GROUP_PREFIX};

use super::{BrokerGroup, BrokerGroups, Queues, TopicRoute};

/// A zone whose brokers a client prefers.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Zone<'a>(pub(crate) &'a str);

impl Zone<'_> {
    /// Returns whether a client of the zone sees the group. A group without a master is seen everywhere, so that its
    /// messages are consumed. Java: `ZoneRouteRPCHook`.
    fn sees(&self, data: &BrokerData, has_master: bool) -> bool {
        !has_master || data.zone_name.as_deref().is_some_and(|zone| zone.eq_ignore_ascii_case(self.0))
    }
}

/// A topic joined with its brokers: what a route shows.
pub(crate) struct RouteView<'a> {
    pub(crate) groups: Vec<GroupView<'a>>,
    pub(crate) order_topic_conf: Option<&'a str>,
    pub(crate) mapping: &'a std::collections::BTreeMap<String, TopicQueueMappingInfo>,
    brokers: &'a BrokerGroups,
}

/// A group with its queues of the topic.
pub(crate) struct GroupView<'a> {
    pub(crate) data: &'a BrokerData,
    pub(crate) queues: Queues,
    /// Whether the slave with the lowest id is shown as the master.
    pub(crate) acting_master: bool,
}

impl<'a> RouteView<'a> {
    /// Joins a topic with its brokers. Returns `None` if no broker is known. Java: `pickupTopicRouteData`.
    pub(crate) fn new(
        route: &'a TopicRoute,
        brokers: &'a BrokerGroups,
        support_acting_master: bool,
        order_topic_conf: Option<&'a str>,
    ) -> Option<Self> {
        let acting = support_acting_master && !route.topic.starts_with(SYNC_BROKER_MEMBER_GROUP_PREFIX);
        let groups: Vec<_> = route
            .queues
            .iter()
            .filter_map(|queues| {
                let group: &Arc<BrokerGroup> = brokers.by_id(queues.group)?;
                Some(GroupView {
                    data: &group.data,
                    queues: *queues,
                    acting_master: acting
                        && group.data.enable_acting_master
                        && !group.data.broker_addrs.contains_key(&MASTER_ID)
                        && !Perm(queues.perm).is_writeable(),
                })
            })
            .collect();
        (!groups.is_empty()).then_some(Self { groups, order_topic_conf, mapping: &route.mapping, brokers })
    }

    /// Removes the groups that a client of the zone does not see.
    pub(crate) fn retain_zone(&mut self, zone: Zone<'_>) {
        self.groups.retain(|group| {
            zone.sees(group.data, group.acting_master || group.data.broker_addrs.contains_key(&MASTER_ID))
        });
    }

    /// Returns the filter servers of each broker address. As in Java, each address has an entry if there are any.
    pub(crate) fn filter_servers(&self) -> impl Iterator<Item = (&'a str, &'a [String])> {
        let table = &self.brokers.filter_servers;
        let groups = if table.is_empty() { &[][..] } else { &self.groups };
        groups.iter().flat_map(move |group| {
            group.data.broker_addrs.values().filter_map(move |addr| {
                let servers = table.get(&(group.data.cluster.clone(), addr.clone()))?;
                Some((addr.as_str(), servers.as_slice()))
            })
        })
    }

    /// Returns the route as a body.
    pub(crate) fn to_data(&self) -> TopicRouteData {
        TopicRouteData {
            broker_datas: self.groups.iter().map(GroupView::to_broker_data).collect(),
            filter_server_table: self
                .filter_servers()
                .map(|(addr, servers)| (addr.to_owned(), servers.to_vec()))
                .collect(),
            order_topic_conf: self.order_topic_conf.map(ToOwned::to_owned),
            queue_datas: self.groups.iter().map(GroupView::to_queue_data).collect(),
            topic_queue_mapping_by_broker: self.mapping.clone(),
        }
    }
}

impl<'a> GroupView<'a> {
    /// Returns the id and address of each broker. The lowest id of a group with an acting master is 0.
    pub(crate) fn addrs(&self) -> impl Iterator<Item = (i64, &'a str)> + use<'a> {
        let acting = self.acting_master;
        self.data
            .broker_addrs
            .iter()
            .enumerate()
            .map(move |(at, (id, addr))| (if acting && at == 0 { MASTER_ID } else { *id }, addr.as_str()))
    }

    fn to_broker_data(&self) -> BrokerData {
        BrokerData {
            broker_addrs: self.addrs().map(|(id, addr)| (id, addr.to_owned())).collect(),
            ..self.data.clone()
        }
    }

    fn to_queue_data(&self) -> remoting::model::body::QueueData {
        remoting::model::body::QueueData {
            broker_name: self.data.broker_name.clone(),
            perm: self.queues.perm,
            read_queue_nums: self.queues.read_queue_nums,
            topic_sys_flag: self.queues.topic_sys_flag,
            write_queue_nums: self.queues.write_queue_nums,
        }
    }
}
