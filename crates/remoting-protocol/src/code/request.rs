//! The request codes of `org.apache.rocketmq.remoting.protocol.RequestCode`, as of 5.5.1.

use super::macros::open_code;

open_code! {
    /// What a request asks for.
    ///
    /// The set is open: brokers and plug-ins define codes of their own. The constants are those of Java's
    /// `RequestCode` in 5.5.1, and four that only 4.9 has.
    ///
    /// **Codes of your own** are numbers from 20 000 to 32 767. RocketMQ uses numbers below 10 000 and some above
    /// 200 000, and a ROCKETMQ header carries 16 bits, with a sign.
    ///
    /// ```
    /// use remoting_protocol::RequestCode;
    ///
    /// assert_eq!(RequestCode::SEND_MESSAGE.to_string(), "SEND_MESSAGE(10)");
    /// assert_eq!(RequestCode(20_000).to_string(), "20000");
    /// assert_eq!(RequestCode::from_name("HEART_BEAT"), Some(RequestCode(34)));
    /// ```
    RequestCode, "request code" {
        // Messages, offsets and topics, answered by a broker.
        SEND_MESSAGE = 10, "Sends a message; header fields by their full names.";
        PULL_MESSAGE = 11, "Pulls messages of one queue; may wait at the broker for new ones.";
        QUERY_MESSAGE = 12, "Finds messages by key.";
        QUERY_BROKER_OFFSET = 13, "Unused in 5.5.0.";
        QUERY_CONSUMER_OFFSET = 14, "Asks how far a group has consumed a queue.";
        UPDATE_CONSUMER_OFFSET = 15, "Says how far a group has consumed a queue.";
        UPDATE_AND_CREATE_TOPIC = 17, "Creates or changes a topic.";
        UPDATE_AND_CREATE_TOPIC_LIST = 18, "Creates or changes several topics.";
        GET_ALL_TOPIC_CONFIG = 21, "Fetches all topics of a broker, as its slave does.";
        GET_TOPIC_CONFIG_LIST = 22, "Unused in 5.5.0.";
        GET_TOPIC_NAME_LIST = 23, "Unused in 5.5.0.";
        UPDATE_BROKER_CONFIG = 25, "Changes a broker's properties.";
        GET_BROKER_CONFIG = 26, "Fetches a broker's properties.";
        TRIGGER_DELETE_FILES = 27, "Unused in 5.5.0.";
        GET_BROKER_RUNTIME_INFO = 28, "Fetches a broker's figures.";
        SEARCH_OFFSET_BY_TIMESTAMP = 29, "Finds the offset of a queue at a time.";
        GET_MAX_OFFSET = 30, "Asks for the end of a queue.";
        GET_MIN_OFFSET = 31, "Asks for the beginning of a queue.";
        GET_EARLIEST_MSG_STORETIME = 32, "Asks when the oldest message of a queue was stored.";
        VIEW_MESSAGE_BY_ID = 33, "Fetches a message by its physical offset.";
        HEART_BEAT = 34, "Tells a broker the groups and subscriptions of a client.";
        UNREGISTER_CLIENT = 35, "Takes a client's producer or consumer group off a broker.";
        CONSUMER_SEND_MSG_BACK = 36, "Gives a message back to be consumed again later.";
        END_TRANSACTION = 37, "Commits or rolls back a transactional message.";
        GET_CONSUMER_LIST_BY_GROUP = 38, "Asks for the client ids of a consumer group.";
        CHECK_TRANSACTION_STATE = 39, "A broker asks a producer what became of a transaction.";
        NOTIFY_CONSUMER_IDS_CHANGED = 40, "A broker tells consumers that their group has changed.";
        LOCK_BATCH_MQ = 41, "Locks queues for orderly consumption.";
        UNLOCK_BATCH_MQ = 42, "Unlocks queues.";
        GET_ALL_CONSUMER_OFFSET = 43, "Fetches all consumer offsets of a broker, as its slave does.";
        GET_ALL_DELAY_OFFSET = 45, "Fetches the progress of delayed messages, as a slave does.";
        CHECK_CLIENT_CONFIG = 46, "Asks whether a subscription's filter is valid.";
        GET_CLIENT_CONFIG = 47, "Unused in 5.5.0.";
        // The access control of 4.9, which 5.x has not.
        UPDATE_AND_CREATE_ACL_CONFIG = 50, "Creates or changes the permissions of an access key. Only 4.9.";
        DELETE_ACL_CONFIG = 51, "Deletes the permissions of an access key. Only 4.9.";
        GET_BROKER_CLUSTER_ACL_INFO = 52, "Asks for the version of a broker's permissions. Only 4.9.";
        UPDATE_GLOBAL_WHITE_ADDRS_CONFIG = 53, "Sets the addresses that need no access key. Only 4.9.";
        GET_TIMER_CHECK_POINT = 60, "Fetches the check point of timer messages, as a slave does.";
        GET_TIMER_METRICS = 61, "Fetches the counts of timer messages, as a slave does.";

        // The name server.
        PUT_KV_CONFIG = 100, "Sets a key in a namespace of the name server.";
        GET_KV_CONFIG = 101, "Fetches the value of such a key.";
        DELETE_KV_CONFIG = 102, "Deletes such a key.";
        REGISTER_BROKER = 103, "A broker tells its addresses and topics.";
        UNREGISTER_BROKER = 104, "A broker takes itself off.";
        GET_ROUTEINFO_BY_TOPIC = 105, "Asks which brokers serve a topic.";
        GET_BROKER_CLUSTER_INFO = 106, "Asks for all clusters, brokers and addresses.";

        // Administration: topics, groups, connections.
        UPDATE_AND_CREATE_SUBSCRIPTIONGROUP = 200, "Creates or changes a consumer group.";
        GET_ALL_SUBSCRIPTIONGROUP_CONFIG = 201, "Fetches all consumer groups of a broker, as its slave does.";
        GET_TOPIC_STATS_INFO = 202, "Asks for the offsets of each queue of a topic.";
        GET_CONSUMER_CONNECTION_LIST = 203, "Asks for the connections of a consumer group.";
        GET_PRODUCER_CONNECTION_LIST = 204, "Asks for the connections of a producer group.";
        WIPE_WRITE_PERM_OF_BROKER = 205, "Takes a broker out of writing.";
        GET_ALL_TOPIC_LIST_FROM_NAMESERVER = 206, "Asks a name server for all topics.";
        DELETE_SUBSCRIPTIONGROUP = 207, "Deletes a consumer group.";
        GET_CONSUME_STATS = 208, "Asks how far behind a group is, queue by queue.";
        SUSPEND_CONSUMER = 209, "Unused in 5.5.0.";
        RESUME_CONSUMER = 210, "Unused in 5.5.0.";
        RESET_CONSUMER_OFFSET_IN_CONSUMER = 211, "Unused in 5.5.0.";
        RESET_CONSUMER_OFFSET_IN_BROKER = 212, "Unused in 5.5.0.";
        ADJUST_CONSUMER_THREAD_POOL = 213, "Unused in 5.5.0.";
        WHO_CONSUME_THE_MESSAGE = 214, "Unused in 5.5.0.";
        DELETE_TOPIC_IN_BROKER = 215, "Deletes a topic from a broker.";
        DELETE_TOPIC_IN_NAMESRV = 216, "Deletes a topic from a name server.";
        REGISTER_TOPIC_IN_NAMESRV = 217, "Registers a topic with a name server.";
        GET_KVLIST_BY_NAMESPACE = 219, "Fetches all keys of a namespace of the name server.";
        RESET_CONSUMER_CLIENT_OFFSET = 220, "A broker tells consumers to go to other offsets.";
        GET_CONSUMER_STATUS_FROM_CLIENT = 221, "A broker asks a consumer for its offsets.";
        INVOKE_BROKER_TO_RESET_OFFSET = 222, "Asks a broker to reset a group's offsets to a time.";
        INVOKE_BROKER_TO_GET_CONSUMER_STATUS = 223, "Asks a broker to ask its consumers for their offsets.";
        GET_TOPICS_BY_CLUSTER = 224, "Asks for the topics of a cluster.";
        UPDATE_AND_CREATE_SUBSCRIPTIONGROUP_LIST = 225, "Creates or changes several consumer groups.";

        // Administration: consumers, statistics, clean-up; batch and reply messages.
        QUERY_TOPIC_CONSUME_BY_WHO = 300, "Asks which groups consume a topic.";
        REGISTER_FILTER_SERVER = 301, "A filter server registers with its broker; unused since 4.3.";
        REGISTER_MESSAGE_FILTER_CLASS = 302, "A consumer hands over a filter class; unused since 4.3.";
        QUERY_CONSUME_TIME_SPAN = 303, "Asks for the times between which a group's messages lie.";
        GET_SYSTEM_TOPIC_LIST_FROM_NS = 304, "Asks a name server for the system topics.";
        GET_SYSTEM_TOPIC_LIST_FROM_BROKER = 305, "Asks a broker for the system topics.";
        CLEAN_EXPIRED_CONSUMEQUEUE = 306, "Deletes consume queues that point to no message any more.";
        GET_CONSUMER_RUNNING_INFO = 307, "Asks a consumer, through its broker, what it is doing.";
        QUERY_CORRECTION_OFFSET = 308, "Asks for the offsets of a group, corrected by other groups'.";
        CONSUME_MESSAGE_DIRECTLY = 309, "Has a consumer, through its broker, consume one message now.";
        SEND_MESSAGE_V2 = 310, "Sends a message; header fields by one letter each.";
        GET_UNIT_TOPIC_LIST = 311, "Asks for the topics of units.";
        GET_HAS_UNIT_SUB_TOPIC_LIST = 312, "Asks for topics that units consume.";
        GET_HAS_UNIT_SUB_UNUNIT_TOPIC_LIST = 313, "Asks for topics of no unit that units consume.";
        CLONE_GROUP_OFFSET = 314, "Copies the offsets of one group to another.";
        VIEW_BROKER_STATS_DATA = 315, "Fetches one of a broker's statistics.";
        CLEAN_UNUSED_TOPIC = 316, "Deletes what is left of topics that are gone.";
        GET_BROKER_CONSUME_STATS = 317, "Asks how far behind all groups of a broker are.";
        UPDATE_NAMESRV_CONFIG = 318, "Changes a name server's properties.";
        GET_NAMESRV_CONFIG = 319, "Fetches a name server's properties.";
        SEND_BATCH_MESSAGE = 320, "Sends several messages in one body.";
        QUERY_CONSUME_QUEUE = 321, "Looks into a consume queue.";
        QUERY_DATA_VERSION = 322, "A broker asks a name server whether it knows its newest topics.";
        RESUME_CHECK_HALF_MESSAGE = 323, "Has a discarded transactional message checked again.";
        SEND_REPLY_MESSAGE = 324, "Sends the reply to a request message.";
        SEND_REPLY_MESSAGE_V2 = 325, "The same; header fields by one letter each.";
        PUSH_REPLY_MESSAGE_TO_CLIENT = 326, "A broker hands a reply to the producer that waits for it.";
        ADD_WRITE_PERM_OF_BROKER = 327, "Takes a broker into writing again.";
        GET_ALL_PRODUCER_INFO = 328, "Asks for all producers of a broker.";
        DELETE_EXPIRED_COMMITLOG = 329, "Deletes files of the commit log that have expired.";

        // Queries of topics and groups, lite pull, assignment.
        QUERY_TOPICS_BY_CONSUMER = 343, "Asks which topics a group consumes.";
        QUERY_SUBSCRIPTION_BY_CONSUMER = 345, "Asks for a group's subscription to a topic.";
        GET_TOPIC_CONFIG = 351, "Fetches the settings of one topic.";
        GET_SUBSCRIPTIONGROUP_CONFIG = 352, "Fetches the settings of one consumer group.";
        UPDATE_AND_GET_GROUP_FORBIDDEN = 353, "Allows or forbids a group to read a topic.";
        CHECK_ROCKSDB_CQ_WRITE_PROGRESS = 354, "Compares the consume queues in files and in RocksDB.";
        EXPORT_ROCKSDB_CONFIG_TO_JSON = 355, "Writes settings that are kept in RocksDB as JSON.";
        LITE_PULL_MESSAGE = 361, "Pulls as a lite pull consumer.";
        RECALL_MESSAGE = 370, "Takes back a delayed message.";
        QUERY_ASSIGNMENT = 400, "Asks a broker which queues a consumer gets.";
        SET_MESSAGE_REQUEST_MODE = 401, "Chooses between pull and POP for a group's topic.";
        GET_ALL_MESSAGE_REQUEST_MODE = 402, "Fetches all such choices, as a slave does.";

        // Static topics and high availability.
        UPDATE_AND_CREATE_STATIC_TOPIC = 513, "Creates or changes a static topic.";
        GET_BROKER_MEMBER_GROUP = 901, "Asks for the brokers of one name.";
        ADD_BROKER = 902, "Adds a broker to a container.";
        REMOVE_BROKER = 903, "Removes a broker from a container.";
        BROKER_HEARTBEAT = 904, "A broker says that it is alive.";
        NOTIFY_MIN_BROKER_ID_CHANGE = 905, "Tells brokers of one name which of them is the first now.";
        EXCHANGE_BROKER_HA_INFO = 906, "Master and slave tell each other their addresses and offsets.";
        GET_BROKER_HA_STATUS = 907, "Asks for the state of replication.";
        RESET_MASTER_FLUSH_OFFSET = 908, "Tells a slave how far the master has flushed.";

        // The controller of automatic master switching.
        CONTROLLER_ALTER_SYNC_STATE_SET = 1001, "A master changes the set of replicas in sync.";
        CONTROLLER_ELECT_MASTER = 1002, "Has a master elected.";
        CONTROLLER_REGISTER_BROKER = 1003, "A broker registers with the controller.";
        CONTROLLER_GET_REPLICA_INFO = 1004, "Asks for the replicas of a broker.";
        CONTROLLER_GET_METADATA_INFO = 1005, "Asks for the leader and members of the controllers.";
        CONTROLLER_GET_SYNC_STATE_DATA = 1006, "Asks for the replicas in sync of several brokers.";
        GET_BROKER_EPOCH_CACHE = 1007, "Asks a broker for its epochs.";
        NOTIFY_BROKER_ROLE_CHANGED = 1008, "Tells a broker its new role.";
        UPDATE_CONTROLLER_CONFIG = 1009, "Changes a controller's properties.";
        GET_CONTROLLER_CONFIG = 1010, "Fetches a controller's properties.";
        CLEAN_BROKER_DATA = 1011, "Deletes what the controller knows of a broker.";
        CONTROLLER_GET_NEXT_BROKER_ID = 1012, "Asks for the next free broker id.";
        CONTROLLER_APPLY_BROKER_ID = 1013, "Takes a broker id.";
        // Between the controllers of a JRaft group; `short` in Java.
        BROKER_CLOSE_CHANNEL_REQUEST = 1014, "Tells the leading controller that a broker's connection has closed.";
        CHECK_NOT_ACTIVE_BROKER_REQUEST = 1015, "Has the leading controller look for brokers without heartbeats.";
        GET_BROKER_LIVE_INFO_REQUEST = 1016, "Asks the leading controller which brokers are alive.";
        GET_SYNC_STATE_DATA_REQUEST = 1017, "Asks the leading controller for replicas in sync.";
        RAFT_BROKER_HEART_BEAT_EVENT_REQUEST = 1018, "Passes a broker's heartbeat to the leading controller.";

        // Cold data flow control and the commit log read mode.
        UPDATE_COLD_DATA_FLOW_CTR_CONFIG = 2001, "Limits how fast a group may read cold data.";
        REMOVE_COLD_DATA_FLOW_CTR_CONFIG = 2002, "Removes such a limit.";
        GET_COLD_DATA_FLOW_CTR_INFO = 2003, "Asks for all such limits.";
        SET_COMMITLOG_READ_MODE = 2004, "Sets how the commit log is read ahead.";

        // Users and access control lists.
        AUTH_CREATE_USER = 3001, "Creates a user.";
        AUTH_UPDATE_USER = 3002, "Changes a user.";
        AUTH_DELETE_USER = 3003, "Deletes a user.";
        AUTH_GET_USER = 3004, "Fetches a user.";
        AUTH_LIST_USER = 3005, "Lists users.";
        AUTH_CREATE_ACL = 3006, "Creates an access control list.";
        AUTH_UPDATE_ACL = 3007, "Changes an access control list.";
        AUTH_DELETE_ACL = 3008, "Deletes an access control list.";
        AUTH_GET_ACL = 3009, "Fetches an access control list.";
        AUTH_LIST_ACL = 3010, "Lists access control lists.";

        // POP consumption. These do not fit the 16 bits of a binary header.
        POP_MESSAGE = 200050, "Takes messages of any queue, invisible to others for a while.";
        ACK_MESSAGE = 200051, "Says that such a message is consumed.";
        PEEK_MESSAGE = 200052, "Looks at messages without taking them.";
        CHANGE_MESSAGE_INVISIBLETIME = 200053, "Changes how long such a message stays invisible.";
        NOTIFICATION = 200054, "Waits at the broker until there are messages.";
        POLLING_INFO = 200055, "Asks how many requests wait at the broker.";
        POP_ROLLBACK = 200056, "Unused in 5.5.0.";
        BATCH_ACK_MESSAGE = 200151, "Says that several such messages are consumed.";

        // Since 5.4.0.
        SWITCH_TIMER_ENGINE = 5001, "Chooses where timer messages are kept: RocksDB or a file wheel.";
        // Since 5.5.1.
        DELETE_TOPIC_IN_BROKER_LIST = 5002, "Deletes several topics.";
        DELETE_SUBSCRIPTION_GROUP_LIST = 5003, "Deletes several consumer groups.";

        // LITE topics, since 5.5.0. These do not fit the 16 bits of a binary header.
        POP_LITE_MESSAGE = 200070, "Takes messages of LITE topics.";
        LITE_SUBSCRIPTION_CTL = 200071, "Changes a client's subscriptions to LITE topics.";
        ACK_LITE_MESSAGE = 200072, "Unused in 5.5.0.";
        NOTIFY_UNSUBSCRIBE_LITE = 200073, "A broker tells a client that it is not subscribed any more.";
        GET_BROKER_LITE_INFO = 200074, "Asks for a broker's figures about LITE topics.";
        GET_PARENT_TOPIC_INFO = 200075, "Asks for a parent topic and its groups.";
        GET_LITE_TOPIC_INFO = 200076, "Asks for a LITE topic and its subscribers.";
        GET_LITE_CLIENT_INFO = 200077, "Asks for a client's LITE topics.";
        GET_LITE_GROUP_INFO = 200078, "Asks how far behind a group is on LITE topics.";
        TRIGGER_LITE_DISPATCH = 200079, "Has waiting messages of LITE topics handed out now.";
    }
}

impl RequestCode {
    /// Whether a ROCKETMQ binary header can carry this code.
    ///
    /// That header has 16 signed bits for it. Java truncates larger ones silently, so that `POP_MESSAGE`
    /// arrives as 3442 (`RocketMQSerializable.rocketMQProtocolEncode`); here the encoder refuses them. Send
    /// such a command as JSON.
    #[must_use]
    pub const fn fits_binary_header(self) -> bool {
        self.0 >= i16::MIN as i32 && self.0 <= i16::MAX as i32
    }
}
