//! A list of stored messages.

use std::iter::FusedIterator;

use remoting_protocol::bytes::{Bytes, BytesMut};
use remoting_protocol::operation::CommandBody;
use remoting_protocol::{Body, BodyError, RemotingCommand};

use super::{MessageDecodeError, MessageDecoder, MessageEncodeError, MessageExt};

/// The encoded messages of a pull, pop, view or query response.
///
/// Nothing is decoded before it is read. [`iter`](Self::iter) decodes with the settings of a client,
/// [`MessageDecoder::messages`] with others.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MessageList {
    bytes: Bytes,
}

impl MessageList {
    /// Encodes messages one after another.
    ///
    /// # Errors
    ///
    /// Returns the error of the first message that cannot be encoded, see [`MessageExt::encode`].
    pub fn encode<'a>(
        messages: impl IntoIterator<Item = &'a MessageExt>,
    ) -> Result<Self, MessageEncodeError> {
        let mut bytes = BytesMut::new();
        messages.into_iter().try_for_each(|message| message.encode_to(&mut bytes))?;
        Ok(bytes.freeze().into())
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

    /// Returns whether the list has no bytes, and so no messages.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// Decodes the messages one after another. To collect them: `list.iter().collect::<Result<Vec<_>, _>>()`.
    pub fn iter(&self) -> Messages {
        MessageDecoder::new().messages(self)
    }
}

impl From<Bytes> for MessageList {
    fn from(bytes: Bytes) -> Self {
        Self { bytes }
    }
}

impl IntoIterator for &MessageList {
    type Item = Result<MessageExt, MessageDecodeError>;
    type IntoIter = Messages;

    fn into_iter(self) -> Messages {
        self.iter()
    }
}

/// Reading and writing a list copies nothing, and decodes nothing.
impl CommandBody for MessageList {
    fn encode(self, command: &RemotingCommand) -> Result<Body, BodyError> {
        CommandBody::encode(self.bytes, command)
    }

    fn decode(command: &RemotingCommand) -> Result<Self, BodyError> {
        <Bytes as CommandBody>::decode(command).map(Self::from)
    }
}

/// Decodes stored messages one after another, and ends after the first error, as Java does. Made by
/// [`MessageList::iter`] and [`MessageDecoder::messages`].
#[derive(Clone, Debug)]
pub struct Messages {
    bytes: Bytes,
    decoder: MessageDecoder,
    offset: usize,
}

impl Messages {
    pub(super) const fn new(bytes: Bytes, decoder: MessageDecoder) -> Self {
        Self { bytes, decoder, offset: 0 }
    }

    /// Returns the position of the next message in bytes from the start of the list. After an error: the end.
    #[must_use]
    pub const fn offset(&self) -> usize {
        self.offset
    }
}

impl Iterator for Messages {
    type Item = Result<MessageExt, MessageDecodeError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.offset >= self.bytes.len() {
            return None;
        }
        Some(match self.decoder.decode_at(&self.bytes, self.offset) {
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

impl FusedIterator for Messages {}
