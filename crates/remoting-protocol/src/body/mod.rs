//! Bodies: JSON as Java's `RemotingSerializable` writes it, protobuf messages, and [what is not in memory](ExternalBody).
//!
//! What Java calls JSON here is not always that. fastjson writes map keys as they are, so that a table of
//! brokers comes as `{0:"192.168.0.47:10911"}` and one of queues as
//! `{{"brokerName":"b","queueId":0,"topic":"T"}:{…}}`; fastjson 1 (RocketMQ up to 5.3) writes an object that
//! was written before as `{"$ref":"$.table.a"}`.
//!
//! * [`from_json`] reads all of it. Maps with keys of any type work through plain serde derives. It reads fastjson's
//!   dialect, as headers are read: bare and single-quoted keys, single-quoted strings, trailing commas, `007` and `5L`.
//!   It converts as Java does: numbers and booleans in strings, null or an empty string for zero, null for an empty
//!   list or map, an enum's ordinal, repeated fields, of which the last wins.
//! * [`to_json`] writes what all of it reads: integer keys quoted, keys that are structs as objects, never a
//!   reference, and no member that is null, of a struct or of a map.
//!
//! **Null and absent** are the same to Java, which leaves out members that are null and sets fields that are absent to
//! null, zero or false. So a field that Java may have null for is an `Option`, or has `#[serde(default)]`; put that on
//! the whole struct if it is a `Default`. Without it an absent list, map, number or bool is an error, though null there
//! is empty, zero or false.
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
//! Reading costs memory and time in proportion to the body, whatever it holds. Strict JSON takes what its values take.
//! What is not strict takes 12 bytes more for each array and object, three times that while it is read, and 24 for each
//! member of an object that a reference leads through. References may repeat as much as one value for each byte of the
//! body and 8 192 more, and no more than 64 MiB; a value counts as its text and 32 bytes. Values nest up to 128 deep.

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

/// Writes a value as a JSON body, readable by every Java release (`RemotingSerializable.encode`).
///
/// Bytes (`serde_bytes`) become an array of signed numbers, `NaN` and infinities null. A field or map entry that is
/// `None` or `()` is left out, as Java leaves out null; a null element of a list stays.
///
/// # Errors
///
/// [`BodyError::Write`] if the value's `Serialize` fails.
pub fn to_json<T: Serialize + ?Sized>(value: &T) -> Result<Bytes, BodyError> {
    let mut json = Vec::new();
    value.serialize(&mut write::JsonWriter::new(&mut json)).map_err(|error| BodyError::write::<T>(&error))?;
    Ok(json.into())
}

/// Reads a value from a JSON body written by any Java release or by [`to_json`]
/// (`RemotingSerializable.decode`).
///
/// # Errors
///
/// [`BodyError::Missing`] for an empty body, [`BodyError::Json`], with the place, for one that is not such
/// JSON or does not fit the type.
pub fn from_json<T: DeserializeOwned>(body: &[u8]) -> Result<T, BodyError> {
    read::from_json(body)
}
