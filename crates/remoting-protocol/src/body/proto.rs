//! Protobuf bodies.

use std::any::type_name;

use bytes::Bytes;
use prost::Message;

use super::BodyError;

/// Writes a protobuf message as a body. A message with only default values is empty, which on the wire is the
/// same as no body.
pub fn to_proto<M: Message>(message: &M) -> Bytes {
    message.encode_to_vec().into()
}

/// Reads a protobuf message from a body. No body is the message with its default values.
///
/// # Errors
///
/// [`BodyError::Proto`] if the bytes are no such message.
pub fn from_proto<M: Message + Default>(body: impl bytes::Buf) -> Result<M, BodyError> {
    M::decode(body).map_err(|source| BodyError::Proto { expected: type_name::<M>(), source })
}
