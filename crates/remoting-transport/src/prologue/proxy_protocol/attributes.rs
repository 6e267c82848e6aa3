//! The channel attributes set from a PROXY header. Their names are those of Java's `HAProxyConstants`.

use std::sync::LazyLock;

use super::header::{ProxyAddresses, ProxyHeader};
use crate::connection::{AttributeKey, Attributes};

/// The client's address, without the port, as text.
pub const PROXY_PROTOCOL_ADDR: AttributeKey<String> = AttributeKey::new("proxy_protocol_addr");
/// The client's port, as text.
pub const PROXY_PROTOCOL_PORT: AttributeKey<String> = AttributeKey::new("proxy_protocol_port");
/// The address that the client connected to, without the port, as text.
pub const PROXY_PROTOCOL_SERVER_ADDR: AttributeKey<String> = AttributeKey::new("proxy_protocol_server_addr");
/// The port that the client connected to, as text.
pub const PROXY_PROTOCOL_SERVER_PORT: AttributeKey<String> = AttributeKey::new("proxy_protocol_server_port");
/// The whole header, including TLVs whose values are not text.
pub const PROXY_HEADER: AttributeKey<ProxyHeader> = AttributeKey::new("proxy_protocol_header");

/// Returns the key of the attribute that holds a TLV's value as text, such as `proxy_protocol_tlv_0xea`. TLVs nested
/// in an SSL TLV have attributes too.
///
/// As in Java, the attribute is set only if the value is printable ASCII, and to the last such value if the type
/// occurs more than once. [`PROXY_HEADER`] contains all values.
pub fn proxy_protocol_tlv(kind: u8) -> AttributeKey<String> {
    static NAMES: LazyLock<Vec<String>> =
        LazyLock::new(|| (0..=u8::MAX).map(|kind| format!("proxy_protocol_tlv_0x{kind:02x}")).collect());
    AttributeKey::new(&NAMES[usize::from(kind)])
}

/// Sets all attributes of a header. As in Java, empty addresses and port 0 are omitted.
pub(super) fn set(attributes: &Attributes, header: ProxyHeader) {
    let endpoints = match header.addresses() {
        ProxyAddresses::Inet { source, destination } => {
            [source, destination].map(|end| (end.ip().to_canonical().to_string(), end.port()))
        }
        ProxyAddresses::Unix { source, destination } => {
            [(source.display().to_string(), 0), (destination.display().to_string(), 0)]
        }
        ProxyAddresses::Local | ProxyAddresses::Unknown => Default::default(),
    };
    let keys = [
        (PROXY_PROTOCOL_ADDR, PROXY_PROTOCOL_PORT),
        (PROXY_PROTOCOL_SERVER_ADDR, PROXY_PROTOCOL_SERVER_PORT),
    ];
    for ((address_key, port_key), (address, port)) in keys.iter().zip(endpoints) {
        if !address.is_empty() {
            attributes.set(address_key, address);
        }
        if port > 0 {
            attributes.set(port_key, port.to_string());
        }
    }
    for tlv in header.flattened_tlvs() {
        if let Some(text) = tlv.as_ascii() {
            attributes.set(&proxy_protocol_tlv(tlv.kind()), text.to_owned());
        }
    }
    attributes.set(&PROXY_HEADER, header);
}
