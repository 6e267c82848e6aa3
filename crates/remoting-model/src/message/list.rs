//! A list of stored messages.

use std::iter::FusedIterator;

use remoting_protocol::bytes::{Bytes, BytesMut};
use remoting_protocol::operation::CommandBody;
use remoting_protocol::{Body, BodyError, RemotingCommand};

use super::{
    InnerMessages, MessageDecodeError, MessageDecodeErrorKind, MessageDecoder, MessageEncodeError, MessageExt,
};

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
    fn encode(self, command: &mut RemotingCommand) -> Result<Body, BodyError> {
        CommandBody::encode(self.bytes, command)
    }

    fn decode(command: &RemotingCommand) -> Result<Self, BodyError> {
        <Bytes as CommandBody>::decode(command).map(Self::from)
    }
}

impl MessageDecoder {
    /// Decodes the messages of a list one after another, with the settings of this decoder.
    #[must_use]
    pub fn messages(self, list: &MessageList) -> Messages {
        Messages { bytes: list.bytes.clone(), decoder: self, offset: 0, decompressed: 0, inner: None }
    }
}

/// Decodes stored messages one after another, and ends after the first error, as Java does. Made by
/// [`MessageList::iter`] and [`MessageDecoder::messages`].
#[derive(Clone, Debug)]
pub struct Messages {
    bytes: Bytes,
    decoder: MessageDecoder,
    offset: usize,
    decompressed: usize,
    /// What is left of an inner batch, and where in the list it is.
    inner: Option<(usize, Box<InnerMessages>)>,
}

impl Messages {
    /// Returns the position of the next stored message in bytes from the start of the list. After an error: the end.
    #[must_use]
    pub const fn offset(&self) -> usize {
        self.offset
    }

    /// Returns the next message of an inner batch.
    fn next_inner(&mut self) -> Option<Result<MessageExt, MessageDecodeError>> {
        let (offset, messages) = self.inner.as_mut()?;
        let offset = *offset;
        let Some(message) = messages.next() else {
            self.inner = None;
            return None;
        };
        Some(message.map_err(|error| {
            MessageDecodeError::new(MessageDecodeErrorKind::InnerBatch(Box::new(error)), offset, offset)
        }))
    }

    /// Returns the next stored message that is no inner batch, or starts with an inner batch.
    fn next_stored(&mut self) -> Result<Option<MessageExt>, MessageDecodeError> {
        let offset = self.offset;
        let (message, end) = self.decoder.decode_at(&self.bytes, offset, &mut self.decompressed)?;
        self.offset = end;
        if self.decoder.unwraps(&message) {
            self.inner = Some((offset, Box::new(message.inner_messages())));
            return Ok(None);
        }
        Ok(Some(message))
    }
}

impl Iterator for Messages {
    type Item = Result<MessageExt, MessageDecodeError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let next = match self.next_inner() {
                Some(message) => message.map(Some),
                None if self.offset < self.bytes.len() => self.next_stored(),
                None => return None,
            };
            match next {
                Ok(Some(message)) => return Some(Ok(message)),
                Ok(None) => {}
                Err(error) => {
                    self.offset = self.bytes.len();
                    self.inner = None;
                    return Some(Err(error));
                }
            }
        }
    }
}

impl FusedIterator for Messages {}
