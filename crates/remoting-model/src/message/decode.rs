//! Decodes stored messages.

use remoting_protocol::bytes::Bytes;

use super::field_reader::FieldReader;
use super::{
    MessageDecodeError, MessageDecodeErrorKind, MessageExt, MessageList, MessageProperties, MessageSysFlag,
    Messages, body_crc,
};

/// The magic code of a message whose topic has a length of one byte.
pub(super) const MAGIC_CODE_V1: u32 = 0xdaa3_20a7;
/// The magic code of a message whose topic has a length of two bytes. Since 5.0.
pub(super) const MAGIC_CODE_V2: u32 = 0xdaa3_20ab;

/// The size of a message with IPv4 hosts, without topic, properties and body.
const LEAST_SIZE: usize = 91;

/// Decodes stored messages. Equivalent of Java's `MessageDecoder`.
///
/// The default settings are those of a Java client.
#[derive(Clone, Debug, Default)]
pub struct MessageDecoder {
    check_crc: bool,
}

impl MessageDecoder {
    /// Creates a decoder with the default settings.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets whether a body must match its checksum. An empty body always does. False by default.
    #[must_use]
    pub const fn check_crc(mut self, check: bool) -> Self {
        self.check_crc = check;
        self
    }

    /// Decodes the message at the start of the bytes.
    ///
    /// # Errors
    ///
    /// Returns a [`MessageDecodeError`] if the bytes do not start with a message.
    pub fn decode(&self, bytes: &Bytes) -> Result<MessageExt, MessageDecodeError> {
        self.decode_at(bytes, 0).map(|(message, _)| message)
    }

    /// Decodes the messages of a list with the settings of this decoder.
    #[must_use]
    pub fn messages(self, list: &MessageList) -> Messages {
        Messages::new(list.as_bytes().clone(), self)
    }

    /// Decodes the message at an offset. Returns it with its end.
    pub(super) fn decode_at(
        &self,
        bytes: &Bytes,
        offset: usize,
    ) -> Result<(MessageExt, usize), MessageDecodeError> {
        let mut reader = FieldReader::at_message(bytes, offset, LEAST_SIZE)?;
        let store_size = reader.size();
        let magic_code = reader.i32("the magic code")?.cast_unsigned();
        if !matches!(magic_code, MAGIC_CODE_V1 | MAGIC_CODE_V2) {
            return Err(reader.error(MessageDecodeErrorKind::MagicCode(magic_code)));
        }
        let stored_crc = reader.i32("the checksum")?;
        let queue_id = reader.i32("the queue id")?;
        let flag = reader.i32("the flag")?;
        let queue_offset = reader.i64("the queue offset")?;
        let commit_log_offset = reader.i64("the commit-log offset")?;
        let sys_flag = MessageSysFlag(reader.i32("the system flag")?);
        let born_timestamp = reader.i64("the born timestamp")?;
        let born_host = reader.host(sys_flag.contains(MessageSysFlag::BORN_HOST_V6), "the born host")?;
        let store_timestamp = reader.i64("the store timestamp")?;
        let store_host = reader.host(sys_flag.contains(MessageSysFlag::STORE_HOST_V6), "the store host")?;
        let reconsume_times = reader.i32("the reconsume times")?;
        let prepared_transaction_offset = reader.i64("the prepared transaction offset")?;

        let body_length = reader.i32("the length of the body")?;
        let body = reader.bytes(body_length, "the body")?;
        if self.check_crc && !body.is_empty() {
            let computed = body_crc(&body);
            if computed != stored_crc {
                return Err(reader.error(MessageDecodeErrorKind::BodyCrc { stored: stored_crc, computed }));
            }
        }

        let topic_length = match magic_code {
            MAGIC_CODE_V1 => reader.i8("the length of the topic")?.into(),
            _ => reader.i16("the length of the topic")?.into(),
        };
        let topic = reader.slice(topic_length, "the topic")?;
        let properties_length = reader.i16("the length of the properties")?;
        let properties = reader.slice(properties_length.into(), "the properties")?;

        let message = MessageExt {
            topic: String::from_utf8_lossy(topic).into(),
            flag,
            properties: MessageProperties::from_bytes(properties),
            body,
            queue_id,
            store_size,
            queue_offset,
            sys_flag,
            born_timestamp,
            born_host,
            store_timestamp,
            store_host,
            commit_log_offset,
            body_crc: stored_crc,
            reconsume_times,
            prepared_transaction_offset,
        };
        Ok((message, reader.end()))
    }
}
