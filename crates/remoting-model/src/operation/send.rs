//! Operations that send messages.

use remoting_protocol::bytes::Bytes;

use super::define::operations;
use crate::header::{
    CheckTransactionStateRequestHeader, ConsumerSendMsgBackRequestHeader, EndTransactionRequestHeader,
    RecallMessageRequestHeader, RecallMessageResponseHeader, ReplyMessageRequestHeader,
    SendMessageRequestHeader, SendMessageRequestHeaderV2, SendMessageResponseHeader,
};
use crate::message::{MessageBatch, MessageList};

operations! {
    SEND;

    /// Sends a message; header fields have full names.
    ///
    /// Java clients send [`SendMessageV2`] instead.
    ///
    /// A message that was stored but not flushed or copied in time has a response with content, too: look at the code, which
    /// `into_response` of a typed call returns.
    SendMessage = SEND_MESSAGE, [Client] -> [Broker] "SendMessageProcessor",
        { header: SendMessageRequestHeader, body: Bytes } -> { header: SendMessageResponseHeader }
            or FLUSH_DISK_TIMEOUT | FLUSH_SLAVE_TIMEOUT | SLAVE_NOT_AVAILABLE;

    /// Sends a message; header fields have names of one letter.
    ///
    /// A message that was stored but not flushed or copied in time has a response with content, too: look at the code, which
    /// `into_response` of a typed call returns.
    SendMessageV2 = SEND_MESSAGE_V2, [Client, Broker] -> [Broker] "SendMessageProcessor",
        { header: SendMessageRequestHeaderV2, body: Bytes } -> { header: SendMessageResponseHeader }
            or FLUSH_DISK_TIMEOUT | FLUSH_SLAVE_TIMEOUT | SLAVE_NOT_AVAILABLE;

    /// Sends several messages in one body.
    ///
    /// The field `m` of the header, `batch`, is true.
    ///
    /// A message that was stored but not flushed or copied in time has a response with content, too: look at the code, which
    /// `into_response` of a typed call returns.
    SendBatchMessage = SEND_BATCH_MESSAGE, [Client] -> [Broker] "SendMessageProcessor",
        { header: SendMessageRequestHeaderV2, body: MessageBatch } -> { header: SendMessageResponseHeader }
            or FLUSH_DISK_TIMEOUT | FLUSH_SLAVE_TIMEOUT | SLAVE_NOT_AVAILABLE;

    /// Sends the reply to a request message.
    SendReplyMessage = SEND_REPLY_MESSAGE, [Client] -> [Broker] "ReplyMessageProcessor",
        { header: SendMessageRequestHeader, body: Bytes } -> { header: SendMessageResponseHeader };

    /// Sends the reply to a request message; header fields have names of one letter.
    SendReplyMessageV2 = SEND_REPLY_MESSAGE_V2, [Client] -> [Broker] "ReplyMessageProcessor",
        { header: SendMessageRequestHeaderV2, body: Bytes } -> { header: SendMessageResponseHeader };

    /// Delivers a reply to the waiting producer; sent by a broker.
    PushReplyMessageToClient = PUSH_REPLY_MESSAGE_TO_CLIENT, [Broker] -> [Client] "ClientRemotingProcessor",
        { header: ReplyMessageRequestHeader, body: Bytes } -> {};

    /// Returns a message to be consumed again later.
    ConsumerSendMsgBack = CONSUMER_SEND_MSG_BACK, [Client] -> [Broker] "SendMessageProcessor",
        { header: ConsumerSendMsgBackRequestHeader } -> {};

    /// Commits or rolls back a transactional message.
    ///
    /// Java clients send it one-way.
    EndTransaction = END_TRANSACTION, [Client] -> [Broker] "EndTransactionProcessor",
        { header: EndTransactionRequestHeader } -> {};

    /// Queries the state of a transaction; sent by a broker to a producer.
    ///
    /// The body is one stored message. Brokers send the request one-way; the producer answers by [`EndTransaction`].
    CheckTransactionState = CHECK_TRANSACTION_STATE, [Broker] -> [Client] "ClientRemotingProcessor",
        { header: CheckTransactionStateRequestHeader, body: MessageList } -> {};

    /// Recalls a delayed message.
    RecallMessage = RECALL_MESSAGE, [Client] -> [Broker] "RecallMessageProcessor",
        { header: RecallMessageRequestHeader } -> { header: RecallMessageResponseHeader };
}
