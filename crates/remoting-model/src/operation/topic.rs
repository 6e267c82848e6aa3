//! Operations on topics of a broker.

use super::define::operations;
use crate::body::{
    CreateTopicListRequestBody, DeleteTopicListRequestBody, GroupList, TopicConfigAndQueueMapping, TopicList,
    TopicQueueMappingDetail, TopicStatsTable,
};
use crate::header::{
    CreateTopicListRequestHeader, CreateTopicRequestHeader, DeleteTopicRequestHeader,
    GetTopicConfigRequestHeader, GetTopicStatsInfoRequestHeader, QueryTopicConsumeByWhoRequestHeader,
};

operations! {
    TOPIC;

    /// Creates or changes a topic.
    UpdateAndCreateTopic = UPDATE_AND_CREATE_TOPIC, [Admin] -> [Broker] "AdminBrokerProcessor",
        { header: CreateTopicRequestHeader } -> {};

    /// Creates or changes several topics.
    UpdateAndCreateTopicList = UPDATE_AND_CREATE_TOPIC_LIST, [Admin] -> [Broker] "AdminBrokerProcessor",
        { header: CreateTopicListRequestHeader, body: CreateTopicListRequestBody } -> {};

    /// Creates or changes a static topic.
    UpdateAndCreateStaticTopic = UPDATE_AND_CREATE_STATIC_TOPIC, [Admin] -> [Broker] "AdminBrokerProcessor",
        { header: CreateTopicRequestHeader, body: TopicQueueMappingDetail } -> {};

    /// Deletes a topic from a broker.
    DeleteTopicInBroker = DELETE_TOPIC_IN_BROKER, [Admin] -> [Broker] "AdminBrokerProcessor",
        { header: DeleteTopicRequestHeader } -> {};

    /// Deletes several topics.
    DeleteTopicInBrokerList = DELETE_TOPIC_IN_BROKER_LIST, [Admin] -> [Broker] "AdminBrokerProcessor",
        { body: DeleteTopicListRequestBody } -> {};

    /// Fetches the settings of one topic.
    ///
    /// A missing topic is refused with `TOPIC_NOT_EXIST`.
    GetTopicConfig = GET_TOPIC_CONFIG, [Admin] -> [Broker] "AdminBrokerProcessor",
        { header: GetTopicConfigRequestHeader } -> { body: TopicConfigAndQueueMapping };

    /// Queries the offsets of each queue of a topic.
    GetTopicStatsInfo = GET_TOPIC_STATS_INFO, [Admin] -> [Broker] "AdminBrokerProcessor",
        { header: GetTopicStatsInfoRequestHeader } -> { body: TopicStatsTable };

    /// Queries the system topics of a broker.
    GetSystemTopicListFromBroker = GET_SYSTEM_TOPIC_LIST_FROM_BROKER, [Admin] -> [Broker] "AdminBrokerProcessor",
        {} -> { body: TopicList };

    /// Queries the groups that consume a topic.
    QueryTopicConsumeByWho = QUERY_TOPIC_CONSUME_BY_WHO, [Admin] -> [Broker] "AdminBrokerProcessor",
        { header: QueryTopicConsumeByWhoRequestHeader } -> { body: GroupList };

    /// Deletes the data of deleted topics.
    CleanUnusedTopic = CLEAN_UNUSED_TOPIC, [Admin] -> [Broker] "AdminBrokerProcessor",
        {} -> {};

    /// Deletes consume queues that point to no message.
    CleanExpiredConsumeQueue = CLEAN_EXPIRED_CONSUMEQUEUE, [Admin] -> [Broker] "AdminBrokerProcessor",
        {} -> {};
}
