//! The offsets of the messages of a response.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::fmt;
use std::str::FromStr;

use super::{BadPopInfo, PopTopic, entries, parse};

/// A queue of the topic that was asked for, or of a retry topic of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PopQueue {
    /// The topic or retry topic.
    pub topic: PopTopic,
    /// The queue.
    pub queue_id: i32,
}

impl PopQueue {
    /// Creates the key of a queue.
    #[must_use]
    pub const fn new(topic: PopTopic, queue_id: i32) -> Self {
        Self { topic, queue_id }
    }
}

/// The offset at which the checkpoint of each queue starts: `startOffsetInfo` of a POP response.
///
/// ```
/// use remoting_model::message::{PopQueue, PopTopic, StartOffsetInfo};
///
/// let info: StartOffsetInfo = "0 3 100;1 0 7".parse()?;
/// assert_eq!(info.0[&PopQueue::new(PopTopic::Retry, 0)], 7);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StartOffsetInfo(pub BTreeMap<PopQueue, i64>);

/// The offsets of the messages of each queue: `msgOffsetInfo` of a POP response.
///
/// ```
/// use remoting_model::message::{MsgOffsetInfo, PopQueue, PopTopic};
///
/// let info: MsgOffsetInfo = "0 3 100,101;1 0 7".parse()?;
/// assert_eq!(info.0[&PopQueue::new(PopTopic::Normal, 3)], [100, 101]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MsgOffsetInfo(pub BTreeMap<PopQueue, Vec<i64>>);

impl fmt::Display for StartOffsetInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut separator = "";
        for (queue, offset) in &self.0 {
            write!(f, "{separator}{} {} {offset}", queue.topic, queue.queue_id)?;
            separator = ";";
        }
        Ok(())
    }
}

impl fmt::Display for MsgOffsetInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut separator = "";
        for (queue, offsets) in self.0.iter().filter(|(_, offsets)| !offsets.is_empty()) {
            write!(f, "{separator}{} {}", queue.topic, queue.queue_id)?;
            let mut separator_of_offsets = ' ';
            for offset in offsets {
                write!(f, "{separator_of_offsets}{offset}")?;
                separator_of_offsets = ',';
            }
            separator = ";";
        }
        Ok(())
    }
}

impl FromStr for StartOffsetInfo {
    type Err = BadPopInfo;

    fn from_str(text: &str) -> Result<Self, BadPopInfo> {
        by_queue(text, |offset| parse(offset, "the offset")).map(Self)
    }
}

impl FromStr for MsgOffsetInfo {
    type Err = BadPopInfo;

    fn from_str(text: &str) -> Result<Self, BadPopInfo> {
        let offsets = |text: &str| {
            let offsets = text.trim_end_matches(',').split(',');
            offsets.map(|offset| parse(offset, "the offset")).collect()
        };
        by_queue(text, offsets).map(Self)
    }
}

fn by_queue<V>(
    text: &str,
    value: impl Fn(&str) -> Result<V, BadPopInfo>,
) -> Result<BTreeMap<PopQueue, V>, BadPopInfo> {
    let mut map = BTreeMap::new();
    for entry in entries(text) {
        let [topic, queue_id, text] = entry?;
        let queue = PopQueue { topic: topic.parse()?, queue_id: parse(queue_id, "the queue")? };
        insert_new(&mut map, queue, value(text)?)?;
    }
    Ok(map)
}

/// Inserts a value under a key that must be new.
pub(super) fn insert_new<K: Ord, V>(map: &mut BTreeMap<K, V>, key: K, value: V) -> Result<(), BadPopInfo> {
    match map.entry(key) {
        Entry::Vacant(vacant) => {
            vacant.insert(value);
            Ok(())
        }
        Entry::Occupied(_) => Err(BadPopInfo::Repeated),
    }
}
