//! The request codes of `org.apache.rocketmq.remoting.protocol.RequestCode`, as of 5.5.1.

use super::macros::open_code;

open_code! {
    /// The operation of a request.
    ///
    /// An open set: codes without a name are valid, since brokers and plug-ins define their own. The constants are
    /// those of Java's `RequestCode` in 5.5.1, and four that only 4.9 has.
    ///
    /// The page of a constant shows the header and the body of the request, an arrow, and those of the response, under the
    /// names of the types in the crate `remoting-model`.
    ///
    /// **Codes of your own**: use numbers from 20 000 to 32 767. RocketMQ uses none of them, and both header
    /// encodings can carry them.
    ///
    /// `Display` and `Debug` print the name and the number, or the number alone. `FromStr` reads these forms, a
    /// name, or a number.
    ///
    /// ```
    /// use remoting_protocol::RequestCode;
    ///
    /// assert_eq!(RequestCode::SEND_MESSAGE.to_string(), "SEND_MESSAGE(10)");
    /// assert_eq!(RequestCode(20_000).to_string(), "20000");
    /// assert_eq!("HEART_BEAT".parse(), Ok(RequestCode(34)));
    /// ```
    RequestCode, "request code" {
        // Messages, offsets and topics, answered by a broker.
        SEND_MESSAGE = 10, "Sends a message; header fields have full names.",
            "SendMessageRequestHeader and Bytes → SendMessageResponseHeader";
        PULL_MESSAGE = 11, "Pulls messages of one queue; may wait at the broker for new ones.",
            "PullMessageRequestHeader → PullMessageResponseHeader and MessageList";
        QUERY_MESSAGE = 12, "Finds messages by key.",
            "QueryMessageRequestHeader → QueryMessageResponseHeader and MessageList";
        QUERY_BROKER_OFFSET = 13, "Unused in 5.5.0.";
        QUERY_CONSUMER_OFFSET = 14, "Queries the offset of a consumer group in a queue.",
            "QueryConsumerOffsetRequestHeader → QueryConsumerOffsetResponseHeader";
        UPDATE_CONSUMER_OFFSET = 15, "Updates the offset of a consumer group in a queue.",
            "UpdateConsumerOffsetRequestHeader → nothing";
        UPDATE_AND_CREATE_TOPIC = 17, "Creates or changes a topic.",
            "CreateTopicRequestHeader → nothing";
        UPDATE_AND_CREATE_TOPIC_LIST = 18, "Creates or changes several topics.",
            "CreateTopicListRequestHeader and CreateTopicListRequestBody → nothing";
        GET_ALL_TOPIC_CONFIG = 21, "Fetches all topics of a broker; sent by its slave.",
            "GetAllTopicConfigRequestHeader (optional) → GetAllTopicConfigResponseHeader and TopicConfigAndMappingSerializeWrapper";
        GET_TOPIC_CONFIG_LIST = 22, "Unused in 5.5.0.";
        GET_TOPIC_NAME_LIST = 23, "Unused in 5.5.0.";
        UPDATE_BROKER_CONFIG = 25, "Changes a broker's properties.",
            "PropertiesText → nothing";
        GET_BROKER_CONFIG = 26, "Fetches a broker's properties.",
            "nothing → GetBrokerConfigResponseHeader and PropertiesText";
        TRIGGER_DELETE_FILES = 27, "Unused in 5.5.0.";
        GET_BROKER_RUNTIME_INFO = 28, "Fetches runtime statistics of a broker.",
            "nothing → KVTable";
        SEARCH_OFFSET_BY_TIMESTAMP = 29, "Finds the offset of a queue at a time.",
            "SearchOffsetRequestHeader → SearchOffsetResponseHeader";
        GET_MAX_OFFSET = 30, "Queries the end offset of a queue.",
            "GetMaxOffsetRequestHeader → GetMaxOffsetResponseHeader";
        GET_MIN_OFFSET = 31, "Queries the first offset of a queue.",
            "GetMinOffsetRequestHeader → GetMinOffsetResponseHeader";
        GET_EARLIEST_MSG_STORETIME = 32, "Queries the store time of the oldest message in a queue.",
            "GetEarliestMsgStoretimeRequestHeader → GetEarliestMsgStoretimeResponseHeader";
        VIEW_MESSAGE_BY_ID = 33, "Fetches a message by its physical offset.",
            "ViewMessageRequestHeader → MessageList";
        HEART_BEAT = 34, "Reports the groups and subscriptions of a client to a broker.",
            "HeartbeatRequestHeader and HeartbeatData → HeartbeatResponseHeader";
        UNREGISTER_CLIENT = 35, "Removes a producer or consumer group of a client from a broker.",
            "UnregisterClientRequestHeader → nothing";
        CONSUMER_SEND_MSG_BACK = 36, "Returns a message to be consumed again later.",
            "ConsumerSendMsgBackRequestHeader → nothing";
        END_TRANSACTION = 37, "Commits or rolls back a transactional message.",
            "EndTransactionRequestHeader → nothing";
        GET_CONSUMER_LIST_BY_GROUP = 38, "Queries the client ids of a consumer group.",
            "GetConsumerListByGroupRequestHeader → GetConsumerListByGroupResponseBody";
        CHECK_TRANSACTION_STATE = 39, "Queries the state of a transaction; sent by a broker to a producer.",
            "CheckTransactionStateRequestHeader and MessageList → nothing";
        NOTIFY_CONSUMER_IDS_CHANGED = 40, "Notifies consumers of a change of their group; sent by a broker.",
            "NotifyConsumerIdsChangedRequestHeader → nothing";
        LOCK_BATCH_MQ = 41, "Locks queues for orderly consumption.",
            "LockBatchMqRequestHeader and LockBatchRequestBody → LockBatchResponseBody";
        UNLOCK_BATCH_MQ = 42, "Unlocks queues.",
            "UnlockBatchMqRequestHeader and UnlockBatchRequestBody → nothing";
        GET_ALL_CONSUMER_OFFSET = 43, "Fetches all consumer offsets of a broker; sent by its slave.",
            "nothing → ConsumerOffsetSerializeWrapper";
        GET_ALL_DELAY_OFFSET = 45, "Fetches the progress of delayed messages; sent by a slave.",
            "nothing → DelayOffsetSerializeWrapper";
        CHECK_CLIENT_CONFIG = 46, "Checks the filter of a subscription.",
            "CheckClientRequestBody → nothing";
        GET_CLIENT_CONFIG = 47, "Unused in 5.5.0.";
        // The access control of 4.9, which 5.x does not have.
        UPDATE_AND_CREATE_ACL_CONFIG = 50, "Creates or changes the permissions of an access key. Only 4.9.",
            "CreateAccessConfigRequestHeader → nothing";
        DELETE_ACL_CONFIG = 51, "Deletes the permissions of an access key. Only 4.9.",
            "DeleteAccessConfigRequestHeader → nothing";
        GET_BROKER_CLUSTER_ACL_INFO = 52, "Queries the version of the permissions of a broker. Only 4.9.",
            "nothing → GetBrokerAclConfigResponseHeader";
        UPDATE_GLOBAL_WHITE_ADDRS_CONFIG = 53, "Sets the addresses that need no access key. Only 4.9.",
            "UpdateGlobalWhiteAddrsConfigRequestHeader → nothing";
        GET_TIMER_CHECK_POINT = 60, "Fetches the check point of timer messages; sent by a slave.",
            "nothing → TimerCheckpoint";
        GET_TIMER_METRICS = 61, "Fetches the counts of timer messages; sent by a slave.",
            "nothing → TimerMetricsSerializeWrapper";

        // The name server.
        PUT_KV_CONFIG = 100, "Sets a key in a namespace of the name server.",
            "PutKVConfigRequestHeader → nothing";
        GET_KV_CONFIG = 101, "Fetches the value of a key in a namespace of the name server.",
            "GetKVConfigRequestHeader → GetKVConfigResponseHeader";
        DELETE_KV_CONFIG = 102, "Deletes a key in a namespace of the name server.",
            "DeleteKVConfigRequestHeader → nothing";
        REGISTER_BROKER = 103, "Registers the addresses and topics of a broker.",
            "RegisterBrokerRequestHeader and RegisterBrokerBody → RegisterBrokerResponseHeader and Option<KVTable>";
        UNREGISTER_BROKER = 104, "Removes a broker.",
            "UnRegisterBrokerRequestHeader → nothing";
        GET_ROUTEINFO_BY_TOPIC = 105, "Queries the brokers of a topic.",
            "GetRouteInfoRequestHeader → TopicRouteData";
        GET_BROKER_CLUSTER_INFO = 106, "Queries all clusters, brokers and addresses.",
            "nothing → ClusterInfo";

        // Administration: topics, groups, connections.
        UPDATE_AND_CREATE_SUBSCRIPTIONGROUP = 200, "Creates or changes a consumer group.",
            "SubscriptionGroupConfig → nothing";
        GET_ALL_SUBSCRIPTIONGROUP_CONFIG = 201, "Fetches all consumer groups of a broker; sent by its slave.",
            "GetAllSubscriptionGroupRequestHeader (optional) → GetAllSubscriptionGroupResponseHeader (optional) and SubscriptionGroupWrapper";
        GET_TOPIC_STATS_INFO = 202, "Queries the offsets of each queue of a topic.",
            "GetTopicStatsInfoRequestHeader → TopicStatsTable";
        GET_CONSUMER_CONNECTION_LIST = 203, "Queries the connections of a consumer group.",
            "GetConsumerConnectionListRequestHeader → ConsumerConnection";
        GET_PRODUCER_CONNECTION_LIST = 204, "Queries the connections of a producer group.",
            "GetProducerConnectionListRequestHeader → ProducerConnection";
        WIPE_WRITE_PERM_OF_BROKER = 205, "Removes the write permission of a broker.",
            "WipeWritePermOfBrokerRequestHeader → WipeWritePermOfBrokerResponseHeader";
        GET_ALL_TOPIC_LIST_FROM_NAMESERVER = 206, "Queries all topics of a name server.",
            "nothing → TopicList";
        DELETE_SUBSCRIPTIONGROUP = 207, "Deletes a consumer group.",
            "DeleteSubscriptionGroupRequestHeader → nothing";
        GET_CONSUME_STATS = 208, "Queries the lag of a group, queue by queue.",
            "GetConsumeStatsRequestHeader → ConsumeStats";
        SUSPEND_CONSUMER = 209, "Unused in 5.5.0.";
        RESUME_CONSUMER = 210, "Unused in 5.5.0.";
        RESET_CONSUMER_OFFSET_IN_CONSUMER = 211, "Unused in 5.5.0.";
        RESET_CONSUMER_OFFSET_IN_BROKER = 212, "Unused in 5.5.0.";
        ADJUST_CONSUMER_THREAD_POOL = 213, "Unused in 5.5.0.";
        WHO_CONSUME_THE_MESSAGE = 214, "Unused in 5.5.0.";
        DELETE_TOPIC_IN_BROKER = 215, "Deletes a topic from a broker.",
            "DeleteTopicRequestHeader → nothing";
        DELETE_TOPIC_IN_NAMESRV = 216, "Deletes a topic from a name server.",
            "DeleteTopicFromNamesrvRequestHeader → nothing";
        REGISTER_TOPIC_IN_NAMESRV = 217, "Registers a topic with a name server.",
            "RegisterTopicRequestHeader and TopicRouteData → nothing";
        GET_KVLIST_BY_NAMESPACE = 219, "Fetches all keys of a namespace of the name server.",
            "GetKVListByNamespaceRequestHeader → KVTable";
        RESET_CONSUMER_CLIENT_OFFSET = 220, "Resets the offsets of consumers; sent by a broker.",
            "ResetOffsetRequestHeader and ResetOffsetBody → nothing";
        GET_CONSUMER_STATUS_FROM_CLIENT = 221, "Queries the offsets of a consumer; sent by a broker.",
            "GetConsumerStatusRequestHeader → GetConsumerStatusBody";
        INVOKE_BROKER_TO_RESET_OFFSET = 222, "Resets the offsets of a group to a time.",
            "ResetOffsetRequestHeader → ResetOffsetBody";
        INVOKE_BROKER_TO_GET_CONSUMER_STATUS = 223, "Queries the offsets of consumers through their broker.",
            "GetConsumerStatusRequestHeader → GetConsumerStatusBody";
        GET_TOPICS_BY_CLUSTER = 224, "Queries the topics of a cluster.",
            "GetTopicsByClusterRequestHeader → TopicList";
        UPDATE_AND_CREATE_SUBSCRIPTIONGROUP_LIST = 225, "Creates or changes several consumer groups.",
            "SubscriptionGroupList → nothing";

        // Administration: consumers, statistics, clean-up; batch and reply messages.
        QUERY_TOPIC_CONSUME_BY_WHO = 300, "Queries the groups that consume a topic.",
            "QueryTopicConsumeByWhoRequestHeader → GroupList";
        REGISTER_FILTER_SERVER = 301, "Registers a filter server with its broker. Unused since 4.3.";
        REGISTER_MESSAGE_FILTER_CLASS = 302, "Uploads a filter class of a consumer. Unused since 4.3.";
        QUERY_CONSUME_TIME_SPAN = 303, "Queries the first and last time of the messages of a group.",
            "QueryConsumeTimeSpanRequestHeader → QueryConsumeTimeSpanBody";
        GET_SYSTEM_TOPIC_LIST_FROM_NS = 304, "Queries the system topics of a name server.",
            "nothing → TopicList";
        GET_SYSTEM_TOPIC_LIST_FROM_BROKER = 305, "Queries the system topics of a broker.",
            "nothing → TopicList";
        CLEAN_EXPIRED_CONSUMEQUEUE = 306, "Deletes consume queues that point to no message.",
            "nothing → nothing";
        GET_CONSUMER_RUNNING_INFO = 307, "Queries the state of a consumer through its broker.",
            "GetConsumerRunningInfoRequestHeader → ConsumerRunningInfo";
        QUERY_CORRECTION_OFFSET = 308, "Queries the offsets of a group, corrected by those of other groups.",
            "QueryCorrectionOffsetHeader → QueryCorrectionOffsetBody";
        CONSUME_MESSAGE_DIRECTLY = 309, "Makes a consumer process one message now, through its broker.",
            "ConsumeMessageDirectlyResultRequestHeader and MessageList → ConsumeMessageDirectlyResult";
        SEND_MESSAGE_V2 = 310, "Sends a message; header fields have names of one letter.",
            "SendMessageRequestHeaderV2 and Bytes → SendMessageResponseHeader";
        GET_UNIT_TOPIC_LIST = 311, "Queries the topics of units.",
            "nothing → TopicList";
        GET_HAS_UNIT_SUB_TOPIC_LIST = 312, "Queries the topics that units consume.",
            "nothing → TopicList";
        GET_HAS_UNIT_SUB_UNUNIT_TOPIC_LIST = 313, "Queries the topics outside units that units consume.",
            "nothing → TopicList";
        CLONE_GROUP_OFFSET = 314, "Copies the offsets of one group to another.",
            "CloneGroupOffsetRequestHeader → nothing";
        VIEW_BROKER_STATS_DATA = 315, "Fetches a statistic of a broker.",
            "ViewBrokerStatsDataRequestHeader → BrokerStatsData";
        CLEAN_UNUSED_TOPIC = 316, "Deletes the data of deleted topics.",
            "nothing → nothing";
        GET_BROKER_CONSUME_STATS = 317, "Queries the lag of all groups of a broker.",
            "GetConsumeStatsInBrokerHeader → ConsumeStatsList";
        UPDATE_NAMESRV_CONFIG = 318, "Changes a name server's properties.",
            "PropertiesText → nothing";
        GET_NAMESRV_CONFIG = 319, "Fetches a name server's properties.",
            "nothing → PropertiesText";
        SEND_BATCH_MESSAGE = 320, "Sends several messages in one body.",
            "SendMessageRequestHeaderV2 and MessageBatch → SendMessageResponseHeader";
        QUERY_CONSUME_QUEUE = 321, "Reads entries of a consume queue.",
            "QueryConsumeQueueRequestHeader → QueryConsumeQueueResponseBody";
        QUERY_DATA_VERSION = 322, "Queries whether a name server has the latest topics of a broker.",
            "QueryDataVersionRequestHeader and DataVersion → QueryDataVersionResponseHeader and Option<DataVersion>";
        RESUME_CHECK_HALF_MESSAGE = 323, "Resumes checks of a discarded transactional message.",
            "ResumeCheckHalfMessageRequestHeader → nothing";
        SEND_REPLY_MESSAGE = 324, "Sends the reply to a request message.",
            "SendMessageRequestHeader and Bytes → SendMessageResponseHeader";
        SEND_REPLY_MESSAGE_V2 = 325, "Sends the reply to a request message; header fields have names of one letter.",
            "SendMessageRequestHeaderV2 and Bytes → SendMessageResponseHeader";
        PUSH_REPLY_MESSAGE_TO_CLIENT = 326, "Delivers a reply to the waiting producer; sent by a broker.",
            "ReplyMessageRequestHeader and Bytes → nothing";
        ADD_WRITE_PERM_OF_BROKER = 327, "Restores the write permission of a broker.",
            "AddWritePermOfBrokerRequestHeader → AddWritePermOfBrokerResponseHeader";
        GET_ALL_PRODUCER_INFO = 328, "Queries all producers of a broker.",
            "GetAllProducerInfoRequestHeader → ProducerTableInfo";
        DELETE_EXPIRED_COMMITLOG = 329, "Deletes expired files of the commit log.",
            "nothing → nothing";

        // Queries of topics and groups, lite pull, assignment.
        QUERY_TOPICS_BY_CONSUMER = 343, "Queries the topics that a group consumes.",
            "QueryTopicsByConsumerRequestHeader → TopicList";
        QUERY_SUBSCRIPTION_BY_CONSUMER = 345, "Queries the subscription of a group to a topic.",
            "QuerySubscriptionByConsumerRequestHeader → QuerySubscriptionResponseBody";
        GET_TOPIC_CONFIG = 351, "Fetches the settings of one topic.",
            "GetTopicConfigRequestHeader → TopicConfigAndQueueMapping";
        GET_SUBSCRIPTIONGROUP_CONFIG = 352, "Fetches the settings of one consumer group.",
            "GetSubscriptionGroupConfigRequestHeader → SubscriptionGroupConfig";
        UPDATE_AND_GET_GROUP_FORBIDDEN = 353, "Allows or forbids a group to read a topic.",
            "UpdateGroupForbiddenRequestHeader → GroupForbidden";
        CHECK_ROCKSDB_CQ_WRITE_PROGRESS = 354, "Compares the consume queues in files and in RocksDB.",
            "CheckRocksdbCqWriteProgressRequestHeader → CheckRocksdbCqWriteResult";
        EXPORT_ROCKSDB_CONFIG_TO_JSON = 355, "Exports settings from RocksDB as JSON.",
            "ExportRocksDBConfigToJsonRequestHeader → nothing";
        LITE_PULL_MESSAGE = 361, "Pulls messages for a lite pull consumer.",
            "PullMessageRequestHeader → PullMessageResponseHeader and MessageList";
        RECALL_MESSAGE = 370, "Recalls a delayed message.",
            "RecallMessageRequestHeader → RecallMessageResponseHeader";
        QUERY_ASSIGNMENT = 400, "Queries the queues assigned to a consumer.",
            "QueryAssignmentRequestBody → QueryAssignmentResponseBody";
        SET_MESSAGE_REQUEST_MODE = 401, "Selects pull or POP for a topic of a group.",
            "SetMessageRequestModeRequestBody → nothing";
        GET_ALL_MESSAGE_REQUEST_MODE = 402, "Fetches the request modes of all groups; sent by a slave.",
            "nothing → MessageRequestModeSerializeWrapper";

        // Static topics and high availability.
        UPDATE_AND_CREATE_STATIC_TOPIC = 513, "Creates or changes a static topic.",
            "CreateTopicRequestHeader and TopicQueueMappingDetail → nothing";
        GET_BROKER_MEMBER_GROUP = 901, "Queries the brokers with one name.",
            "GetBrokerMemberGroupRequestHeader → GetBrokerMemberGroupResponseBody";
        ADD_BROKER = 902, "Adds a broker to a container.",
            "AddBrokerRequestHeader → nothing";
        REMOVE_BROKER = 903, "Removes a broker from a container.",
            "RemoveBrokerRequestHeader → nothing";
        BROKER_HEARTBEAT = 904, "The heartbeat of a broker.",
            "BrokerHeartbeatRequestHeader → nothing";
        NOTIFY_MIN_BROKER_ID_CHANGE = 905, "Notifies the brokers of one name of a new lowest broker id.",
            "NotifyMinBrokerIdChangeRequestHeader → nothing";
        EXCHANGE_BROKER_HA_INFO = 906, "Exchanges addresses and offsets between master and slave.",
            "ExchangeHAInfoRequestHeader → ExchangeHAInfoResponseHeader";
        GET_BROKER_HA_STATUS = 907, "Queries the state of replication.",
            "nothing → HARuntimeInfo";
        RESET_MASTER_FLUSH_OFFSET = 908, "Reports the flushed offset of the master to a slave.",
            "ResetMasterFlushOffsetHeader → nothing";

        // The controller of automatic master switching.
        CONTROLLER_ALTER_SYNC_STATE_SET = 1001, "Changes the set of replicas in sync; sent by a master.",
            "AlterSyncStateSetRequestHeader and SyncStateSet → AlterSyncStateSetResponseHeader and SyncStateSet";
        CONTROLLER_ELECT_MASTER = 1002, "Elects a master.",
            "ElectMasterRequestHeader → ElectMasterResponseHeader and ElectMasterResponseBody";
        CONTROLLER_REGISTER_BROKER = 1003, "Registers a broker with the controller.",
            "RegisterBrokerToControllerRequestHeader → RegisterBrokerToControllerResponseHeader and SyncStateSet";
        CONTROLLER_GET_REPLICA_INFO = 1004, "Queries the replicas of a broker.",
            "GetReplicaInfoRequestHeader → GetReplicaInfoResponseHeader and SyncStateSet";
        CONTROLLER_GET_METADATA_INFO = 1005, "Queries the leader and the members of the controllers.",
            "nothing → GetMetaDataResponseHeader";
        CONTROLLER_GET_SYNC_STATE_DATA = 1006, "Queries the replicas in sync of several brokers.",
            "Json<Vec<String>> → BrokerReplicasInfo";
        GET_BROKER_EPOCH_CACHE = 1007, "Queries the epochs of a broker.",
            "nothing → EpochEntryCache";
        NOTIFY_BROKER_ROLE_CHANGED = 1008, "Notifies a broker of its new role.",
            "NotifyBrokerRoleChangedRequestHeader and SyncStateSet → nothing";
        UPDATE_CONTROLLER_CONFIG = 1009, "Changes a controller's properties.",
            "PropertiesText → nothing";
        GET_CONTROLLER_CONFIG = 1010, "Fetches a controller's properties.",
            "nothing → PropertiesText";
        CLEAN_BROKER_DATA = 1011, "Deletes the data of a broker from the controller.",
            "CleanControllerBrokerDataRequestHeader → nothing";
        CONTROLLER_GET_NEXT_BROKER_ID = 1012, "Queries the next free broker id.",
            "GetNextBrokerIdRequestHeader → GetNextBrokerIdResponseHeader";
        CONTROLLER_APPLY_BROKER_ID = 1013, "Reserves a broker id.",
            "ApplyBrokerIdRequestHeader → ApplyBrokerIdResponseHeader";
        // Between the controllers of a JRaft group; `short` in Java.
        BROKER_CLOSE_CHANNEL_REQUEST = 1014, "Reports the closed connection of a broker to the leading controller.";
        CHECK_NOT_ACTIVE_BROKER_REQUEST = 1015, "Makes the leading controller check for inactive brokers.";
        GET_BROKER_LIVE_INFO_REQUEST = 1016, "Queries the live brokers from the leading controller.";
        GET_SYNC_STATE_DATA_REQUEST = 1017, "Queries the replicas in sync from the leading controller.";
        RAFT_BROKER_HEART_BEAT_EVENT_REQUEST = 1018, "Forwards the heartbeat of a broker to the leading controller.";

        // Cold data flow control and the commit log read mode.
        UPDATE_COLD_DATA_FLOW_CTR_CONFIG = 2001, "Limits the rate at which a group reads cold data.",
            "PropertiesText → nothing";
        REMOVE_COLD_DATA_FLOW_CTR_CONFIG = 2002, "Removes the limit for cold data of a group.",
            "String → nothing";
        GET_COLD_DATA_FLOW_CTR_INFO = 2003, "Queries all limits for cold data.",
            "nothing → ColdDataFlowCtrInfo";
        SET_COMMITLOG_READ_MODE = 2004, "Sets the read-ahead mode of the commit log.",
            "SetCommitlogReadModeRequestHeader → nothing";

        // Users and access control lists.
        AUTH_CREATE_USER = 3001, "Creates a user.",
            "CreateUserRequestHeader and UserInfo → nothing";
        AUTH_UPDATE_USER = 3002, "Changes a user.",
            "UpdateUserRequestHeader and UserInfo → nothing";
        AUTH_DELETE_USER = 3003, "Deletes a user.",
            "DeleteUserRequestHeader → nothing";
        AUTH_GET_USER = 3004, "Fetches a user.",
            "GetUserRequestHeader → UserInfo";
        AUTH_LIST_USER = 3005, "Lists users.",
            "ListUsersRequestHeader → Json<Vec<UserInfo>>";
        AUTH_CREATE_ACL = 3006, "Creates an access control list.",
            "CreateAclRequestHeader and AclInfo → nothing";
        AUTH_UPDATE_ACL = 3007, "Changes an access control list.",
            "UpdateAclRequestHeader and AclInfo → nothing";
        AUTH_DELETE_ACL = 3008, "Deletes an access control list.",
            "DeleteAclRequestHeader → nothing";
        AUTH_GET_ACL = 3009, "Fetches an access control list.",
            "GetAclRequestHeader → AclInfo";
        AUTH_LIST_ACL = 3010, "Lists access control lists.",
            "ListAclsRequestHeader → Json<Vec<AclInfo>>";

        // POP consumption. These do not fit the 16 bits of a binary header.
        POP_MESSAGE = 200050, "Pops messages of any queue, which are then invisible for a while.",
            "PopMessageRequestHeader → PopMessageResponseHeader and MessageList";
        ACK_MESSAGE = 200051, "Acknowledges a popped message.",
            "AckMessageRequestHeader → nothing";
        PEEK_MESSAGE = 200052, "Reads messages without popping them.",
            "PeekMessageRequestHeader → PopMessageResponseHeader and MessageList";
        CHANGE_MESSAGE_INVISIBLETIME = 200053, "Changes how long a popped message stays invisible.",
            "ChangeInvisibleTimeRequestHeader → ChangeInvisibleTimeResponseHeader";
        NOTIFICATION = 200054, "Waits at the broker until messages are available.",
            "NotificationRequestHeader → NotificationResponseHeader";
        POLLING_INFO = 200055, "Queries the number of requests that wait at the broker.",
            "PollingInfoRequestHeader → PollingInfoResponseHeader";
        POP_ROLLBACK = 200056, "Moves the state of POP from RocksDB to files.",
            "nothing → nothing";
        BATCH_ACK_MESSAGE = 200151, "Acknowledges several popped messages.",
            "BatchAckMessageRequestBody → nothing";

        // Since 5.4.0.
        SWITCH_TIMER_ENGINE = 5001, "Selects the store of timer messages: RocksDB or a file wheel.",
            "SwitchTimerEngineRequestHeader → nothing";
        // Since 5.5.1.
        DELETE_TOPIC_IN_BROKER_LIST = 5002, "Deletes several topics.",
            "DeleteTopicListRequestBody → nothing";
        DELETE_SUBSCRIPTION_GROUP_LIST = 5003, "Deletes several consumer groups.",
            "DeleteSubscriptionGroupListRequestBody → nothing";

        // LITE topics, since 5.5.0. These do not fit the 16 bits of a binary header.
        POP_LITE_MESSAGE = 200070, "Pops messages of LITE topics.",
            "PopLiteMessageRequestHeader → PopLiteMessageResponseHeader and MessageList";
        LITE_SUBSCRIPTION_CTL = 200071, "Changes the subscriptions of a client to LITE topics.",
            "LiteSubscriptionCtlRequestHeader and LiteSubscriptionCtlRequestBody → nothing";
        ACK_LITE_MESSAGE = 200072, "Unused in 5.5.0.";
        NOTIFY_UNSUBSCRIBE_LITE = 200073, "Notifies a client that its subscription has ended; sent by a broker.",
            "NotifyUnsubscribeLiteRequestHeader → nothing";
        GET_BROKER_LITE_INFO = 200074, "Queries statistics of a broker about LITE topics.",
            "nothing → GetBrokerLiteInfoResponseBody";
        GET_PARENT_TOPIC_INFO = 200075, "Queries a parent topic and its groups.",
            "GetParentTopicInfoRequestHeader → GetParentTopicInfoResponseBody";
        GET_LITE_TOPIC_INFO = 200076, "Queries a LITE topic and its subscribers.",
            "GetLiteTopicInfoRequestHeader → GetLiteTopicInfoResponseBody";
        GET_LITE_CLIENT_INFO = 200077, "Queries the LITE topics of a client.",
            "GetLiteClientInfoRequestHeader → GetLiteClientInfoResponseBody";
        GET_LITE_GROUP_INFO = 200078, "Queries the lag of a group on LITE topics.",
            "GetLiteGroupInfoRequestHeader → GetLiteGroupInfoResponseBody";
        TRIGGER_LITE_DISPATCH = 200079, "Dispatches waiting messages of LITE topics now.",
            "TriggerLiteDispatchRequestHeader → nothing";
    }
}

impl RequestCode {
    /// Returns whether a ROCKETMQ header, which has 16 signed bits for the code, can carry this code.
    ///
    /// The encoder rejects other codes: send such a command with a JSON header. Java truncates them silently, so
    /// that `POP_MESSAGE` arrives as 3442 (`RocketMQSerializable.rocketMQProtocolEncode`).
    #[must_use]
    pub const fn fits_binary_header(self) -> bool {
        self.0 >= i16::MIN as i32 && self.0 <= i16::MAX as i32
    }
}
