//! Operations between the brokers of one name.

use super::define::operations;
use crate::body::{
    ConsumerOffsetSerializeWrapper, DelayOffsetSerializeWrapper, EpochEntryCache, HARuntimeInfo,
    MessageRequestModeSerializeWrapper, SubscriptionGroupWrapper, TimerCheckpoint,
    TimerMetricsSerializeWrapper, TopicConfigAndMappingSerializeWrapper,
};
use crate::header::{
    ExchangeHAInfoRequestHeader, ExchangeHAInfoResponseHeader, GetAllSubscriptionGroupRequestHeader,
    GetAllSubscriptionGroupResponseHeader, GetAllTopicConfigRequestHeader, GetAllTopicConfigResponseHeader,
    ResetMasterFlushOffsetHeader,
};

operations! {
    SLAVE;

    /// Fetches all topics of a broker; sent by its slave.
    ///
    /// Slaves before 5.4 send no header, and get all topics at once.
    GetAllTopicConfig = GET_ALL_TOPIC_CONFIG, [Broker, Admin] -> [Broker] "AdminBrokerProcessor",
        { header: Option<GetAllTopicConfigRequestHeader> } -> { header: GetAllTopicConfigResponseHeader, body: TopicConfigAndMappingSerializeWrapper };

    /// Fetches all consumer groups of a broker; sent by its slave.
    ///
    /// Slaves before 5.4 send no header, and get all groups at once. Brokers before 5.4 answer without one.
    GetAllSubscriptionGroupConfig = GET_ALL_SUBSCRIPTIONGROUP_CONFIG, [Broker, Admin] -> [Broker] "AdminBrokerProcessor",
        { header: Option<GetAllSubscriptionGroupRequestHeader> } -> { header: Option<GetAllSubscriptionGroupResponseHeader>, body: SubscriptionGroupWrapper };

    /// Fetches all consumer offsets of a broker; sent by its slave.
    GetAllConsumerOffset = GET_ALL_CONSUMER_OFFSET, [Broker] -> [Broker] "AdminBrokerProcessor",
        {} -> { body: ConsumerOffsetSerializeWrapper };

    /// Fetches the progress of delayed messages; sent by a slave.
    GetAllDelayOffset = GET_ALL_DELAY_OFFSET, [Broker] -> [Broker] "AdminBrokerProcessor",
        {} -> { body: DelayOffsetSerializeWrapper };

    /// Fetches the request modes of all groups; sent by a slave.
    GetAllMessageRequestMode = GET_ALL_MESSAGE_REQUEST_MODE, [Broker] -> [Broker] "AdminBrokerProcessor",
        {} -> { body: MessageRequestModeSerializeWrapper };

    /// Fetches the check point of timer messages; sent by a slave.
    GetTimerCheckPoint = GET_TIMER_CHECK_POINT, [Broker] -> [Broker] "AdminBrokerProcessor",
        {} -> { body: TimerCheckpoint };

    /// Fetches the counts of timer messages; sent by a slave.
    GetTimerMetrics = GET_TIMER_METRICS, [Broker] -> [Broker] "AdminBrokerProcessor",
        {} -> { body: TimerMetricsSerializeWrapper };

    /// Exchanges addresses and offsets between master and slave.
    ExchangeBrokerHaInfo = EXCHANGE_BROKER_HA_INFO, [Broker] -> [Broker] "AdminBrokerProcessor",
        { header: ExchangeHAInfoRequestHeader } -> { header: ExchangeHAInfoResponseHeader };

    /// Queries the state of replication.
    GetBrokerHaStatus = GET_BROKER_HA_STATUS, [Admin] -> [Broker] "AdminBrokerProcessor",
        {} -> { body: HARuntimeInfo };

    /// Reports the flushed offset of the master to a slave.
    ResetMasterFlushOffset = RESET_MASTER_FLUSH_OFFSET, [Admin] -> [Broker] "AdminBrokerProcessor",
        { header: ResetMasterFlushOffsetHeader } -> {};

    /// Queries the epochs of a broker.
    GetBrokerEpochCache = GET_BROKER_EPOCH_CACHE, [Admin] -> [Broker] "AdminBrokerProcessor",
        {} -> { body: EpochEntryCache };
}
