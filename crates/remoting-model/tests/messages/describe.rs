//! A message as a line of text, the same that the Java program `MessageDescription` makes of it.

use std::net::{IpAddr, SocketAddr};

use remoting_model::message::{MessageExt, MessageProperties, body_crc};

/// Returns all fields of a message, its body as length and checksum.
pub(crate) fn describe(message: &MessageExt) -> String {
    [
        message.store_size.to_string(),
        message.body_crc.to_string(),
        message.queue_id.to_string(),
        message.flag.to_string(),
        message.queue_offset.to_string(),
        message.commit_log_offset.to_string(),
        message.sys_flag.0.to_string(),
        message.born_timestamp.to_string(),
        host(message.born_host),
        message.store_timestamp.to_string(),
        host(message.store_host),
        message.reconsume_times.to_string(),
        message.prepared_transaction_offset.to_string(),
        hex(message.topic.as_bytes()),
        describe_content(&message.body, &message.properties),
    ]
    .join(" ")
}

/// Returns the body and the properties of a message.
pub(crate) fn describe_content(body: &[u8], properties: &MessageProperties) -> String {
    let mut pairs: Vec<_> = properties
        .iter()
        .map(|(name, value)| format!("{}={}", hex(name.as_bytes()), hex(value.as_bytes())))
        .collect();
    pairs.sort();
    format!("{}:{} [{}]", body.len(), body_crc(body), pairs.join(","))
}

fn host(host: SocketAddr) -> String {
    match host.ip() {
        IpAddr::V4(ip) => format!("{}:{}", hex(&ip.octets()), host.port()),
        IpAddr::V6(ip) => format!("{}:{}", hex(&ip.octets()), host.port()),
    }
}

/// Returns the bytes in hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02X}")).collect()
}

/// Returns the bytes of a hexadecimal text.
pub(crate) fn unhex(text: &str) -> Option<Vec<u8>> {
    text.as_bytes()
        .chunks(2)
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
        .collect()
}
