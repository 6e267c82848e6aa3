//! The consumers of a broker double, as heartbeats name them.

use std::collections::{BTreeMap, BTreeSet};

use remoting::ChannelId;
use remoting::model::body::HeartbeatData;

/// The clients of each consumer group.
#[derive(Debug, Default)]
pub(super) struct Groups(BTreeMap<String, BTreeSet<(String, ChannelId)>>);

impl Groups {
    /// Adds the consumers of a client, and returns the groups that are new.
    pub(super) fn heartbeat(&mut self, heartbeat: &HeartbeatData, channel: ChannelId) -> Vec<String> {
        let mut new = Vec::new();
        for consumer in &heartbeat.consumer_data_set {
            if !self.0.contains_key(&consumer.group_name) {
                new.push(consumer.group_name.clone());
            }
            let clients = self.0.entry(consumer.group_name.clone()).or_default();
            clients.insert((heartbeat.client_id.clone(), channel));
        }
        new
    }

    pub(super) fn clients(&self, group: &str) -> Vec<String> {
        let clients = self.0.get(group).into_iter().flatten();
        let ids: BTreeSet<_> = clients.map(|(client, _)| client.clone()).collect();
        ids.into_iter().collect()
    }

    pub(super) fn unregister(&mut self, group: &str, client_id: &str) {
        if let Some(clients) = self.0.get_mut(group) {
            clients.retain(|(client, _)| client != client_id);
        }
    }

    pub(super) fn disconnected(&mut self, channel: ChannelId) {
        for clients in self.0.values_mut() {
            clients.retain(|(_, of)| *of != channel);
        }
    }
}
