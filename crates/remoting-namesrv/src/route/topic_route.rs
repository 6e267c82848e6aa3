use std::collections::BTreeMap;
use std::sync::Arc;

use remoting::model::body::TopicQueueMappingInfo;

use super::encoded::Slots;
use super::{GroupId, Queues};

/// A topic: a snapshot of its queues, and the JSON of its route.
#[derive(Debug)]
pub(crate) struct TopicRoute {
    pub(crate) topic: Arc<str>,
    /// In the order of the groups' numbers.
    pub(crate) queues: Vec<Queues>,
    /// The mapping of a static topic, by broker name.
    pub(crate) mapping: Arc<BTreeMap<String, TopicQueueMappingInfo>>,
    pub(super) encoded: Slots,
}

impl TopicRoute {
    pub(crate) fn new(topic: &str) -> Self {
        Self { topic: topic.into(), queues: Vec::new(), mapping: Arc::default(), encoded: Slots::default() }
    }

    /// Returns a copy to be changed. It has no JSON yet.
    pub(crate) fn to_changed(&self) -> Self {
        // Room for the group that is about to be added.
        let mut queues = Vec::with_capacity(self.queues.len() + 1);
        queues.extend_from_slice(&self.queues);
        Self {
            topic: Arc::clone(&self.topic),
            queues,
            mapping: Arc::clone(&self.mapping),
            encoded: Slots::default(),
        }
    }

    pub(crate) fn queues_of(&self, group: GroupId) -> Option<&Queues> {
        let at = self.queues.binary_search_by_key(&group, |queues| queues.group).ok()?;
        self.queues.get(at)
    }

    /// Adds or replaces the queues of a group.
    pub(crate) fn set_queues(&mut self, queues: Queues) {
        match self.queues.binary_search_by_key(&queues.group, |queues| queues.group) {
            Ok(at) => self.queues[at] = queues,
            Err(at) => self.queues.insert(at, queues),
        }
    }

    /// Removes the queues of a group, and its part of the mapping.
    pub(crate) fn remove_queues(&mut self, group: GroupId, broker_name: &str) {
        self.queues.retain(|queues| queues.group != group);
        if self.mapping.contains_key(broker_name) {
            Arc::make_mut(&mut self.mapping).remove(broker_name);
        }
    }

    /// Returns the system flags of the topic, as the first group has them.
    pub(crate) fn sys_flag(&self) -> i32 {
        self.queues.first().map_or(0, |queues| queues.topic_sys_flag)
    }
}
