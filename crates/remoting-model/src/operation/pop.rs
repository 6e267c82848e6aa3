//! Operations of POP consumption.

use super::define::operations;
use crate::body::BatchAckMessageRequestBody;
use crate::header::{
    AckMessageRequestHeader, ChangeInvisibleTimeRequestHeader, ChangeInvisibleTimeResponseHeader,
    NotificationRequestHeader, NotificationResponseHeader, PeekMessageRequestHeader,
    PollingInfoRequestHeader, PollingInfoResponseHeader, PopMessageRequestHeader, PopMessageResponseHeader,
};
use crate::message::MessageList;

operations! {
    POP;

    /// Pops messages of any queue, which are then invisible for a while.
    ///
    /// Only `SUCCESS` has messages. `into_response` of a typed call returns the code.
    PopMessage = POP_MESSAGE, [Client] -> [Broker] "PopMessageProcessor",
        { header: PopMessageRequestHeader } -> { header: PopMessageResponseHeader, body: MessageList }
            or POLLING_FULL | POLLING_TIMEOUT | PULL_NOT_FOUND;

    /// Acknowledges a popped message.
    AckMessage = ACK_MESSAGE, [Client] -> [Broker] "AckMessageProcessor",
        { header: AckMessageRequestHeader } -> {};

    /// Acknowledges several popped messages.
    BatchAckMessage = BATCH_ACK_MESSAGE, [Client] -> [Broker] "AckMessageProcessor",
        { body: BatchAckMessageRequestBody } -> {};

    /// Reads messages without popping them.
    PeekMessage = PEEK_MESSAGE, [Client] -> [Broker] "PeekMessageProcessor",
        { header: PeekMessageRequestHeader } -> { header: PopMessageResponseHeader, body: MessageList }
            or PULL_NOT_FOUND;

    /// Changes how long a popped message stays invisible.
    ChangeInvisibleTime = CHANGE_MESSAGE_INVISIBLETIME, [Client] -> [Broker] "ChangeInvisibleTimeProcessor",
        { header: ChangeInvisibleTimeRequestHeader } -> { header: ChangeInvisibleTimeResponseHeader };

    /// Waits at the broker until messages are available.
    Notification = NOTIFICATION, [Client] -> [Broker] "NotificationProcessor",
        { header: NotificationRequestHeader } -> { header: NotificationResponseHeader };

    /// Queries the number of requests that wait at the broker.
    PollingInfo = POLLING_INFO, [Client, Admin] -> [Broker] "PollingInfoProcessor",
        { header: PollingInfoRequestHeader } -> { header: PollingInfoResponseHeader };

    /// Moves the state of POP from RocksDB to files.
    PopRollback = POP_ROLLBACK, [Admin] -> [Broker] "AdminBrokerProcessor",
        {} -> {};
}
