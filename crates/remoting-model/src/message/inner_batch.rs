//! Inner batches.

use remoting_protocol::bytes::Bytes;

use super::{BatchMessages, MessageBatch, MessageDecodeError, MessageExt, MessageSysFlag};

impl MessageExt {
    /// Returns whether the message is an inner batch that its consumer unwraps: a batch that the broker has stored as
    /// one message. Since 5.0.
    #[must_use]
    pub const fn needs_unwrap(&self) -> bool {
        self.sys_flag.contains(MessageSysFlag::INNER_BATCH)
            && self.sys_flag.contains(MessageSysFlag::NEED_UNWRAP)
    }

    /// Decodes the messages of an inner batch one after another, whether or not it [needs it](Self::needs_unwrap).
    /// Offsets of errors count from the start of the body.
    ///
    /// A message has the topic, queue, hosts, times and system flag of the batch, and the offset at its place in the
    /// queue. What else the broker stores is 0. Equivalent of Java's `MessageDecoder.decodeMessage(MessageExt, List)`.
    #[must_use]
    pub fn inner_messages(&self) -> InnerMessages {
        let topic = self.topic.clone();
        let messages = MessageBatch::from(self.body.clone()).messages(topic);
        InnerMessages { batch: Self { body: Bytes::new(), ..self.clone() }, messages, read: 0 }
    }
}

/// Decodes the messages of an inner batch, and ends after the first error. Made by [`MessageExt::inner_messages`].
#[derive(Clone, Debug)]
pub struct InnerMessages {
    batch: MessageExt,
    messages: BatchMessages,
    read: i64,
}

impl Iterator for InnerMessages {
    type Item = Result<MessageExt, MessageDecodeError>;

    fn next(&mut self) -> Option<Self::Item> {
        let message = match self.messages.next()? {
            Ok(message) => message,
            Err(error) => return Some(Err(error)),
        };
        let Self { batch, read, .. } = self;
        let mut properties = message.properties;
        properties.set_wait_store_msg_ok(batch.properties.wait_store_msg_ok());
        let message = MessageExt {
            topic: message.topic,
            flag: message.flag,
            properties,
            body: message.body,
            queue_id: batch.queue_id,
            store_size: 0,
            queue_offset: batch.queue_offset.wrapping_add(*read),
            sys_flag: batch.sys_flag,
            born_timestamp: batch.born_timestamp,
            born_host: batch.born_host,
            store_timestamp: batch.store_timestamp,
            store_host: batch.store_host,
            commit_log_offset: batch.commit_log_offset,
            body_crc: 0,
            reconsume_times: 0,
            prepared_transaction_offset: 0,
        };
        *read += 1;
        Some(Ok(message))
    }
}
