//! Protobuf bodies.

use std::any::type_name;

use bytes::Bytes;
use prost::Message;

use super::BodyError;

/// Writes a protobuf message as a body. A message with default values is empty, which equals an absent body on the
/// wire.
pub fn to_proto<M: Message>(message: &M) -> Bytes {
    message.encode_to_vec().into()
}

/// Reads a protobuf message from a body. An empty body is a message with default values.
///
/// # Errors
///
/// Returns [`BodyError::Proto`] if the bytes are not a valid `M`.
pub fn from_proto<M: Message + Default>(body: impl bytes::Buf) -> Result<M, BodyError> {
    M::decode(body).map_err(|source| BodyError::Proto { expected: type_name::<M>(), source })
}
