//! Topics that tools register and delete.

use remoting::Request;
use remoting::model::operation::{DeleteTopicInNamesrv, RegisterTopicInNamesrv};

use crate::server::state::State;

impl State {
    pub(super) async fn register_topic(&self, request: Request<RegisterTopicInNamesrv>) {
        self.registry.register_topic(&request.header.topic, &request.body.queue_datas);
    }

    pub(super) async fn delete_topic(&self, request: Request<DeleteTopicInNamesrv>) {
        let header = &request.header;
        match header.cluster_name.as_deref().filter(|cluster| !cluster.is_empty()) {
            Some(cluster) => self.registry.delete_topic_in_cluster(&header.topic, cluster),
            None => self.registry.delete_topic(&header.topic),
        }
    }
}
