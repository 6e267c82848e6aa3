//! Bodies: the JSON of Java's `RemotingSerializable`, protobuf messages, and [external bodies](ExternalBody).
//!
//! Java's JSON is not always valid JSON. fastjson does not quote map keys: a table of brokers is
//! `{0:"192.168.0.47:10911"}`, and a table of queues is `{{"brokerName":"b","queueId":0,"topic":"T"}:{…}}`.
//! fastjson 1 (RocketMQ up to 5.3) writes a repeated object as `{"$ref":"$.table.a"}`.
//!
//! * [`from_json`] reads all these forms. Maps with keys of any type work with derived serde implementations. It
//!   accepts the dialect of fastjson, as in headers: bare and single-quoted keys, single-quoted strings, trailing
//!   commas, `007` and `5L`. It converts values as Java does: numbers and booleans in strings, null or an empty
//!   string as zero, null as an empty list or map, the ordinal of an enum. The last of repeated fields counts.
//! * [`to_json`] writes a form that all Java releases read: integer keys are quoted, struct keys are objects,
//!   references are never written, and null members of structs and maps are omitted.
//!
//! **Null and absent** are the same in Java, which omits null members and sets absent fields to null, zero or
//! false. Use an `Option` or `#[serde(default)]` for a field that may be null in Java; put the attribute on the
//! whole struct if the struct is a `Default`. Without it, an absent list, map, number or bool is an error, while a
//! null is read as empty, zero or false.
//!
//! ```
//! use std::collections::BTreeMap;
//!
//! use remoting_protocol::body;
//! use serde::{Deserialize, Serialize};
//!
//! #[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
//! #[serde(rename_all = "camelCase")]
//! struct MessageQueue {
//!     broker_name: String,
//!     queue_id: i32,
//!     topic: String,
//! }
//!
//! #[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
//! #[serde(rename_all = "camelCase", default)]
//! struct Offsets {
//!     broker_addrs: BTreeMap<i64, String>,
//!     offset_table: BTreeMap<MessageQueue, i64>,
//!     filters: Vec<String>,
//!     note: Option<String>,
//! }
//!
//! let java = br#"{"brokerAddrs":{0:"a:1"},"offsetTable":{{"brokerName":"b","queueId":3,"topic":"T"}:7}}"#;
//! let offsets: Offsets = body::from_json(java)?;
//! assert_eq!(offsets.broker_addrs[&0], "a:1");
//! assert!(offsets.filters.is_empty() && offsets.note.is_none());
//!
//! let ours = body::to_json(&offsets)?;
//! assert!(ours.starts_with(br#"{"brokerAddrs":{"0":"a:1"},"offsetTable":{{"brokerName":"b","queueId""#));
//! # Ok::<(), remoting_protocol::BodyError>(())
//! ```
//!
//! Reading takes memory and time in proportion to the body. Strict JSON takes only the memory of its values. Other
//! JSON takes 12 bytes more per array and object, 36 while the body is scanned, and 24 per member of an object that
//! a reference passes through. References may repeat 32 bytes per byte of the body plus 256 KiB, and at most 64 MiB;
//! each repeated value counts as its text plus 32 bytes. Values nest at most 128 levels deep.

mod error;
mod external;
#[cfg(feature = "prost")]
mod proto;
mod read;
mod write;

use bytes::Bytes;
use serde::Serialize;
use serde::de::DeserializeOwned;

#[cfg(test)]
mod tests;

pub use self::error::BodyError;
pub use self::external::{Body, ExternalBody};
#[cfg(feature = "prost")]
pub use self::proto::{from_proto, to_proto};

/// Writes a value as a JSON body that every Java release can read. Equivalent of Java's
/// `RemotingSerializable.encode`.
///
/// Bytes (`serde_bytes`) become an array of signed numbers; `NaN` and infinities become null. A field or map entry
/// that is `None` or `()` is omitted, as Java omits null. A null element of a list is kept.
///
/// # Errors
///
/// Returns [`BodyError::Write`] if the `Serialize` implementation of `value` fails.
pub fn to_json<T: Serialize + ?Sized>(value: &T) -> Result<Bytes, BodyError> {
    let mut json = Vec::new();
    value.serialize(&mut write::JsonWriter::new(&mut json)).map_err(|error| BodyError::write::<T>(error))?;
    Ok(json.into())
}

/// Reads a value from a JSON body of any Java release or of [`to_json`]. Equivalent of Java's
/// `RemotingSerializable.decode`.
///
/// # Errors
///
/// Returns [`BodyError::Missing`] if the body is empty, and [`BodyError::Json`] if it is invalid JSON or does not
/// match `T`.
pub fn from_json<T: DeserializeOwned>(body: &[u8]) -> Result<T, BodyError> {
    read::from_json(body)
}
