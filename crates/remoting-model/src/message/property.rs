//! The names of the properties that RocketMQ uses: the constants of Java's `MessageConst`, without `PROPERTY_`.

/// The keys of the message, separated by spaces.
pub const KEYS: &str = "KEYS";
/// The tag, by which consumers filter.
pub const TAGS: &str = "TAGS";
/// Whether the broker responds only when the message is stored safely.
pub const WAIT_STORE_MSG_OK: &str = "WAIT";
/// The delay level: an index of the broker's list of delays.
pub const DELAY_TIME_LEVEL: &str = "DELAY";
/// The topic of a message in a retry topic.
pub const RETRY_TOPIC: &str = "RETRY_TOPIC";
/// The consumer group that a message was sent back by.
pub const ORIGIN_GROUP: &str = "ORIGIN_GROUP";
/// The topic before a broker moved the message to another.
pub const REAL_TOPIC: &str = "REAL_TOPIC";
/// The queue before a broker moved the message to another.
pub const REAL_QUEUE_ID: &str = "REAL_QID";
/// Whether the message is a half message of a transaction.
pub const TRANSACTION_PREPARED: &str = "TRAN_MSG";
/// The group of the producer.
pub const PRODUCER_GROUP: &str = "PGROUP";
/// The smallest offset of the queue, as a consumer saw it.
pub const MIN_OFFSET: &str = "MIN_OFFSET";
/// The largest offset of the queue, as a consumer saw it.
pub const MAX_OFFSET: &str = "MAX_OFFSET";
/// The buyer, for applications of Alibaba.
pub const BUYER_ID: &str = "BUYER_ID";
/// The id of the message that this is a copy of.
pub const ORIGIN_MESSAGE_ID: &str = "ORIGIN_MESSAGE_ID";
/// Set on a message that was transferred.
pub const TRANSFER_FLAG: &str = "TRANSFER_FLAG";
/// Set on a message that was corrected.
pub const CORRECTION_FLAG: &str = "CORRECTION_FLAG";
/// Set on a message of MetaQ 2.
pub const MQ2_FLAG: &str = "MQ2_FLAG";
/// How often a message was consumed without success, when it is sent back.
pub const RECONSUME_TIME: &str = "RECONSUME_TIME";
/// The region of the broker.
pub const MSG_REGION: &str = "MSG_REGION";
/// Whether the message is traced.
pub const TRACE_SWITCH: &str = "TRACE_ON";
/// The id that the client gave to the message.
pub const UNIQ_CLIENT_MESSAGE_ID_KEYIDX: &str = "UNIQ_KEY";
/// The offset of the transaction in the commit log.
pub const TRANS_OFFSET: &str = "TRANS_OFFSET";
/// What distinguishes copies of a message.
pub const EXTEND_UNIQ_INFO: &str = "EXTEND_UNIQ_INFO";
/// How often a message may be consumed without success.
pub const MAX_RECONSUME_TIMES: &str = "MAX_RECONSUME_TIMES";
/// The time at which a consumer started with the message.
pub const CONSUME_START_TIMESTAMP: &str = "CONSUME_START_TIME";
/// The priority. Since 5.4.
pub const PRIORITY: &str = "_SYS_MSG_PRIORITY_";
/// The number of messages of an inner batch.
pub const INNER_NUM: &str = "INNER_NUM";
/// The offset of the first message of an inner batch.
pub const INNER_BASE: &str = "INNER_BASE";
/// What identifies a repeated message.
pub const DUP_INFO: &str = "DUP_INFO";
/// The seconds before a transaction is checked.
pub const CHECK_IMMUNITY_TIME_IN_SECONDS: &str = "CHECK_IMMUNITY_TIME_IN_SECONDS";
/// The offset of the half message in its queue.
pub const TRANSACTION_PREPARED_QUEUE_OFFSET: &str = "TRAN_PREPARED_QUEUE_OFFSET";
/// The id of the transaction.
pub const TRANSACTION_ID: &str = "__transactionId__";
/// How often the transaction was checked.
pub const TRANSACTION_CHECK_TIMES: &str = "TRANSACTION_CHECK_TIMES";
/// The instance, for namespaces.
pub const INSTANCE_ID: &str = "INSTANCE_ID";
/// Pairs a reply message with its request.
pub const CORRELATION_ID: &str = "CORRELATION_ID";
/// The client that a reply message goes to.
pub const MESSAGE_REPLY_TO_CLIENT: &str = "REPLY_TO_CLIENT";
/// How long a request message waits for its reply, in milliseconds.
pub const MESSAGE_TTL: &str = "TTL";
/// The time at which a reply message arrived at the broker.
pub const REPLY_MESSAGE_ARRIVE_TIME: &str = "ARRIVE_TIME";
/// The time at which the broker passed on a reply message.
pub const PUSH_REPLY_TIME: &str = "PUSH_REPLY_TIME";
/// The cluster that a reply message goes to.
pub const CLUSTER: &str = "CLUSTER";
/// The type of the message, such as `reply`.
pub const MESSAGE_TYPE: &str = "MSG_TYPE";
/// The extra info of a message received by POP.
pub const POP_CK: &str = "POP_CK";
/// The offset of a checkpoint of POP.
pub const POP_CK_OFFSET: &str = "POP_CK_OFFSET";
/// The time at which the message was first received by POP.
pub const FIRST_POP_TIME: &str = "1ST_POP_TIME";
/// The key that orders messages.
pub const SHARDING_KEY: &str = "__SHARDINGKEY";
/// The lite topic. Since 5.5.
pub const LITE_TOPIC: &str = "__LITE_TOPIC";
/// The queue that a message is forwarded to.
pub const FORWARD_QUEUE_ID: &str = "PROPERTY_FORWARD_QUEUE_ID";
/// Set on a message that was redirected.
pub const REDIRECT: &str = "REDIRECT";
/// The light queues that the message is dispatched to.
pub const INNER_MULTI_DISPATCH: &str = "INNER_MULTI_DISPATCH";
/// The offsets in these queues.
pub const INNER_MULTI_QUEUE_OFFSET: &str = "INNER_MULTI_QUEUE_OFFSET";
/// The context of a trace.
pub const TRACE_CONTEXT: &str = "TRACE_CONTEXT";
/// The delay in seconds. Since 5.0.
pub const TIMER_DELAY_SEC: &str = "TIMER_DELAY_SEC";
/// The time of delivery in milliseconds. Since 5.0.
pub const TIMER_DELIVER_MS: &str = "TIMER_DELIVER_MS";
/// The host of the producer, as a proxy saw it.
pub const BORN_HOST: &str = "__BORNHOST";
/// The time of creation in milliseconds, as a proxy saw it.
pub const BORN_TIMESTAMP: &str = "BORN_TIMESTAMP";
/// The prefix of the names that are not stored.
pub const TRANSIENT_PREFIX: &str = "__RMQ.TRANSIENT.";
/// The system flag of the topic, set by a client that pulls.
pub const TRANSIENT_TOPIC_CONFIG: &str = "__RMQ.TRANSIENT.TOPIC_SYS_FLAG";
/// The system flag of the group, set by a client that pulls.
pub const TRANSIENT_GROUP_CONFIG: &str = "__RMQ.TRANSIENT.GROUP_SYS_FLAG";
/// What separates keys. Not a name.
pub const KEY_SEPARATOR: &str = " ";
/// Says that a query is by key. Not a name.
pub const INDEX_KEY_TYPE: &str = "K";
/// Says that a query is by the client's id. Not a name.
pub const INDEX_UNIQUE_TYPE: &str = "U";
/// Says that a query is by tag. Not a name.
pub const INDEX_TAG_TYPE: &str = "T";
/// The engine that delays the message. Since 5.4.
pub const TIMER_ENGINE_TYPE: &str = "E_T";
/// RocksDB, a value of [`TIMER_ENGINE_TYPE`].
pub const TIMER_ENGINE_ROCKSDB_TIMELINE: &str = "R";
/// The time wheel, a value of [`TIMER_ENGINE_TYPE`].
pub const TIMER_ENGINE_FILE_TIME_WHEEL: &str = "F";
/// The time at which the message came to the timer.
pub const TIMER_ENQUEUE_MS: &str = "TIMER_ENQUEUE_MS";
/// The time at which the message left the timer.
pub const TIMER_DEQUEUE_MS: &str = "TIMER_DEQUEUE_MS";
/// How often the timer stored the message anew.
pub const TIMER_ROLL_TIMES: &str = "TIMER_ROLL_TIMES";
/// The time at which the message was due.
pub const TIMER_OUT_MS: &str = "TIMER_OUT_MS";
/// The id of the delayed message that this message recalls.
pub const TIMER_DEL_UNIQKEY: &str = "TIMER_DEL_UNIQKEY";
/// Labels a message that the timer stored anew.
pub const TIMER_ROLL_LABEL: &str = "TIMER_ROLL_LABEL";
/// The delay level that the delay came from.
pub const TIMER_DELAY_LEVEL: &str = "TIMER_DELAY_LEVEL";
/// The delay in milliseconds. Since 5.0.
pub const TIMER_DELAY_MS: &str = "TIMER_DELAY_MS";
/// The checksum of the stored message.
pub const CRC32: &str = "__CRC32#";
/// The topic of a message in a dead-letter queue.
pub const DLQ_ORIGIN_TOPIC: &str = "DLQ_ORIGIN_TOPIC";
/// The id that a message in a dead-letter queue had.
pub const DLQ_ORIGIN_MESSAGE_ID: &str = "DLQ_ORIGIN_MESSAGE_ID";

/// The names that an application must not use for its own properties. Java's `MessageConst.STRING_HASH_SET`.
pub const RESERVED: &[&str] = &[
    TRACE_SWITCH,
    MSG_REGION,
    KEYS,
    TAGS,
    WAIT_STORE_MSG_OK,
    DELAY_TIME_LEVEL,
    RETRY_TOPIC,
    ORIGIN_GROUP,
    REAL_TOPIC,
    REAL_QUEUE_ID,
    TRANSACTION_PREPARED,
    PRODUCER_GROUP,
    MIN_OFFSET,
    MAX_OFFSET,
    BUYER_ID,
    ORIGIN_MESSAGE_ID,
    TRANSFER_FLAG,
    CORRECTION_FLAG,
    MQ2_FLAG,
    RECONSUME_TIME,
    UNIQ_CLIENT_MESSAGE_ID_KEYIDX,
    MAX_RECONSUME_TIMES,
    CONSUME_START_TIMESTAMP,
    POP_CK,
    POP_CK_OFFSET,
    FIRST_POP_TIME,
    TRANSACTION_PREPARED_QUEUE_OFFSET,
    DUP_INFO,
    EXTEND_UNIQ_INFO,
    INSTANCE_ID,
    CORRELATION_ID,
    MESSAGE_REPLY_TO_CLIENT,
    MESSAGE_TTL,
    REPLY_MESSAGE_ARRIVE_TIME,
    PUSH_REPLY_TIME,
    CLUSTER,
    MESSAGE_TYPE,
    INNER_MULTI_QUEUE_OFFSET,
    TIMER_DELAY_MS,
    TIMER_DELAY_SEC,
    TIMER_DELIVER_MS,
    TIMER_ENQUEUE_MS,
    TIMER_DEQUEUE_MS,
    TIMER_ROLL_TIMES,
    TIMER_OUT_MS,
    TIMER_DEL_UNIQKEY,
    TIMER_DELAY_LEVEL,
    BORN_HOST,
    BORN_TIMESTAMP,
    DLQ_ORIGIN_TOPIC,
    DLQ_ORIGIN_MESSAGE_ID,
    CRC32,
    PRIORITY,
    LITE_TOPIC,
];
