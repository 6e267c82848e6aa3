use remoting::model::body::GetConsumerListByGroupResponseBody;
use remoting::model::constants::topic::retry_topic;
use remoting::model::operation::{
    GetConsumerListByGroup, HeartBeat, HeartbeatResponseHeader, UnregisterClient,
};
use remoting::{ProcessorError, Refusal, Request};

use crate::testing::state::BrokerState;

impl BrokerState {
    /// Notes the consumers of a client. A new group gets its retry topic, as at a real broker.
    pub(super) async fn heart_beat(
        &self,
        request: Request<HeartBeat>,
    ) -> Result<HeartbeatResponseHeader, ProcessorError> {
        let new = self.groups.lock().heartbeat(&request.body, request.channel().id());
        if !new.is_empty() {
            let mut topics: Vec<_> = new.iter().map(|group| retry_topic(group)).collect();
            {
                let mut store = self.store.lock();
                topics.retain(|topic| !store.topics.contains_key(topic));
                store.topics.extend(topics.iter().map(|topic| (topic.clone(), 1)));
            }
            if !topics.is_empty() {
                self.register().await?;
            }
        }
        Ok(HeartbeatResponseHeader::default())
    }

    pub(super) async fn unregister_client(&self, request: Request<UnregisterClient>) {
        if let Some(group) = &request.header.consumer_group {
            self.groups.lock().unregister(group, &request.header.client_id);
        }
    }

    pub(super) async fn get_consumer_list_by_group(
        &self,
        request: Request<GetConsumerListByGroup>,
    ) -> Result<GetConsumerListByGroupResponseBody, Refusal> {
        let consumer_id_list = self.groups.lock().clients(&request.header.consumer_group);
        Ok(GetConsumerListByGroupResponseBody { consumer_id_list })
    }
}
