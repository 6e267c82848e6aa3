//! Lists of topics, for tools.

use std::collections::BTreeSet;

use remoting::model::body::TopicList;
use remoting::model::constants::TopicSysFlag;

use super::Registry;
use crate::route::TopicRoute;

/// Which topics a list of unit topics has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum UnitTopics {
    /// Topics of a unit.
    Unit,
    /// Topics with a subscription of a unit.
    HasUnitSub,
    /// Topics with a subscription of a unit that are no topics of a unit.
    HasUnitSubUnUnit,
}

impl Registry {
    pub(crate) fn all_topics(&self) -> TopicList {
        self.topics_where(|_| true)
    }

    /// Returns the topics of a cluster. A cluster that is unknown has none, as in Java.
    pub(crate) fn topics_of_cluster(&self, cluster: &str) -> TopicList {
        let groups = self.groups.load();
        let names = groups.clusters.get(cluster).into_iter().flatten();
        let ids: Vec<_> = names.filter_map(|name| groups.by_name(name)).map(|group| group.id).collect();
        self.topics_where(|route| ids.iter().any(|id| route.queues_of(*id).is_some()))
    }

    pub(crate) fn unit_topics(&self, which: UnitTopics) -> TopicList {
        self.topics_where(|route| {
            let flag = TopicSysFlag(route.sys_flag());
            match which {
                UnitTopics::Unit => flag.has_unit(),
                UnitTopics::HasUnitSub => flag.has_unit_sub(),
                UnitTopics::HasUnitSubUnUnit => flag.has_unit_sub() && !flag.has_unit(),
            }
        })
    }

    /// Returns the topics that brokers make for themselves: one for each cluster and each broker. Brokers add their own
    /// when they are asked at the address in the list.
    pub(crate) fn system_topics(&self) -> TopicList {
        let groups = self.groups.load();
        let clusters = groups.clusters.iter();
        let topic_list = clusters.flat_map(|(cluster, names)| std::iter::once(cluster).chain(names)).cloned();
        let broker_addr = groups.iter().find_map(|group| group.data.broker_addrs.values().next().cloned());
        TopicList { topic_list: topic_list.collect(), broker_addr }
    }

    fn topics_where(&self, mut matches: impl FnMut(&TopicRoute) -> bool) -> TopicList {
        let mut topics = BTreeSet::new();
        self.topics.for_each(|route| {
            if matches(route) {
                topics.insert(route.topic.to_string());
            }
        });
        TopicList { topic_list: topics, broker_addr: None }
    }
}
