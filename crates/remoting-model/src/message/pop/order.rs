//! How often the messages of a response were received before.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use super::offsets::insert_new;
use super::{BadPopInfo, PopQueue, PopTopic, entries, parse};

/// How often the messages of a FIFO topic were received before: `orderCountInfo` of a POP response.
///
/// ```
/// use remoting_model::message::{OrderCountInfo, OrderCountKey, PopQueue, PopTopic};
///
/// let info: OrderCountInfo = "0 3 1;0 qo3%100 2".parse()?;
/// let queue = PopQueue::new(PopTopic::Normal, 3);
/// assert_eq!(info.0[&OrderCountKey::Queue(queue)], 1);
/// assert_eq!(info.0[&OrderCountKey::Message(queue, 100)], 2);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OrderCountInfo(pub BTreeMap<OrderCountKey, i32>);

/// What a count is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OrderCountKey {
    /// The messages of a queue.
    Queue(PopQueue),
    /// The message of a queue at an offset.
    Message(PopQueue, i64),
}

impl fmt::Display for OrderCountInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut separator = "";
        for (key, count) in &self.0 {
            match key {
                OrderCountKey::Queue(queue) => {
                    write!(f, "{separator}{} {} {count}", queue.topic, queue.queue_id)?;
                }
                OrderCountKey::Message(queue, offset) => {
                    write!(f, "{separator}{} qo{}%{offset} {count}", queue.topic, queue.queue_id)?;
                }
            }
            separator = ";";
        }
        Ok(())
    }
}

impl FromStr for OrderCountInfo {
    type Err = BadPopInfo;

    fn from_str(text: &str) -> Result<Self, BadPopInfo> {
        let mut counts = BTreeMap::new();
        for entry in entries(text) {
            let [topic, key, count] = entry?;
            insert_new(&mut counts, read_key(topic.parse()?, key)?, parse(count, "the count")?)?;
        }
        Ok(Self(counts))
    }
}

fn read_key(topic: PopTopic, text: &str) -> Result<OrderCountKey, BadPopInfo> {
    let queue = |queue_id| Ok(PopQueue { topic, queue_id: parse(queue_id, "the queue")? });
    match text.strip_prefix("qo") {
        None => Ok(OrderCountKey::Queue(queue(text)?)),
        Some(key) => {
            let (queue_id, offset) =
                key.split_once('%').ok_or(BadPopInfo::Malformed { part: "the key of a message" })?;
            Ok(OrderCountKey::Message(queue(queue_id)?, parse(offset, "the offset")?))
        }
    }
}

/// Reads how often each of `messages` messages of lite topics was received before, or `None` if the text has another
/// number of counts. A malformed count is 0. Equivalent of Java's `ExtraInfoUtil.parseLiteOrderCountInfo`. Since 5.5.
///
/// ```
/// use remoting_model::message::lite_order_counts;
///
/// assert_eq!(lite_order_counts("1;0 qo0%7 2;", 2), Some(vec![1, 2]));
/// assert_eq!(lite_order_counts("1;2", 3), None);
/// ```
#[must_use]
pub fn lite_order_counts(text: &str, messages: usize) -> Option<Vec<i32>> {
    let counts = text.trim_end_matches(';').split(';');
    if text.is_empty() || counts.clone().count() != messages {
        return None;
    }
    let count = |text: &str| {
        if text.contains("qo") {
            entries(text).next().and_then(Result::ok).map_or(Some(0), |[_, _, count]| count.parse().ok())
        } else {
            text.parse().ok()
        }
    };
    Some(counts.map(|text| count(text).unwrap_or(0)).collect())
}
