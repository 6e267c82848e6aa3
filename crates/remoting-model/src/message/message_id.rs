//! The id of a message by its place.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV4, SocketAddrV6};
use std::str::FromStr;

use thiserror::Error;

/// The offset id of a message: the broker that stores it, and its position in the commit log. Equivalent of Java's
/// `MessageId`.
///
/// The text form is hexadecimal, with 32 digits for a broker with an IPv4 address and 56 with an IPv6 address:
///
/// ```
/// use remoting_model::message::MessageId;
///
/// let id: MessageId = "C0A8002F00002A9F0000000000000064".parse()?;
/// assert_eq!(id, MessageId::new("192.168.0.47:10911".parse()?, 100));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct MessageId {
    /// The broker.
    pub address: SocketAddr,
    /// The position in the commit log in bytes.
    pub offset: i64,
}

impl MessageId {
    /// Creates an id.
    #[must_use]
    pub const fn new(address: SocketAddr, offset: i64) -> Self {
        Self { address, offset }
    }
}

impl fmt::Display for MessageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.address.ip() {
            IpAddr::V4(ip) => write!(f, "{:08X}", ip.to_bits())?,
            IpAddr::V6(ip) => write!(f, "{:032X}", ip.to_bits())?,
        }
        write!(f, "{:08X}{:016X}", self.address.port(), self.offset)
    }
}

impl FromStr for MessageId {
    type Err = BadMessageId;

    fn from_str(text: &str) -> Result<Self, BadMessageId> {
        let (ip, rest) = read_ip(text)?;
        let (port, offset) = rest.split_at_checked(8).ok_or(BadMessageId::Length(text.len()))?;
        let port = u32::from_str_radix(port, 16).map_err(|_| BadMessageId::NotHexadecimal)?;
        let port = u16::try_from(port).map_err(|_| BadMessageId::Port(port))?;
        let address = match ip {
            IpAddr::V4(ip) => SocketAddrV4::new(ip, port).into(),
            IpAddr::V6(ip) => SocketAddrV6::new(ip, port, 0, 0).into(),
        };
        let offset = u64::from_str_radix(offset, 16).map_err(|_| BadMessageId::NotHexadecimal)?;
        Ok(Self { address, offset: offset.cast_signed() })
    }
}

/// Reads the address at the start of an id, and returns the remaining digits: 24 of them.
pub(super) fn read_ip(text: &str) -> Result<(IpAddr, &str), BadMessageId> {
    if !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(BadMessageId::NotHexadecimal);
    }
    let not_hexadecimal = |_| BadMessageId::NotHexadecimal;
    match (text.len(), text.split_at_checked(8), text.split_at_checked(32)) {
        (32, Some((ip, rest)), _) => {
            let bits = u32::from_str_radix(ip, 16).map_err(not_hexadecimal)?;
            Ok((Ipv4Addr::from_bits(bits).into(), rest))
        }
        (56, _, Some((ip, rest))) => {
            let bits = u128::from_str_radix(ip, 16).map_err(not_hexadecimal)?;
            Ok((Ipv6Addr::from_bits(bits).into(), rest))
        }
        (length, _, _) => Err(BadMessageId::Length(length)),
    }
}

/// The text is not a message id.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum BadMessageId {
    /// The text has this number of bytes.
    #[error("a message id has 32 or 56 digits, not {0}")]
    Length(usize),
    /// The text has a character that is not a hexadecimal digit.
    #[error("a message id has only hexadecimal digits")]
    NotHexadecimal,
    /// The port of the broker is above 65535.
    #[error("the port {0} is not between 0 and 65535")]
    Port(u32),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_read_as_it_is_written() {
        for (address, offset, text) in [
            ("127.0.0.1:10911", 0, "7F00000100002A9F0000000000000000"),
            ("255.254.0.9:65535", -1, "FFFE00090000FFFFFFFFFFFFFFFFFFFF"),
            ("[2001:db8::1]:0", i64::MIN, "20010DB8000000000000000000000001000000008000000000000000"),
        ] {
            let id = MessageId::new(address.parse().unwrap(), offset);
            assert_eq!(id.to_string(), text);
            assert_eq!(text.parse(), Ok(id));
            assert_eq!(text.to_lowercase().parse(), Ok(id));
        }
    }

    #[test]
    fn a_text_that_is_no_id_is_refused() {
        for (text, error) in [
            ("", BadMessageId::Length(0)),
            ("7F00000100002A9F000000000000000", BadMessageId::Length(31)),
            ("7F00000100002A9F00000000000000é", BadMessageId::NotHexadecimal),
            ("+F00000100002A9F0000000000000000", BadMessageId::NotHexadecimal),
            ("7F000001000100000000000000000000", BadMessageId::Port(0x10000)),
        ] {
            assert_eq!(text.parse::<MessageId>(), Err(error), "{text}");
        }
    }
}
