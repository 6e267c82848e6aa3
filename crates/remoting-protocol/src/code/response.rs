//! The response codes of `org.apache.rocketmq.remoting.protocol.ResponseCode` and of its base class
//! `RemotingSysResponseCode`, as of 5.5.1.

use super::macros::open_code;

open_code! {
    /// How a request ended.
    ///
    /// An open set, as [`RequestCode`](super::RequestCode) is, and as free from 20 000 on.
    ///
    /// ```
    /// use remoting_protocol::ResponseCode;
    ///
    /// assert_eq!(ResponseCode::SYSTEM_BUSY.to_string(), "SYSTEM_BUSY(2)");
    /// assert!(ResponseCode(0).is_success());
    /// ```
    ResponseCode, "response code" {
        // Common to all servers; 0 to 4 are from `RemotingSysResponseCode`.
        SUCCESS = 0, "The request was carried out.";
        SYSTEM_ERROR = 1, "It failed; the remark says why.";
        SYSTEM_BUSY = 2, "The server has too much to do now: wait before asking again.";
        REQUEST_CODE_NOT_SUPPORTED = 3, "The server has no processor for the request's code.";
        TRANSACTION_FAILED = 4, "The transaction failed.";
        FLUSH_DISK_TIMEOUT = 10, "Stored, but not flushed to disk in time.";
        SLAVE_NOT_AVAILABLE = 11, "Stored, but no slave is there to copy it.";
        FLUSH_SLAVE_TIMEOUT = 12, "Stored, but not copied to a slave in time.";
        MESSAGE_ILLEGAL = 13, "The message is too large or malformed.";
        SERVICE_NOT_AVAILABLE = 14, "The service does not run, or may not write.";
        VERSION_NOT_SUPPORTED = 15, "The version is not supported.";
        NO_PERMISSION = 16, "The topic, group, user or broker may not do that.";
        TOPIC_NOT_EXIST = 17, "There is no such topic.";
        TOPIC_EXIST_ALREADY = 18, "There is such a topic already.";
        PULL_NOT_FOUND = 19, "No new message yet.";
        PULL_RETRY_IMMEDIATELY = 20, "Nothing matched so far: pull again from the offset given.";
        PULL_OFFSET_MOVED = 21, "The offset is out of range: go to the one given.";
        QUERY_NOT_FOUND = 22, "Nothing was found.";
        SUBSCRIPTION_PARSE_FAILED = 23, "The subscription's expression is not valid.";
        SUBSCRIPTION_NOT_EXIST = 24, "The group has no such subscription.";
        SUBSCRIPTION_NOT_LATEST = 25, "The broker knows an older subscription of the group.";
        SUBSCRIPTION_GROUP_NOT_EXIST = 26, "There is no such consumer group.";
        FILTER_DATA_NOT_EXIST = 27, "The broker has no filter data of the group.";
        FILTER_DATA_NOT_LATEST = 28, "The broker has older filter data of the group.";
        INVALID_PARAMETER = 29, "A field of the request is not valid.";

        // Transactions, consumers, polling; leadership; shutdown.
        TRANSACTION_SHOULD_COMMIT = 200, "The transaction is to be committed.";
        TRANSACTION_SHOULD_ROLLBACK = 201, "The transaction is to be rolled back.";
        TRANSACTION_STATE_UNKNOW = 202, "The state of the transaction is not known.";
        TRANSACTION_STATE_GROUP_WRONG = 203, "The transaction is of another producer group.";
        NO_BUYER_ID = 204, "Unused in 5.5.0.";
        NOT_IN_CURRENT_UNIT = 205, "Unused in 5.5.0.";
        CONSUMER_NOT_ONLINE = 206, "No consumer of the group is connected.";
        CONSUME_MSG_TIMEOUT = 207, "The consumer did not finish in time.";
        NO_MESSAGE = 208, "There is no message.";
        POLLING_FULL = 209, "Too many requests wait at the broker.";
        POLLING_TIMEOUT = 210, "No message came while the request waited.";
        BROKER_NOT_EXIST = 211, "There is no such broker.";
        BROKER_DISPATCH_NOT_COMPLETE = 212, "The broker has not yet indexed all of its messages.";
        BROADCAST_CONSUMPTION = 213, "The group consumes by broadcast, which has no offsets here.";
        FLOW_CONTROL = 215, "The broker limits the sender's rate.";
        NOT_LEADER_FOR_QUEUE = 501, "This broker does not lead the queue of a static topic.";
        ILLEGAL_OPERATION = 604, "The operation is not allowed.";
        GO_AWAY = 1500, "The server shuts down: reconnect and ask again.";

        // The controller, LITE topics, access control.
        CONTROLLER_FENCED_MASTER_EPOCH = 2000, "The master's epoch is older than the controller's.";
        CONTROLLER_FENCED_SYNC_STATE_SET_EPOCH = 2001, "The replicas' epoch is not the controller's.";
        CONTROLLER_INVALID_MASTER = 2002, "The sender is not the master.";
        CONTROLLER_INVALID_REPLICAS = 2003, "The replicas are not valid.";
        CONTROLLER_MASTER_NOT_AVAILABLE = 2004, "There is no master now.";
        CONTROLLER_INVALID_REQUEST = 2005, "The request is not valid.";
        CONTROLLER_BROKER_NOT_ALIVE = 2006, "The broker is not alive.";
        CONTROLLER_NOT_LEADER = 2007, "This controller is not the leader.";
        CONTROLLER_BROKER_METADATA_NOT_EXIST = 2008, "The controller does not know the broker.";
        CONTROLLER_INVALID_CLEAN_BROKER_METADATA = 2009, "The broker's data cannot be deleted.";
        CONTROLLER_BROKER_NEED_TO_BE_REGISTERED = 2010, "The broker has to register first.";
        CONTROLLER_MASTER_STILL_EXIST = 2011, "There is a master still.";
        CONTROLLER_ELECT_MASTER_FAILED = 2012, "No master could be elected.";
        CONTROLLER_ALTER_SYNC_STATE_SET_FAILED = 2013, "The replicas in sync could not be changed.";
        CONTROLLER_BROKER_ID_INVALID = 2014, "The broker id is taken or not valid.";
        CONTROLLER_JRAFT_INTERNAL_ERROR = 2015, "An error inside the controller's JRaft.";
        CONTROLLER_BROKER_LIVE_INFO_NOT_EXISTS = 2016, "The controller has had no heartbeat of the broker.";
        LMQ_QUOTA_EXCEEDED = 2017, "Too many light message queues. Since 5.5.0.";
        LITE_SUBSCRIPTION_QUOTA_EXCEEDED = 2018, "Too many subscriptions to LITE topics. Since 5.5.0.";
        USER_NOT_EXIST = 3001, "There is no such user.";
        POLICY_NOT_EXIST = 3002, "There is no such access policy.";

        // Made by a client for itself, never sent: `RpcClientImpl`.
        RPC_TIME_OUT = -1006, "The call timed out.";
        RPC_SEND_TO_CHANNEL_FAILED = -1004, "The request could not be sent.";
        RPC_ADDR_IS_NULL = -1002, "There is no address to send to.";
        RPC_UNKNOWN = -1000, "The call failed for another reason.";
    }
}

impl ResponseCode {
    /// Whether this is [`SUCCESS`](Self::SUCCESS).
    #[must_use]
    pub const fn is_success(self) -> bool {
        self.0 == Self::SUCCESS.0
    }
}
