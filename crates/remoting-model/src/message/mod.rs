//! Stored messages, batches and message ids.
//!
//! * [`MessageExt`] is a stored message. [`MessageList`] is the body of a pull, pop, view or query response; its
//!   iterator decodes one message after the other, and stops at the first that cannot be decoded.
//! * [`Message`] is a message to send. [`MessageBatch`] is the body of a `SEND_BATCH_MESSAGE` request.
//! * [`MessageProperties`] has the properties of both, and [`property`] their names.
//! * [`MessageId`] names a message by its broker and its position there, [`UniqueId`] by the client that created it.
//! * [`ExtraInfo`] is the handle of a message that was received by POP.
//! * [`CompressionType`] compresses and decompresses bodies. Each needs a cargo feature.
//!
//! ```
//! use remoting_model::message::{Message, MessageExt, MessageList};
//!
//! let stored = MessageExt {
//!     queue_id: 3,
//!     queue_offset: 100,
//!     ..MessageExt::from(Message::new("orders", "one pizza").with_tags("food"))
//! };
//! let list = MessageList::encode([&stored])?;
//!
//! for message in &list {
//!     let message = message?;
//!     assert_eq!(message.properties.tags(), Some("food"));
//!     assert_eq!(&message.body[..], b"one pizza");
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Decoding copies no body: a body is a slice of the list, unless it was compressed. It allocates nothing before it
//! has checked the lengths, and it does not panic, whatever the bytes are.

mod batch;
mod compressed_body;
mod compression;
mod crc;
mod decode;
mod encode;
mod error;
mod field_reader;
mod inner_batch;
mod list;
mod message_ext;
mod message_id;
mod outgoing;
mod pop;
mod properties;
pub mod property;
mod sys_flag;
mod unique_id;

#[cfg(test)]
mod tests;

pub use self::batch::{BatchMessages, MessageBatch};
pub use self::compression::{CompressionError, CompressionType};
pub use self::crc::body_crc;
pub use self::decode::MessageDecoder;
pub use self::error::{MessageDecodeError, MessageDecodeErrorKind, MessageEncodeError};
pub use self::inner_batch::InnerMessages;
pub use self::list::{MessageList, Messages};
pub use self::message_ext::MessageExt;
pub use self::message_id::{BadMessageId, MessageId};
pub use self::outgoing::Message;
pub use self::pop::{
    BadPopInfo, ExtraInfo, MsgOffsetInfo, OrderCountInfo, OrderCountKey, PopQueue, PopTopic, StartOffsetInfo,
    lite_order_counts,
};
pub use self::properties::MessageProperties;
pub use self::sys_flag::{MessageSysFlag, TransactionType};
pub use self::unique_id::{UniqueId, UniqueIdGenerator};
