//! Lists of topics, for tools.

use remoting::model::body::TopicList;
use remoting::model::operation::{
    GetAllTopicListFromNameserver, GetHasUnitSubTopicList, GetHasUnitSubUnunitTopicList,
    GetSystemTopicListFromNs, GetTopicsByCluster, GetUnitTopicList,
};
use remoting::{Refusal, Request};

use super::disabled;
use crate::registry::UnitTopics;
use crate::server::state::State;

impl State {
    pub(super) async fn get_all_topic_list(
        &self,
        _request: Request<GetAllTopicListFromNameserver>,
    ) -> Result<TopicList, Refusal> {
        if !self.config().enable_all_topic_list {
            return Err(disabled());
        }
        Ok(self.registry.all_topics())
    }

    pub(super) async fn get_topics_by_cluster(
        &self,
        request: Request<GetTopicsByCluster>,
    ) -> Result<TopicList, Refusal> {
        self.check_topic_lists()?;
        Ok(self.registry.topics_of_cluster(&request.header.cluster))
    }

    pub(super) async fn get_system_topic_list(
        &self,
        _request: Request<GetSystemTopicListFromNs>,
    ) -> Result<TopicList, Refusal> {
        Ok(self.registry.system_topics())
    }

    pub(super) async fn get_unit_topic_list(
        &self,
        _request: Request<GetUnitTopicList>,
    ) -> Result<TopicList, Refusal> {
        self.unit_topics(UnitTopics::Unit)
    }

    pub(super) async fn get_has_unit_sub_topic_list(
        &self,
        _request: Request<GetHasUnitSubTopicList>,
    ) -> Result<TopicList, Refusal> {
        self.unit_topics(UnitTopics::HasUnitSub)
    }

    pub(super) async fn get_has_unit_sub_ununit_topic_list(
        &self,
        _request: Request<GetHasUnitSubUnunitTopicList>,
    ) -> Result<TopicList, Refusal> {
        self.unit_topics(UnitTopics::HasUnitSubUnUnit)
    }

    fn unit_topics(&self, which: UnitTopics) -> Result<TopicList, Refusal> {
        self.check_topic_lists()?;
        Ok(self.registry.unit_topics(which))
    }

    fn check_topic_lists(&self) -> Result<(), Refusal> {
        if self.config().enable_topic_list { Ok(()) } else { Err(disabled()) }
    }
}
