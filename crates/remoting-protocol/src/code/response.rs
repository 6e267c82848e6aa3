//! The response codes of `org.apache.rocketmq.remoting.protocol.ResponseCode` and of its base class
//! `RemotingSysResponseCode`, as of 5.5.1.

use super::macros::open_code;

open_code! {
    /// The result of a request.
    ///
    /// An open set like [`RequestCode`](super::RequestCode). RocketMQ uses no numbers from 20 000 to 32 767: take
    /// codes of your own from that range.
    ///
    /// `Display` and `Debug` print the name and the number, or the number alone. `FromStr` reads these forms, a
    /// name, or a number.
    ///
    /// ```
    /// use remoting_protocol::ResponseCode;
    ///
    /// assert_eq!(ResponseCode::SYSTEM_BUSY.to_string(), "SYSTEM_BUSY(2)");
    /// assert_eq!("SYSTEM_BUSY".parse(), Ok(ResponseCode::SYSTEM_BUSY));
    /// assert!(ResponseCode(0).is_success());
    /// ```
    ResponseCode, "response code" {
        // Common to all servers; 0 to 4 are from `RemotingSysResponseCode`.
        SUCCESS = 0, "The request succeeded.";
        SYSTEM_ERROR = 1, "The request failed; the remark has the reason.";
        SYSTEM_BUSY = 2, "The server is overloaded: wait before you retry.";
        REQUEST_CODE_NOT_SUPPORTED = 3, "The server has no processor for the request's code.";
        TRANSACTION_FAILED = 4, "The transaction failed.";
        FLUSH_DISK_TIMEOUT = 10, "The message was stored, but not flushed to disk in time.";
        SLAVE_NOT_AVAILABLE = 11, "The message was stored, but no slave is available to copy it.";
        FLUSH_SLAVE_TIMEOUT = 12, "The message was stored, but not copied to a slave in time.";
        MESSAGE_ILLEGAL = 13, "The message is malformed or too large.";
        SERVICE_NOT_AVAILABLE = 14, "The service is not running, or is not writable.";
        VERSION_NOT_SUPPORTED = 15, "The version is not supported.";
        NO_PERMISSION = 16, "The topic, group, user or broker lacks the permission.";
        TOPIC_NOT_EXIST = 17, "The topic does not exist.";
        TOPIC_EXIST_ALREADY = 18, "The topic exists already.";
        PULL_NOT_FOUND = 19, "The queue has no new message.";
        PULL_RETRY_IMMEDIATELY = 20, "No message matched: pull again from the returned offset.";
        PULL_OFFSET_MOVED = 21, "The offset is out of range: continue at the returned offset.";
        QUERY_NOT_FOUND = 22, "The query found nothing.";
        SUBSCRIPTION_PARSE_FAILED = 23, "The expression of the subscription is invalid.";
        SUBSCRIPTION_NOT_EXIST = 24, "The group has no such subscription.";
        SUBSCRIPTION_NOT_LATEST = 25, "The broker has an older subscription of the group.";
        SUBSCRIPTION_GROUP_NOT_EXIST = 26, "The consumer group does not exist.";
        FILTER_DATA_NOT_EXIST = 27, "The broker has no filter data for the group.";
        FILTER_DATA_NOT_LATEST = 28, "The broker has older filter data for the group.";
        INVALID_PARAMETER = 29, "A field of the request is invalid.";

        // Transactions, consumers, polling; leadership; shutdown.
        TRANSACTION_SHOULD_COMMIT = 200, "The transaction should be committed.";
        TRANSACTION_SHOULD_ROLLBACK = 201, "The transaction should be rolled back.";
        TRANSACTION_STATE_UNKNOW = 202, "The state of the transaction is unknown.";
        TRANSACTION_STATE_GROUP_WRONG = 203, "The transaction belongs to another producer group.";
        NO_BUYER_ID = 204, "Unused in 5.5.0.";
        NOT_IN_CURRENT_UNIT = 205, "Unused in 5.5.0.";
        CONSUMER_NOT_ONLINE = 206, "No consumer of the group is connected.";
        CONSUME_MSG_TIMEOUT = 207, "The consumer did not finish in time.";
        NO_MESSAGE = 208, "No message is available.";
        POLLING_FULL = 209, "Too many requests are waiting at the broker.";
        POLLING_TIMEOUT = 210, "No message arrived while the request was waiting.";
        BROKER_NOT_EXIST = 211, "The broker does not exist.";
        BROKER_DISPATCH_NOT_COMPLETE = 212, "The broker has not indexed all its messages yet.";
        BROADCAST_CONSUMPTION = 213, "The group consumes by broadcast, so the broker has no offsets.";
        FLOW_CONTROL = 215, "The broker limits the sender's rate.";
        NOT_LEADER_FOR_QUEUE = 501, "This broker is not the leader of the queue of a static topic.";
        ILLEGAL_OPERATION = 604, "The operation is not allowed.";
        GO_AWAY = 1500, "The server is shutting down: reconnect and retry.";

        // The controller, LITE topics, access control.
        CONTROLLER_FENCED_MASTER_EPOCH = 2000, "The master's epoch is older than the controller's.";
        CONTROLLER_FENCED_SYNC_STATE_SET_EPOCH = 2001, "The epoch of the sync state set differs from the controller's.";
        CONTROLLER_INVALID_MASTER = 2002, "The sender is not the master.";
        CONTROLLER_INVALID_REPLICAS = 2003, "The replicas are invalid.";
        CONTROLLER_MASTER_NOT_AVAILABLE = 2004, "No master is available.";
        CONTROLLER_INVALID_REQUEST = 2005, "The request is invalid.";
        CONTROLLER_BROKER_NOT_ALIVE = 2006, "The broker is not alive.";
        CONTROLLER_NOT_LEADER = 2007, "This controller is not the leader.";
        CONTROLLER_BROKER_METADATA_NOT_EXIST = 2008, "The controller has no metadata of the broker.";
        CONTROLLER_INVALID_CLEAN_BROKER_METADATA = 2009, "The broker's data cannot be deleted.";
        CONTROLLER_BROKER_NEED_TO_BE_REGISTERED = 2010, "The broker must register first.";
        CONTROLLER_MASTER_STILL_EXIST = 2011, "A master still exists.";
        CONTROLLER_ELECT_MASTER_FAILED = 2012, "No master could be elected.";
        CONTROLLER_ALTER_SYNC_STATE_SET_FAILED = 2013, "The replicas in sync could not be changed.";
        CONTROLLER_BROKER_ID_INVALID = 2014, "The broker id is taken or invalid.";
        CONTROLLER_JRAFT_INTERNAL_ERROR = 2015, "An error inside the controller's JRaft.";
        CONTROLLER_BROKER_LIVE_INFO_NOT_EXISTS = 2016, "The controller has received no heartbeat from the broker.";
        LMQ_QUOTA_EXCEEDED = 2017, "Too many light message queues. Since 5.5.0.";
        LITE_SUBSCRIPTION_QUOTA_EXCEEDED = 2018, "Too many subscriptions to LITE topics. Since 5.5.0.";
        USER_NOT_EXIST = 3001, "The user does not exist.";
        POLICY_NOT_EXIST = 3002, "The access policy does not exist.";

        // Created by Java's `RpcClientImpl` in the client, never sent.
        RPC_TIME_OUT = -1006, "The call timed out.";
        RPC_SEND_TO_CHANNEL_FAILED = -1004, "The request could not be sent.";
        RPC_ADDR_IS_NULL = -1002, "The address is missing.";
        RPC_UNKNOWN = -1000, "The call failed for another reason.";
    }
}

impl ResponseCode {
    /// Returns whether this is [`SUCCESS`](Self::SUCCESS).
    #[must_use]
    pub const fn is_success(self) -> bool {
        self.0 == Self::SUCCESS.0
    }
}
