//! The messages and offsets of a broker double.

use std::collections::{BTreeMap, HashMap};

use remoting::model::message::{MessageExt, body_crc};

/// A queue: a topic and its number.
pub(super) type QueueKey = (String, i32);

/// All messages and offsets, in memory.
#[derive(Debug)]
pub(super) struct Store {
    /// The number of queues of each topic.
    pub(super) topics: BTreeMap<String, i32>,
    queues: HashMap<QueueKey, Vec<MessageExt>>,
    offsets: HashMap<(String, QueueKey), i64>,
    messages: usize,
    max_messages: usize,
    /// The position of the next message in a commit log that does not exist.
    next_position: i64,
}

/// Why a message is not stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum NotStored {
    #[error("the broker double does not have the topic")]
    UnknownTopic,
    #[error("the topic has no queue {0}")]
    UnknownQueue(i32),
    #[error("the broker double has no room for another message")]
    Full,
}

impl Store {
    pub(super) fn new(topics: BTreeMap<String, i32>, max_messages: usize) -> Self {
        Self {
            topics,
            queues: HashMap::new(),
            offsets: HashMap::new(),
            messages: 0,
            max_messages,
            next_position: 0,
        }
    }

    /// Appends a message to its queue, and sets its offsets. A negative queue id means any queue.
    pub(super) fn append(&mut self, mut message: MessageExt) -> Result<MessageExt, NotStored> {
        let queues = *self.topics.get(&*message.topic).ok_or(NotStored::UnknownTopic)?;
        if message.queue_id < 0 {
            message.queue_id = i32::try_from(self.messages).unwrap_or(0).rem_euclid(queues.max(1));
        }
        if message.queue_id >= queues {
            return Err(NotStored::UnknownQueue(message.queue_id));
        }
        if self.messages >= self.max_messages {
            return Err(NotStored::Full);
        }
        let queue = self.queues.entry((message.topic.to_string(), message.queue_id)).or_default();
        message.queue_offset = i64::try_from(queue.len()).unwrap_or(i64::MAX);
        message.commit_log_offset = self.next_position;
        message.body_crc = body_crc(&message.body);
        self.next_position += i64::try_from(message.body.len()).unwrap_or(0) + 256;
        self.messages += 1;
        queue.push(message.clone());
        Ok(message)
    }

    /// Returns up to `count` messages of a queue from an offset on.
    pub(super) fn read(&self, key: &QueueKey, offset: i64, count: i32) -> &[MessageExt] {
        let queue = self.queues.get(key).map_or(&[][..], Vec::as_slice);
        let from = usize::try_from(offset).unwrap_or(0).min(queue.len());
        let count = usize::try_from(count).unwrap_or(0).min(queue.len() - from);
        &queue[from..from + count]
    }

    /// Returns the offset after the last message. The first message has the offset 0.
    pub(super) fn max_offset(&self, key: &QueueKey) -> i64 {
        self.queues.get(key).map_or(0, |queue| i64::try_from(queue.len()).unwrap_or(i64::MAX))
    }

    /// Returns the offset of the first message that was stored at this time or later.
    pub(super) fn offset_at(&self, key: &QueueKey, timestamp: i64) -> i64 {
        let queue = self.queues.get(key).map_or(&[][..], Vec::as_slice);
        let before = queue.partition_point(|message| message.store_timestamp < timestamp);
        i64::try_from(before).unwrap_or(i64::MAX)
    }

    pub(super) fn messages(&self, topic: &str) -> Vec<MessageExt> {
        let mut queues: Vec<_> = self.queues.iter().filter(|((of, _), _)| of == topic).collect();
        queues.sort_by_key(|((_, id), _)| *id);
        queues.into_iter().flat_map(|(_, messages)| messages.iter().cloned()).collect()
    }

    pub(super) fn offset(&self, group: &str, key: &QueueKey) -> Option<i64> {
        self.offsets.get(&(group.to_owned(), key.clone())).copied()
    }

    pub(super) fn set_offset(&mut self, group: &str, key: QueueKey, offset: i64) {
        self.offsets.insert((group.to_owned(), key), offset);
    }
}
