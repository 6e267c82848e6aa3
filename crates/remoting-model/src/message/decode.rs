//! Decodes stored messages.

use remoting_protocol::bytes::Bytes;

use super::field_reader::FieldReader;
use super::{
    CompressionError, CompressionType, MessageDecodeError, MessageDecodeErrorKind, MessageExt,
    MessageProperties, MessageSysFlag, body_crc,
};

/// The magic code of a message whose topic has a length of one byte.
pub(super) const MAGIC_CODE_V1: u32 = 0xdaa3_20a7;
/// The magic code of a message whose topic has a length of two bytes. Since 5.0.
pub(super) const MAGIC_CODE_V2: u32 = 0xdaa3_20ab;

/// The size of a message with IPv4 hosts, without topic, properties and body.
const LEAST_SIZE: usize = 91;

/// Decodes stored messages. Equivalent of Java's `MessageDecoder`.
///
/// The default settings are those of a Java client: checksums are not compared, bodies are decompressed, and inner
/// batches are unwrapped.
#[derive(Clone, Debug)]
pub struct MessageDecoder {
    check_crc: bool,
    decompress: bool,
    max_decompressed: usize,
    unwrap_inner_batches: bool,
}

impl Default for MessageDecoder {
    fn default() -> Self {
        Self { check_crc: false, decompress: true, max_decompressed: 64 << 20, unwrap_inner_batches: true }
    }
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

    /// Sets whether compressed bodies are decompressed. True by default. The system flag of a message shows afterwards
    /// whether its body is compressed.
    #[must_use]
    pub const fn decompress(mut self, decompress: bool) -> Self {
        self.decompress = decompress;
        self
    }

    /// Sets how many bytes the decompressed bodies of one list may have together. 64 MiB by default.
    #[must_use]
    pub const fn max_decompressed(mut self, bytes: usize) -> Self {
        self.max_decompressed = bytes;
        self
    }

    /// Sets whether the messages of an inner batch that [needs it](MessageExt::needs_unwrap) are returned in its place.
    /// True by default. Only for lists: [`decode`](Self::decode) returns one message.
    #[must_use]
    pub const fn unwrap_inner_batches(mut self, unwrap: bool) -> Self {
        self.unwrap_inner_batches = unwrap;
        self
    }

    /// Decodes the message at the start of the bytes.
    ///
    /// # Errors
    ///
    /// Returns a [`MessageDecodeError`] if the bytes do not start with a message.
    pub fn decode(&self, bytes: &Bytes) -> Result<MessageExt, MessageDecodeError> {
        self.decode_at(bytes, 0, &mut 0).map(|(message, _)| message)
    }

    /// Returns whether a message is to be unwrapped.
    pub(super) const fn unwraps(&self, message: &MessageExt) -> bool {
        self.unwrap_inner_batches && message.needs_unwrap()
    }

    /// Decodes the message at an offset, and returns it with its end. Adds to `decompressed` the length of a body that
    /// was decompressed.
    pub(super) fn decode_at(
        &self,
        bytes: &Bytes,
        offset: usize,
        decompressed: &mut usize,
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
        let mut sys_flag = MessageSysFlag(reader.i32("the system flag")?);
        let born_timestamp = reader.i64("the born timestamp")?;
        let born_host = reader.host(sys_flag.contains(MessageSysFlag::BORN_HOST_V6), "the born host")?;
        let store_timestamp = reader.i64("the store timestamp")?;
        let store_host = reader.host(sys_flag.contains(MessageSysFlag::STORE_HOST_V6), "the store host")?;
        let reconsume_times = reader.i32("the reconsume times")?;
        let prepared_transaction_offset = reader.i64("the prepared transaction offset")?;

        let body_length = reader.i32("the length of the body")?;
        let mut body = reader.bytes(body_length, "the body")?;
        if self.check_crc && !body.is_empty() {
            let computed = body_crc(&body);
            if computed != stored_crc {
                return Err(reader.error(MessageDecodeErrorKind::BodyCrc { stored: stored_crc, computed }));
            }
        }

        if self.decompress && sys_flag.contains(MessageSysFlag::COMPRESSED) && !body.is_empty() {
            body = self
                .decompress_body(sys_flag, &body, decompressed)
                .map_err(|error| reader.error(MessageDecodeErrorKind::Compression(error)))?;
            sys_flag = sys_flag.with(MessageSysFlag::COMPRESSED, false);
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

    fn decompress_body(
        &self,
        sys_flag: MessageSysFlag,
        body: &[u8],
        decompressed: &mut usize,
    ) -> Result<Bytes, CompressionError> {
        let limit = self.max_decompressed.saturating_sub(*decompressed);
        let body = CompressionType::of(sys_flag)?.decompress(body, limit).map_err(|error| match error {
            CompressionError::TooLong { .. } => CompressionError::TooLong { limit: self.max_decompressed },
            other => other,
        })?;
        *decompressed += body.len();
        Ok(body.into())
    }
}
