//! Brokers and their permissions, as tools see them.

use remoting::model::body::{ClusterInfo, GetBrokerMemberGroupResponseBody};
use remoting::model::header::{AddWritePermOfBrokerResponseHeader, WipeWritePermOfBrokerResponseHeader};
use remoting::model::operation::{
    AddWritePermOfBroker, GetBrokerClusterInfo, GetBrokerMemberGroup, WipeWritePermOfBroker,
};
use remoting::{Address, Refusal, Request};

use crate::registry::WritePermission;
use crate::server::state::State;

impl State {
    pub(super) async fn get_broker_cluster_info(
        &self,
        _request: Request<GetBrokerClusterInfo>,
    ) -> Result<ClusterInfo, Refusal> {
        Ok(self.registry.cluster_info())
    }

    pub(super) async fn get_broker_member_group(
        &self,
        request: Request<GetBrokerMemberGroup>,
    ) -> Result<GetBrokerMemberGroupResponseBody, Refusal> {
        let header = request.into_operation().header;
        let group = self.registry.member_group(header.cluster_name, header.broker_name);
        Ok(GetBrokerMemberGroupResponseBody { broker_member_group: Some(group) })
    }

    pub(super) async fn wipe_write_perm_of_broker(
        &self,
        request: Request<WipeWritePermOfBroker>,
    ) -> Result<WipeWritePermOfBrokerResponseHeader, Refusal> {
        let broker_name = &request.header.broker_name;
        let wipe_topic_count =
            self.change_write_permission(broker_name, WritePermission::Wipe, request.peer_addr());
        Ok(WipeWritePermOfBrokerResponseHeader { wipe_topic_count })
    }

    pub(super) async fn add_write_perm_of_broker(
        &self,
        request: Request<AddWritePermOfBroker>,
    ) -> Result<AddWritePermOfBrokerResponseHeader, Refusal> {
        let broker_name = &request.header.broker_name;
        let add_topic_count =
            self.change_write_permission(broker_name, WritePermission::Add, request.peer_addr());
        Ok(AddWritePermOfBrokerResponseHeader { add_topic_count })
    }

    fn change_write_permission(&self, broker_name: &str, change: WritePermission, peer: &Address) -> i32 {
        let topics = self.registry.change_write_permission(broker_name, change);
        tracing::info!(broker_name, ?change, topics, %peer, "write permission of a broker changed");
        i32::try_from(topics).unwrap_or(i32::MAX)
    }
}
