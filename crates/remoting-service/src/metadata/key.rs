//! Which keys metadata may have.

use super::MetadataError;

/// The form of the values of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Text,
    Binary,
}

/// Keys that HTTP or gRPC uses itself.
const RESERVED: [&str; 14] = [
    "connection",
    "content-length",
    "content-type",
    "date",
    "host",
    "keep-alive",
    "proxy-connection",
    "server",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "user-agent",
    "via",
];

/// Ext fields that RocketMQ's request headers have and hooks set (Java: `RpcRequestHeader`, `TopicRequestHeader`): namespace,
/// broker name, one-way, logical queue.
const ROCKETMQ: [&str; 5] = ["bname", "lo", "ns", "nsd", "oway"];

/// Returns the form of the values of a key.
pub(super) fn form(key: &str) -> Result<Form, MetadataError> {
    let allowed = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.');
    if key.is_empty() || !key.bytes().all(allowed) {
        return Err(MetadataError::Key { key: key.into() });
    }
    if key.starts_with("grpc-") || RESERVED.contains(&key) || ROCKETMQ.contains(&key) {
        return Err(MetadataError::Reserved { key: key.into() });
    }
    Ok(if key.ends_with("-bin") { Form::Binary } else { Form::Text })
}

/// Returns whether text may be a value: printable ASCII, and not empty, because a ROCKETMQ header has no empty value.
pub(super) fn is_value(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| matches!(byte, b' '..=b'~'))
}
