//! The handle of a message that was received by POP.

use std::fmt;
use std::str::FromStr;

use super::{BadPopInfo, PopTopic, parse};

/// The revive queue of messages that are received in order.
const ORDER_REVIVE_QUEUE: i32 = 999;

/// The handle of a message that was received by POP: by it the message is acknowledged, or its invisible time changed.
/// The property [`POP_CK`](crate::message::property::POP_CK). Equivalent of the extra info of Java's `ExtraInfoUtil`.
///
/// The text form is its parts in the order of the fields, separated by spaces. A name of a broker that contains a space
/// makes it unreadable.
///
/// ```
/// use remoting_model::message::ExtraInfo;
///
/// let info: ExtraInfo = "100 1700000000000 60000 3 0 broker-a 2 101".parse()?;
/// assert_eq!(info.broker_name, "broker-a");
/// assert_eq!(info.queue_offset, Some(101));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct ExtraInfo {
    /// The offset in the queue at which the checkpoint starts.
    pub ck_queue_offset: i64,
    /// The time at which the message was received, in milliseconds since 1970.
    pub pop_time: i64,
    /// How long the message stays invisible to others, in milliseconds.
    pub invisible_time: i64,
    /// The queue of the revive topic.
    pub revive_queue_id: i32,
    /// The topic or retry topic that the message comes from.
    pub topic: PopTopic,
    /// The broker.
    pub broker_name: String,
    /// The queue.
    pub queue_id: i32,
    /// The offset of the message in the queue. Absent if the text is about all messages of a checkpoint.
    pub queue_offset: Option<i64>,
}

impl ExtraInfo {
    /// Returns whether the messages of the queue are received in order.
    #[must_use]
    pub const fn is_order(&self) -> bool {
        self.revive_queue_id == ORDER_REVIVE_QUEUE
    }
}

impl fmt::Display for ExtraInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            ck_queue_offset,
            pop_time,
            invisible_time,
            revive_queue_id,
            topic,
            broker_name,
            queue_id,
            ..
        } = self;
        write!(
            f,
            "{ck_queue_offset} {pop_time} {invisible_time} {revive_queue_id} {topic} {broker_name} {queue_id}"
        )?;
        match self.queue_offset {
            Some(offset) => write!(f, " {offset}"),
            None => Ok(()),
        }
    }
}

/// Parts after the offset are ignored, as in Java.
impl FromStr for ExtraInfo {
    type Err = BadPopInfo;

    fn from_str(text: &str) -> Result<Self, BadPopInfo> {
        let parts: Vec<&str> = text.trim_end_matches(' ').splitn(9, ' ').collect();
        let (&[offset, pop_time, invisible_time, revive_queue_id, topic, broker_name, queue_id], rest) =
            parts.split_first_chunk().ok_or(BadPopInfo::Parts { parts: parts.len(), expected: "7 or 8" })?;
        Ok(Self {
            ck_queue_offset: parse(offset, "the offset of the checkpoint")?,
            pop_time: parse(pop_time, "the pop time")?,
            invisible_time: parse(invisible_time, "the invisible time")?,
            revive_queue_id: parse(revive_queue_id, "the revive queue")?,
            topic: topic.parse()?,
            broker_name: broker_name.to_owned(),
            queue_id: parse(queue_id, "the queue")?,
            queue_offset: rest.first().map(|offset| parse(offset, "the offset")).transpose()?,
        })
    }
}
