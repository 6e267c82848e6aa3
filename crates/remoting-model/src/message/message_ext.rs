//! A stored message.

use std::borrow::Cow;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use remoting_protocol::bytes::Bytes;

use super::{Message, MessageId, MessageProperties, MessageSysFlag};

/// A message that a broker has stored. Equivalent of Java's `MessageExt`.
///
/// `MessageExt::default()` is an empty message from and at `0.0.0.0:0`, for struct update syntax:
///
/// ```
/// use remoting_model::message::{MessageExt, body_crc};
///
/// let body = "one pizza";
/// let message = MessageExt {
///     topic: "orders".into(),
///     body: body.into(),
///     body_crc: body_crc(body.as_bytes()),
///     store_host: "192.168.0.47:10911".parse()?,
///     ..MessageExt::default()
/// };
/// # Ok::<(), std::net::AddrParseError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageExt {
    /// The topic.
    pub topic: Arc<str>,
    /// A number that the sending application chose. RocketMQ does not look at it.
    pub flag: i32,
    /// The properties.
    pub properties: MessageProperties,
    /// The body.
    pub body: Bytes,
    /// The number of the queue.
    pub queue_id: i32,
    /// The size in the store in bytes. Decoding sets it; encoding computes it anew. 0 for a message of an inner batch.
    pub store_size: usize,
    /// The position in the queue, in messages.
    pub queue_offset: i64,
    /// The system flag. Encoding sets the bits of the hosts by the hosts' addresses.
    pub sys_flag: MessageSysFlag,
    /// The time of creation in milliseconds since 1970, by the clock of the producer.
    pub born_timestamp: i64,
    /// The producer.
    pub born_host: SocketAddr,
    /// The time of storage in milliseconds since 1970, by the clock of the broker.
    pub store_timestamp: i64,
    /// The broker.
    pub store_host: SocketAddr,
    /// The position in the commit log in bytes. Called the physical offset as well.
    pub commit_log_offset: i64,
    /// The checksum of the stored body, compressed if that is. See [`body_crc`](super::body_crc).
    pub body_crc: i32,
    /// How often the message was consumed without success.
    pub reconsume_times: i32,
    /// For a message that ends a transaction: the offset of the half message.
    pub prepared_transaction_offset: i64,
}

impl MessageExt {
    /// Returns the message id: that of the client that sent the message, or else the offset id. Equivalent of Java's
    /// `MessageClientExt.getMsgId`.
    #[must_use]
    pub fn msg_id(&self) -> Cow<'_, str> {
        match self.properties.uniq_key() {
            Some(id) => Cow::Borrowed(id),
            None => Cow::Owned(self.offset_msg_id().to_string()),
        }
    }

    /// Returns the offset id, by which a broker finds the message. Equivalent of Java's
    /// `MessageClientExt.getOffsetMsgId`.
    #[must_use]
    pub const fn offset_msg_id(&self) -> MessageId {
        MessageId::new(self.store_host, self.commit_log_offset)
    }
}

impl Default for MessageExt {
    fn default() -> Self {
        Message::default().into()
    }
}

impl From<Message> for MessageExt {
    fn from(message: Message) -> Self {
        let nowhere = SocketAddr::new(Ipv4Addr::UNSPECIFIED.into(), 0);
        Self {
            topic: message.topic,
            flag: message.flag,
            properties: message.properties,
            body_crc: super::body_crc(&message.body),
            body: message.body,
            queue_id: 0,
            store_size: 0,
            queue_offset: 0,
            sys_flag: MessageSysFlag::default(),
            born_timestamp: 0,
            born_host: nowhere,
            store_timestamp: 0,
            store_host: nowhere,
            commit_log_offset: 0,
            reconsume_times: 0,
            prepared_transaction_offset: 0,
        }
    }
}

impl From<MessageExt> for Message {
    fn from(message: MessageExt) -> Self {
        Self { topic: message.topic, flag: message.flag, properties: message.properties, body: message.body }
    }
}
