//! Operations that read messages, and those of consumers.

use super::define::operations;
use super::own_header::HeartbeatResponseHeader;
use crate::body::{
    CheckClientRequestBody, ConsumeMessageDirectlyResult, ConsumerRunningInfo,
    GetConsumerListByGroupResponseBody, GetConsumerStatusBody, HeartbeatData, LockBatchRequestBody,
    LockBatchResponseBody, QueryAssignmentRequestBody, QueryAssignmentResponseBody, ResetOffsetBody,
    SetMessageRequestModeRequestBody, UnlockBatchRequestBody,
};
use crate::header::{
    ConsumeMessageDirectlyResultRequestHeader, GetConsumerListByGroupRequestHeader,
    GetConsumerRunningInfoRequestHeader, GetConsumerStatusRequestHeader, HeartbeatRequestHeader,
    LockBatchMqRequestHeader, NotifyConsumerIdsChangedRequestHeader, PullMessageRequestHeader,
    PullMessageResponseHeader, QueryMessageRequestHeader, QueryMessageResponseHeader,
    ResetOffsetRequestHeader, UnlockBatchMqRequestHeader, UnregisterClientRequestHeader,
    ViewMessageRequestHeader,
};
use crate::message::MessageList;

operations! {
    CONSUME;

    /// Pulls messages of one queue; may wait at the broker for new ones.
    ///
    /// The code says what to do next, and `into_response` of a typed call returns it. Every code has the next offset in the
    /// header; only `SUCCESS` has messages.
    PullMessage = PULL_MESSAGE, [Client, Broker] -> [Broker] "PullMessageProcessor",
        { header: PullMessageRequestHeader } -> { header: PullMessageResponseHeader, body: MessageList }
            or PULL_NOT_FOUND | PULL_RETRY_IMMEDIATELY | PULL_OFFSET_MOVED;

    /// Pulls messages for a lite pull consumer.
    ///
    /// As [`PullMessage`], by threads of its own.
    ///
    /// The code says what to do next, and `into_response` of a typed call returns it. Every code has the next offset in the
    /// header; only `SUCCESS` has messages.
    LitePullMessage = LITE_PULL_MESSAGE, [Client] -> [Broker] "PullMessageProcessor",
        { header: PullMessageRequestHeader } -> { header: PullMessageResponseHeader, body: MessageList }
            or PULL_NOT_FOUND | PULL_RETRY_IMMEDIATELY | PULL_OFFSET_MOVED;

    /// Finds messages by key.
    ///
    /// With the ext field `_UNIQUE_KEY_QUERY` set to `true` the key is a unique message id.
    QueryMessage = QUERY_MESSAGE, [Client, Admin] -> [Broker] "QueryMessageProcessor",
        { header: QueryMessageRequestHeader } -> { header: QueryMessageResponseHeader, body: MessageList };

    /// Fetches a message by its physical offset.
    ///
    /// The body of the response is one message.
    ViewMessage = VIEW_MESSAGE_BY_ID, [Client, Admin] -> [Broker] "QueryMessageProcessor",
        { header: ViewMessageRequestHeader } -> { body: MessageList };

    /// Reports the groups and subscriptions of a client to a broker.
    ///
    /// Clients also look at the version of the response.
    HeartBeat = HEART_BEAT, [Client] -> [Broker] "ClientManageProcessor",
        { header: HeartbeatRequestHeader, body: HeartbeatData } -> { header: HeartbeatResponseHeader };

    /// Removes a producer or consumer group of a client from a broker.
    UnregisterClient = UNREGISTER_CLIENT, [Client] -> [Broker] "ClientManageProcessor",
        { header: UnregisterClientRequestHeader } -> {};

    /// Checks the filter of a subscription.
    CheckClientConfig = CHECK_CLIENT_CONFIG, [Client] -> [Broker] "ClientManageProcessor",
        { body: CheckClientRequestBody } -> {};

    /// Queries the client ids of a consumer group.
    GetConsumerListByGroup = GET_CONSUMER_LIST_BY_GROUP, [Client, Admin] -> [Broker] "ConsumerManageProcessor",
        { header: GetConsumerListByGroupRequestHeader } -> { body: GetConsumerListByGroupResponseBody };

    /// Notifies consumers of a change of their group; sent by a broker.
    ///
    /// Brokers send it one-way.
    NotifyConsumerIdsChanged = NOTIFY_CONSUMER_IDS_CHANGED, [Broker] -> [Client] "ClientRemotingProcessor",
        { header: NotifyConsumerIdsChangedRequestHeader } -> {};

    /// Locks queues for orderly consumption.
    LockBatchMq = LOCK_BATCH_MQ, [Client, Broker] -> [Broker] "AdminBrokerProcessor",
        { header: LockBatchMqRequestHeader, body: LockBatchRequestBody } -> { body: LockBatchResponseBody };

    /// Unlocks queues.
    UnlockBatchMq = UNLOCK_BATCH_MQ, [Client, Broker] -> [Broker] "AdminBrokerProcessor",
        { header: UnlockBatchMqRequestHeader, body: UnlockBatchRequestBody } -> {};

    /// Queries the queues assigned to a consumer.
    QueryAssignment = QUERY_ASSIGNMENT, [Client] -> [Broker] "QueryAssignmentProcessor",
        { body: QueryAssignmentRequestBody } -> { body: QueryAssignmentResponseBody };

    /// Selects pull or POP for a topic of a group.
    SetMessageRequestMode = SET_MESSAGE_REQUEST_MODE, [Admin] -> [Broker] "QueryAssignmentProcessor",
        { body: SetMessageRequestModeRequestBody } -> {};

    /// Resets the offsets of consumers; sent by a broker.
    ///
    /// Brokers send it one-way. A C++ client gets a `ResetOffsetBodyForC`, whose table is a list.
    ResetConsumerClientOffset = RESET_CONSUMER_CLIENT_OFFSET, [Broker] -> [Client] "ClientRemotingProcessor",
        { header: ResetOffsetRequestHeader, body: ResetOffsetBody } -> {};

    /// Queries the offsets of a consumer; sent by a broker.
    GetConsumerStatusFromClient = GET_CONSUMER_STATUS_FROM_CLIENT, [Broker] -> [Client] "ClientRemotingProcessor",
        { header: GetConsumerStatusRequestHeader } -> { body: GetConsumerStatusBody };

    /// Queries the state of a consumer through its broker.
    ///
    /// The broker forwards the request to the consumer.
    GetConsumerRunningInfo = GET_CONSUMER_RUNNING_INFO, [Admin, Broker] -> [Broker, Client] "AdminBrokerProcessor` and `ClientRemotingProcessor",
        { header: GetConsumerRunningInfoRequestHeader } -> { body: ConsumerRunningInfo };

    /// Makes a consumer process one message now, through its broker.
    ///
    /// The broker forwards the request to the consumer, and adds the message as its body.
    ConsumeMessageDirectly = CONSUME_MESSAGE_DIRECTLY, [Admin, Broker] -> [Broker, Client] "AdminBrokerProcessor` and `ClientRemotingProcessor",
        { header: ConsumeMessageDirectlyResultRequestHeader, body: MessageList } -> { body: ConsumeMessageDirectlyResult };
}
