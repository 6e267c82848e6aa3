//! Encodes stored messages.

use std::net::{IpAddr, SocketAddr};

use remoting_protocol::bytes::{BufMut, Bytes, BytesMut};

use super::decode::{MAGIC_CODE_V1, MAGIC_CODE_V2};
use super::{MessageEncodeError, MessageExt, MessageProperties};

/// The longest topic of a message whose topic has a length of one byte.
const MAX_TOPIC_V1: usize = i8::MAX as usize;

impl MessageExt {
    /// Encodes the message in the form of a stored message.
    ///
    /// The body and its checksum are written as they are, so a body must be compressed if the system flag says so. A
    /// topic of more than 127 bytes needs readers of version 5.0 or later.
    ///
    /// # Errors
    ///
    /// Returns a [`MessageEncodeError`] if the topic or the properties have more than 32767 bytes or the message more
    /// than 2 GiB, or if a property cannot be written.
    pub fn encode(&self) -> Result<Bytes, MessageEncodeError> {
        let mut out = BytesMut::with_capacity(self.body.len() + self.topic.len() + 256);
        self.encode_to(&mut out)?;
        Ok(out.freeze())
    }

    /// Appends the message in the form of a stored message, like [`encode`](Self::encode).
    ///
    /// # Errors
    ///
    /// Returns the errors of [`encode`](Self::encode). Nothing is appended then.
    pub fn encode_to(&self, out: &mut BytesMut) -> Result<(), MessageEncodeError> {
        let start = out.len();
        self.append(out).inspect_err(|_| out.truncate(start))
    }

    fn append(&self, out: &mut BytesMut) -> Result<(), MessageEncodeError> {
        let start = out.len();
        out.put_i32(0); // the total size, once it is known
        let is_v1 = self.topic.len() <= MAX_TOPIC_V1;
        out.put_u32(if is_v1 { MAGIC_CODE_V1 } else { MAGIC_CODE_V2 });
        out.put_i32(self.body_crc);
        out.put_i32(self.queue_id);
        out.put_i32(self.flag);
        out.put_i64(self.queue_offset);
        out.put_i64(self.commit_log_offset);
        out.put_i32(self.sys_flag.with_hosts(self.born_host, self.store_host).0);
        out.put_i64(self.born_timestamp);
        put_host(out, self.born_host);
        out.put_i64(self.store_timestamp);
        put_host(out, self.store_host);
        out.put_i32(self.reconsume_times);
        out.put_i64(self.prepared_transaction_offset);
        put_body(out, &self.body)?;
        let topic_length = i16::try_from(self.topic.len())
            .map_err(|_| too_long("the topic", self.topic.len(), i16::MAX as usize))?;
        match i8::try_from(topic_length) {
            Ok(length) if is_v1 => out.put_i8(length),
            _ => out.put_i16(topic_length),
        }
        out.put_slice(self.topic.as_bytes());
        put_properties(out, &self.properties)?;
        put_size(out, start)
    }
}

fn too_long(field: &'static str, length: usize, limit: usize) -> MessageEncodeError {
    MessageEncodeError::TooLong { field, length, limit }
}

fn put_host(out: &mut BytesMut, host: SocketAddr) {
    match host.ip() {
        IpAddr::V4(ip) => out.put_slice(&ip.octets()),
        IpAddr::V6(ip) => out.put_slice(&ip.octets()),
    }
    out.put_i32(host.port().into());
}

/// Appends a body with its length.
pub(super) fn put_body(out: &mut BytesMut, body: &[u8]) -> Result<(), MessageEncodeError> {
    let length =
        i32::try_from(body.len()).map_err(|_| too_long("the body", body.len(), i32::MAX as usize))?;
    out.put_i32(length);
    out.put_slice(body);
    Ok(())
}

/// Appends properties with their length.
pub(super) fn put_properties(
    out: &mut BytesMut,
    properties: &MessageProperties,
) -> Result<(), MessageEncodeError> {
    let at = out.len();
    out.put_i16(0);
    properties.write(&mut |part| out.put_slice(part.as_bytes()))?;
    let length = out.len() - at - 2;
    let stated = i16::try_from(length).map_err(|_| too_long("the properties", length, i16::MAX as usize))?;
    if let Some(field) = out.get_mut(at..at + 2) {
        field.copy_from_slice(&stated.to_be_bytes());
    }
    Ok(())
}

/// Sets the total size of the message that starts at an offset and ends with `out`.
pub(super) fn put_size(out: &mut BytesMut, start: usize) -> Result<(), MessageEncodeError> {
    let size = out.len() - start;
    let stated = i32::try_from(size).map_err(|_| too_long("the message", size, i32::MAX as usize))?;
    if let Some(field) = out.get_mut(start..start + 4) {
        field.copy_from_slice(&stated.to_be_bytes());
    }
    Ok(())
}
