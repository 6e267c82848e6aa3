//! A typed header as producers send it.

use serde::{Deserialize, Serialize};

/// Java's `SendMessageRequestHeaderV2` with the fields that a producer fills, under their one-letter keys.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SendMessageRequestHeaderV2<'a> {
    /// Who sends.
    #[serde(rename = "a")]
    pub producer_group: &'a str,
    /// Where to.
    #[serde(rename = "b")]
    pub topic: &'a str,
    /// The topic that a new one is made after.
    #[serde(rename = "c")]
    pub default_topic: &'a str,
    /// Queues of a new topic.
    #[serde(rename = "d")]
    pub default_topic_queue_nums: i32,
    /// The queue.
    #[serde(rename = "e")]
    pub queue_id: i32,
    /// `MessageSysFlag`.
    #[serde(rename = "f")]
    pub sys_flag: i32,
    /// Milliseconds since 1970.
    #[serde(rename = "g")]
    pub born_timestamp: i64,
    /// The application's own.
    #[serde(rename = "h")]
    pub flag: i32,
    /// Names and values, with control characters between them.
    #[serde(rename = "i")]
    pub properties: Option<&'a str>,
    /// How often it was consumed in vain.
    #[serde(rename = "j")]
    pub reconsume_times: Option<i32>,
    /// Of a unit.
    #[serde(rename = "k")]
    pub unit_mode: bool,
    /// Whether the body is a batch.
    #[serde(rename = "m")]
    pub batch: bool,
    /// The broker.
    #[serde(rename = "n")]
    pub broker_name: Option<&'a str>,
}

/// As a producer of RocketMQ's examples fills it.
pub const HEADER: SendMessageRequestHeaderV2<'static> = SendMessageRequestHeaderV2 {
    producer_group: "please_rename_unique_group_name",
    topic: "TopicTest",
    default_topic: "TBW102",
    default_topic_queue_nums: 4,
    queue_id: 3,
    sys_flag: 0,
    born_timestamp: 1_700_000_000_000,
    flag: 0,
    properties: Some(
        "KEYS\u{1}OrderID188\u{2}UNIQ_KEY\u{1}7F0000010B7C18B4AAC27B8F6C0A0000\u{2}WAIT\u{1}true\u{2}TAGS\u{1}TagA\u{2}",
    ),
    reconsume_times: Some(0),
    unit_mode: false,
    batch: false,
    broker_name: Some("broker-a"),
};
