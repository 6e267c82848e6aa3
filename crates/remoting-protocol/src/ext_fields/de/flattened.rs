//! A struct flattened into a typed header, for inherited fields.

use std::collections::BTreeMap;

use serde::de::{DeserializeOwned, Deserializer, Error};

use super::super::{ExtFields, check_lengths, entries};
use super::from_entries;

/// Reads a flattened struct, for `#[serde(flatten, deserialize_with)]`. Its fields may have the same types as those
/// of the header.
///
/// Many headers of Java inherit fields from `RpcRequestHeader` or `TopicRequestHeader`. Put these into a struct and
/// flatten it into each header. Without this function, serde presents every field as text, from which it reads no
/// number or bool.
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
/// Returns an error if a required field of `T` is absent, or if the text of a field does not have the type of the
/// field.
pub fn flattened<'de, D: Deserializer<'de>, T: DeserializeOwned>(deserializer: D) -> Result<T, D::Error> {
    let fields: BTreeMap<String, String> = serde::Deserialize::deserialize(deserializer)?;
    let mut encoded = Vec::new();
    for (key, value) in &fields {
        check_lengths(key.as_bytes(), value.len()).map_err(Error::custom)?;
        entries::push(&mut encoded, key.as_bytes(), value.as_bytes());
    }
    from_entries::<T>(ExtFields::new(&encoded, false)).map_err(Error::custom)
}
