//! Batches of messages to send.

use std::iter::FusedIterator;
use std::sync::Arc;

use remoting_protocol::bytes::{BufMut, Bytes, BytesMut};
use remoting_protocol::operation::CommandBody;
use remoting_protocol::{Body, BodyError, RemotingCommand};

use super::encode::{put_body, put_properties, put_size};
use super::field_reader::FieldReader;
use super::{Message, MessageDecodeError, MessageEncodeError, MessageProperties};

/// The size of a message without body and properties.
const LEAST_SIZE: usize = 22;

/// The encoded messages of a `SEND_BATCH_MESSAGE` request, or of an inner batch. Equivalent of Java's `MessageBatch`.
///
/// All messages have one topic, which is not part of the batch: the header of the request has it.
///
/// ```
/// use remoting_model::message::{Message, MessageBatch};
///
/// let batch = MessageBatch::encode(&[Message::new("orders", "pizza"), Message::new("orders", "pasta")])?;
///
/// for message in batch.messages("orders") {
///     assert_eq!(&*message?.topic, "orders");
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MessageBatch {
    bytes: Bytes,
}

impl MessageBatch {
    /// Encodes messages one after another: their flags, bodies and properties.
    ///
    /// Brokers refuse a batch with delayed messages, and take the topic and
    /// [`wait_store_msg_ok`](MessageProperties::wait_store_msg_ok) for all messages from the request's header. This is
    /// for the caller to heed.
    ///
    /// # Errors
    ///
    /// Returns a [`MessageEncodeError`] if a body has more than 2 GiB or properties have more than 32767 bytes, or if a
    /// property cannot be written.
    pub fn encode<'a>(messages: impl IntoIterator<Item = &'a Message>) -> Result<Self, MessageEncodeError> {
        let mut out = BytesMut::new();
        for message in messages {
            let start = out.len();
            out.put_i32(0); // the total size, once it is known
            out.put_i32(0); // a magic code and a checksum, which readers skip
            out.put_i32(0);
            out.put_i32(message.flag);
            put_body(&mut out, &message.body)?;
            put_properties(&mut out, &message.properties)?;
            put_size(&mut out, start)?;
        }
        Ok(out.freeze().into())
    }

    /// Returns the bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &Bytes {
        &self.bytes
    }

    /// Returns the bytes without a copy.
    #[must_use]
    pub fn into_bytes(self) -> Bytes {
        self.bytes
    }

    /// Returns whether the batch has no bytes, and so no messages.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// Decodes the messages one after another, and gives them this topic.
    #[must_use]
    pub fn messages(&self, topic: impl Into<Arc<str>>) -> BatchMessages {
        BatchMessages { bytes: self.bytes.clone(), topic: topic.into(), offset: 0 }
    }
}

impl From<Bytes> for MessageBatch {
    fn from(bytes: Bytes) -> Self {
        Self { bytes }
    }
}

/// Reading and writing a batch copies nothing, and decodes nothing.
impl CommandBody for MessageBatch {
    fn encode(self, command: &mut RemotingCommand) -> Result<Body, BodyError> {
        CommandBody::encode(self.bytes, command)
    }

    fn decode(command: &RemotingCommand) -> Result<Self, BodyError> {
        <Bytes as CommandBody>::decode(command).map(Self::from)
    }
}

/// Decodes the messages of a batch one after another, and ends after the first error. Made by
/// [`MessageBatch::messages`].
#[derive(Clone, Debug)]
pub struct BatchMessages {
    bytes: Bytes,
    topic: Arc<str>,
    offset: usize,
}

impl BatchMessages {
    fn decode(&self) -> Result<(Message, usize), MessageDecodeError> {
        let mut reader = FieldReader::at_message(&self.bytes, self.offset, LEAST_SIZE)?;
        reader.i32("the magic code")?;
        reader.i32("the checksum")?;
        let flag = reader.i32("the flag")?;
        let body_length = reader.i32("the length of the body")?;
        let body = reader.bytes(body_length, "the body")?;
        let properties_length = reader.i16("the length of the properties")?;
        let properties = reader.slice(properties_length.into(), "the properties")?;
        let properties = MessageProperties::from_bytes(properties);
        Ok((Message { topic: Arc::clone(&self.topic), flag, properties, body }, reader.end()))
    }
}

impl Iterator for BatchMessages {
    type Item = Result<Message, MessageDecodeError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.offset >= self.bytes.len() {
            return None;
        }
        Some(match self.decode() {
            Ok((message, end)) => {
                self.offset = end;
                Ok(message)
            }
            Err(error) => {
                self.offset = self.bytes.len();
                Err(error)
            }
        })
    }
}

impl FusedIterator for BatchMessages {}
