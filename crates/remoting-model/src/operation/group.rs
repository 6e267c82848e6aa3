//! Operations on consumer and producer groups of a broker.

use super::define::operations;
use crate::body::{
    ConsumeStats, ConsumeStatsList, ConsumerConnection, DeleteSubscriptionGroupListRequestBody,
    GroupForbidden, ProducerConnection, ProducerTableInfo, QuerySubscriptionResponseBody,
    SubscriptionGroupConfig, SubscriptionGroupList, TopicList,
};
use crate::header::{
    DeleteSubscriptionGroupRequestHeader, GetAllProducerInfoRequestHeader, GetConsumeStatsInBrokerHeader,
    GetConsumeStatsRequestHeader, GetConsumerConnectionListRequestHeader,
    GetProducerConnectionListRequestHeader, GetSubscriptionGroupConfigRequestHeader,
    QuerySubscriptionByConsumerRequestHeader, QueryTopicsByConsumerRequestHeader,
    UpdateGroupForbiddenRequestHeader,
};

operations! {
    GROUP;

    /// Creates or changes a consumer group.
    UpdateAndCreateSubscriptionGroup = UPDATE_AND_CREATE_SUBSCRIPTIONGROUP, [Admin] -> [Broker] "AdminBrokerProcessor",
        { body: SubscriptionGroupConfig } -> {};

    /// Creates or changes several consumer groups.
    UpdateAndCreateSubscriptionGroupList = UPDATE_AND_CREATE_SUBSCRIPTIONGROUP_LIST, [Admin] -> [Broker] "AdminBrokerProcessor",
        { body: SubscriptionGroupList } -> {};

    /// Deletes a consumer group.
    DeleteSubscriptionGroup = DELETE_SUBSCRIPTIONGROUP, [Admin] -> [Broker] "AdminBrokerProcessor",
        { header: DeleteSubscriptionGroupRequestHeader } -> {};

    /// Deletes several consumer groups.
    DeleteSubscriptionGroupList = DELETE_SUBSCRIPTION_GROUP_LIST, [Admin] -> [Broker] "AdminBrokerProcessor",
        { body: DeleteSubscriptionGroupListRequestBody } -> {};

    /// Fetches the settings of one consumer group.
    GetSubscriptionGroupConfig = GET_SUBSCRIPTIONGROUP_CONFIG, [Admin] -> [Broker] "AdminBrokerProcessor",
        { header: GetSubscriptionGroupConfigRequestHeader } -> { body: SubscriptionGroupConfig };

    /// Allows or forbids a group to read a topic.
    UpdateAndGetGroupForbidden = UPDATE_AND_GET_GROUP_FORBIDDEN, [Admin] -> [Broker] "AdminBrokerProcessor",
        { header: UpdateGroupForbiddenRequestHeader } -> { body: GroupForbidden };

    /// Queries the connections of a consumer group.
    ///
    /// A group without connections is refused with `CONSUMER_NOT_ONLINE`.
    GetConsumerConnectionList = GET_CONSUMER_CONNECTION_LIST, [Client, Admin] -> [Broker] "AdminBrokerProcessor",
        { header: GetConsumerConnectionListRequestHeader } -> { body: ConsumerConnection };

    /// Queries the connections of a producer group.
    GetProducerConnectionList = GET_PRODUCER_CONNECTION_LIST, [Admin] -> [Broker] "AdminBrokerProcessor",
        { header: GetProducerConnectionListRequestHeader } -> { body: ProducerConnection };

    /// Queries all producers of a broker.
    GetAllProducerInfo = GET_ALL_PRODUCER_INFO, [Admin] -> [Broker] "AdminBrokerProcessor",
        { header: GetAllProducerInfoRequestHeader } -> { body: ProducerTableInfo };

    /// Queries the lag of a group, queue by queue.
    GetConsumeStats = GET_CONSUME_STATS, [Admin] -> [Broker] "AdminBrokerProcessor",
        { header: GetConsumeStatsRequestHeader } -> { body: ConsumeStats };

    /// Queries the lag of all groups of a broker.
    GetBrokerConsumeStats = GET_BROKER_CONSUME_STATS, [Admin] -> [Broker] "AdminBrokerProcessor",
        { header: GetConsumeStatsInBrokerHeader } -> { body: ConsumeStatsList };

    /// Queries the topics that a group consumes.
    QueryTopicsByConsumer = QUERY_TOPICS_BY_CONSUMER, [Admin] -> [Broker] "AdminBrokerProcessor",
        { header: QueryTopicsByConsumerRequestHeader } -> { body: TopicList };

    /// Queries the subscription of a group to a topic.
    QuerySubscriptionByConsumer = QUERY_SUBSCRIPTION_BY_CONSUMER, [Admin] -> [Broker] "AdminBrokerProcessor",
        { header: QuerySubscriptionByConsumerRequestHeader } -> { body: QuerySubscriptionResponseBody };
}
