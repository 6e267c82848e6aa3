//! Operations on offsets of queues.

use super::define::operations;
use crate::body::{
    GetConsumerStatusBody, QueryConsumeQueueResponseBody, QueryConsumeTimeSpanBody,
    QueryCorrectionOffsetBody, ResetOffsetBody,
};
use crate::header::{
    CloneGroupOffsetRequestHeader, GetConsumerStatusRequestHeader, GetEarliestMsgStoretimeRequestHeader,
    GetEarliestMsgStoretimeResponseHeader, GetMaxOffsetRequestHeader, GetMaxOffsetResponseHeader,
    GetMinOffsetRequestHeader, GetMinOffsetResponseHeader, QueryConsumeQueueRequestHeader,
    QueryConsumeTimeSpanRequestHeader, QueryConsumerOffsetRequestHeader, QueryConsumerOffsetResponseHeader,
    QueryCorrectionOffsetHeader, ResetOffsetRequestHeader, SearchOffsetRequestHeader,
    SearchOffsetResponseHeader, UpdateConsumerOffsetRequestHeader,
};

operations! {
    OFFSET;

    /// Queries the offset of a consumer group in a queue.
    ///
    /// A group without an offset is refused with `QUERY_NOT_FOUND`.
    QueryConsumerOffset = QUERY_CONSUMER_OFFSET, [Client, Admin] -> [Broker] "ConsumerManageProcessor",
        { header: QueryConsumerOffsetRequestHeader } -> { header: QueryConsumerOffsetResponseHeader };

    /// Updates the offset of a consumer group in a queue.
    ///
    /// Java consumers send it one-way.
    UpdateConsumerOffset = UPDATE_CONSUMER_OFFSET, [Client, Admin] -> [Broker] "ConsumerManageProcessor",
        { header: UpdateConsumerOffsetRequestHeader } -> {};

    /// Finds the offset of a queue at a time.
    SearchOffset = SEARCH_OFFSET_BY_TIMESTAMP, [Client, Admin] -> [Broker] "AdminBrokerProcessor",
        { header: SearchOffsetRequestHeader } -> { header: SearchOffsetResponseHeader };

    /// Queries the end offset of a queue.
    GetMaxOffset = GET_MAX_OFFSET, [Client, Admin, Broker] -> [Broker] "AdminBrokerProcessor",
        { header: GetMaxOffsetRequestHeader } -> { header: GetMaxOffsetResponseHeader };

    /// Queries the first offset of a queue.
    GetMinOffset = GET_MIN_OFFSET, [Client, Admin, Broker] -> [Broker] "AdminBrokerProcessor",
        { header: GetMinOffsetRequestHeader } -> { header: GetMinOffsetResponseHeader };

    /// Queries the store time of the oldest message in a queue.
    GetEarliestMsgStoretime = GET_EARLIEST_MSG_STORETIME, [Client, Admin] -> [Broker] "AdminBrokerProcessor",
        { header: GetEarliestMsgStoretimeRequestHeader } -> { header: GetEarliestMsgStoretimeResponseHeader };

    /// Resets the offsets of a group to a time.
    InvokeBrokerToResetOffset = INVOKE_BROKER_TO_RESET_OFFSET, [Admin] -> [Broker] "AdminBrokerProcessor",
        { header: ResetOffsetRequestHeader } -> { body: ResetOffsetBody };

    /// Queries the offsets of consumers through their broker.
    InvokeBrokerToGetConsumerStatus = INVOKE_BROKER_TO_GET_CONSUMER_STATUS, [Admin] -> [Broker] "AdminBrokerProcessor",
        { header: GetConsumerStatusRequestHeader } -> { body: GetConsumerStatusBody };

    /// Queries the first and last time of the messages of a group.
    QueryConsumeTimeSpan = QUERY_CONSUME_TIME_SPAN, [Admin] -> [Broker] "AdminBrokerProcessor",
        { header: QueryConsumeTimeSpanRequestHeader } -> { body: QueryConsumeTimeSpanBody };

    /// Queries the offsets of a group, corrected by those of other groups.
    QueryCorrectionOffset = QUERY_CORRECTION_OFFSET, [Admin] -> [Broker] "AdminBrokerProcessor",
        { header: QueryCorrectionOffsetHeader } -> { body: QueryCorrectionOffsetBody };

    /// Copies the offsets of one group to another.
    CloneGroupOffset = CLONE_GROUP_OFFSET, [Admin] -> [Broker] "AdminBrokerProcessor",
        { header: CloneGroupOffsetRequestHeader } -> {};

    /// Reads entries of a consume queue.
    QueryConsumeQueue = QUERY_CONSUME_QUEUE, [Admin] -> [Broker] "AdminBrokerProcessor",
        { header: QueryConsumeQueueRequestHeader } -> { body: QueryConsumeQueueResponseBody };
}
