//! Inherited fields: a struct flattened into a typed header.

use std::collections::BTreeMap;

use serde::de::{DeserializeOwned, Deserializer, Error};

use super::super::{ExtFields, check_lengths, entries};
use super::from_entries;

/// A flattened struct, each field read from its text as its type asks, as if it stood in the header itself.
///
/// Many of Java's headers inherit fields from `RpcRequestHeader` or `TopicRequestHeader`. A struct of those is flattened
/// into each header; serde alone would show it every field as text, which no number or bool is read from.
///
/// ```
/// use remoting_protocol::{RemotingCommand, RequestCode};
/// use serde::{Deserialize, Serialize};
///
/// #[derive(Serialize, Deserialize)]
/// struct RpcRequestHeader {
///     bname: Option<String>,
///     nsd: Option<bool>,
/// }
///
/// #[derive(Serialize, Deserialize)]
/// #[serde(rename_all = "camelCase")]
/// struct GetMaxOffsetRequestHeader {
///     topic: String,
///     queue_id: i32,
///     #[serde(flatten, deserialize_with = "remoting_protocol::ext_fields::flattened")]
///     rpc: RpcRequestHeader,
/// }
///
/// let rpc = RpcRequestHeader { bname: None, nsd: Some(true) };
/// let header = GetMaxOffsetRequestHeader { topic: "T".to_owned(), queue_id: 3, rpc };
/// let request = RemotingCommand::request(RequestCode::GET_MAX_OFFSET).with_header(&header)?;
/// assert_eq!(request.ext_field("nsd"), Some("true"));
///
/// let header: GetMaxOffsetRequestHeader = request.header()?;
/// assert_eq!((header.queue_id, header.rpc.bname, header.rpc.nsd), (3, None, Some(true)));
/// # Ok::<(), remoting_protocol::HeaderError>(())
/// ```
///
/// # Errors
///
/// A field that `T` needs is absent, or its text does not read as the field's type.
pub fn flattened<'de, D: Deserializer<'de>, T: DeserializeOwned>(deserializer: D) -> Result<T, D::Error> {
    let fields: BTreeMap<String, String> = serde::Deserialize::deserialize(deserializer)?;
    let mut encoded = Vec::new();
    for (key, value) in &fields {
        check_lengths(key.as_bytes(), value.len()).map_err(Error::custom)?;
        entries::push(&mut encoded, key.as_bytes(), value.as_bytes());
    }
    from_entries::<T>(ExtFields::new(&encoded, false)).map_err(Error::custom)
}
