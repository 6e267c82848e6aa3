//! Topics that tools register and delete.

use remoting::model::body::QueueData;

use super::Registry;
use crate::route::{Queues, TopicRoute};

impl Registry {
    /// Registers a topic on brokers that are registered. If one of them is not, nothing changes. Java: `registerTopic`.
    pub(crate) fn register_topic(&self, topic: &str, queue_datas: &[QueueData]) {
        if queue_datas.is_empty() {
            return;
        }
        let _live = self.lock();
        let groups = self.groups.load();
        let mut changes = self.topics.change();
        let mut changed =
            changes.get(topic).map_or_else(|| TopicRoute::new(topic), |route| route.to_changed());
        for data in queue_datas {
            let Some(group) = groups.by_name(&data.broker_name) else {
                tracing::warn!(
                    topic,
                    broker = data.broker_name,
                    "a topic is registered on an unknown broker"
                );
                return;
            };
            changed.set_queues(Queues::of_data(group.id, data));
        }
        changes.set(changed);
        changes.publish();
        tracing::info!(topic, brokers = queue_datas.len(), "topic registered by a tool");
    }

    /// Deletes a topic. It comes back with the next changed registration of a broker that has it.
    pub(crate) fn delete_topic(&self, topic: &str) {
        let _live = self.lock();
        let mut changes = self.topics.change();
        if changes.get(topic).is_some() {
            changes.set(TopicRoute::new(topic));
            changes.publish();
            tracing::info!(topic, "topic deleted");
        }
    }

    /// Deletes a topic from the brokers of a cluster.
    pub(crate) fn delete_topic_in_cluster(&self, topic: &str, cluster: &str) {
        let _live = self.lock();
        let groups = self.groups.load();
        let Some(names) = groups.clusters.get(cluster) else { return };
        let mut changes = self.topics.change();
        let Some(route) = changes.get(topic) else { return };
        let mut changed = route.to_changed();
        for group in names.iter().filter_map(|name| groups.by_name(name)) {
            changed.remove_queues(group.id, &group.data.broker_name);
        }
        tracing::info!(topic, cluster, left = changed.queues.len(), "topic deleted from a cluster");
        changes.set(changed);
        changes.publish();
    }
}
