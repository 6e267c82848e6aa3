//! The decoder of both header versions, for bytes that may be incomplete.
//!
//! This is a separate parser because the existing crates do not suit hostile bytes: `proxy-header` accepts invalid
//! version 1 lines, `ppp` rejects a `LOCAL` header with a short address block, which the specification requires to be
//! skipped, and neither verifies the checksum or reports how many bytes are missing.

use std::{
    net::{IpAddr, SocketAddr},
    path::PathBuf,
    str::FromStr,
};

use bytes::{Buf, Bytes};

use super::{
    FIXED, SIGNATURE_V2, checksum,
    header::{ProxyAddresses, ProxyHeader, ProxyHeaderError, ProxyTlv},
};

/// The first bytes of every version 1 line.
const PREFIX_V1: &[u8] = b"PROXY ";
/// The longest version 1 line, in bytes, with its line end.
const LONGEST_LINE: usize = 107;
/// The length of a path in the Unix family's address block, in bytes.
const UNIX_PATH: usize = 108;

/// The meaning of the first bytes of a connection.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Seen {
    /// Not a header, whichever bytes follow.
    Other,
    /// A possible beginning of a header. A decision needs `wanted` bytes in all. If `certain`, the bytes cannot be
    /// anything else.
    Incomplete { wanted: usize, certain: bool },
    /// A header of `length` bytes.
    Header { header: ProxyHeader, length: usize },
}

/// Decodes the first bytes of a connection. `limit` is the maximum length of a version 2 header.
pub(super) fn decode(bytes: &[u8], limit: usize) -> Result<Seen, ProxyHeaderError> {
    if bytes.starts_with(PREFIX_V1) {
        return line(bytes);
    }
    if bytes.starts_with(SIGNATURE_V2) {
        return binary(bytes, limit);
    }
    if PREFIX_V1.starts_with(bytes) || SIGNATURE_V2.starts_with(bytes) {
        return Ok(Seen::Incomplete { wanted: bytes.len() + 1, certain: false });
    }
    Ok(Seen::Other)
}

/// Decodes a version 1 line: `PROXY TCP4 192.0.2.1 198.51.100.7 51234 9876\r\n`.
fn line(bytes: &[u8]) -> Result<Seen, ProxyHeaderError> {
    use ProxyHeaderError::Line;
    let window = &bytes[..bytes.len().min(LONGEST_LINE)];
    let Some(end) = window.iter().position(|byte| !matches!(byte, b' '..=b'~')) else {
        return if bytes.len() >= LONGEST_LINE {
            Err(Line("no end within 107 bytes"))
        } else {
            Ok(Seen::Incomplete { wanted: bytes.len() + 1, certain: true })
        };
    };
    match &bytes[end..] {
        [b'\r', b'\n', ..] if end + 2 > LONGEST_LINE => return Err(Line("no end within 107 bytes")),
        [b'\r', b'\n', ..] => {}
        [b'\r'] => return Ok(Seen::Incomplete { wanted: bytes.len() + 1, certain: true }),
        _ => return Err(Line("a byte that is neither printable nor the line's end")),
    }
    let text = std::str::from_utf8(&bytes[PREFIX_V1.len()..end]).map_err(|_| Line("not ASCII"))?;
    let mut words = text.split(' ');
    let addresses = match words.next() {
        Some("UNKNOWN") => ProxyAddresses::Unknown,
        Some("TCP4") => inet::<std::net::Ipv4Addr>(words)?,
        Some("TCP6") => inet::<std::net::Ipv6Addr>(words)?,
        _ => return Err(Line("the protocol is none of TCP4, TCP6 and UNKNOWN")),
    };
    Ok(Seen::Header { header: ProxyHeader::new(addresses, Vec::new()), length: end + 2 })
}

fn inet<'a, A: FromStr + Into<IpAddr>>(
    mut words: impl Iterator<Item = &'a str>,
) -> Result<ProxyAddresses, ProxyHeaderError> {
    use ProxyHeaderError::Line;
    let mut address = || -> Result<IpAddr, ProxyHeaderError> {
        let word = words.next().ok_or(Line("an address is missing"))?;
        word.parse::<A>().map(Into::into).map_err(|_| Line("an address is none of its family"))
    };
    let (source, destination) = (address()?, address()?);
    let mut port = || {
        let word = words.next().ok_or(Line("a port is missing"))?;
        let canonical =
            word.bytes().all(|byte| byte.is_ascii_digit()) && (word == "0" || !word.starts_with('0'));
        word.parse::<u16>().ok().filter(|_| canonical).ok_or(Line("a port is not a number from 0 to 65535"))
    };
    let (source, destination) = (SocketAddr::new(source, port()?), SocketAddr::new(destination, port()?));
    if words.next().is_some() {
        return Err(Line("something follows the ports"));
    }
    Ok(ProxyAddresses::inet(source, destination))
}

/// Decodes a version 2 header: signature, version and command, family and transport, length of the rest, rest.
fn binary(bytes: &[u8], limit: usize) -> Result<Seen, ProxyHeaderError> {
    let Some(&[version_and_command, family, high, low]) = bytes.get(SIGNATURE_V2.len()..FIXED) else {
        return Ok(Seen::Incomplete { wanted: FIXED, certain: true });
    };
    if version_and_command >> 4 != 2 {
        return Err(ProxyHeaderError::Version(version_and_command >> 4));
    }
    let local = match version_and_command & 0x0f {
        0 => true,
        1 => false,
        command => return Err(ProxyHeaderError::Command(command)),
    };
    let needed = match family {
        // The specification requires the contents of a LOCAL header to be skipped.
        _ if local => 0,
        0x00 => 0,
        0x11 | 0x12 => 2 * (4 + 2),
        0x21 | 0x22 => 2 * (16 + 2),
        0x31 | 0x32 => 2 * UNIX_PATH,
        _ => return Err(ProxyHeaderError::Family(family)),
    };
    let rest = usize::from(u16::from_be_bytes([high, low]));
    if rest < needed {
        return Err(ProxyHeaderError::ShortAddresses { length: rest, needed });
    }
    let length = FIXED + rest;
    if length > limit {
        return Err(ProxyHeaderError::TooLong { length, limit });
    }
    let Some(whole) = bytes.get(..length) else {
        return Ok(Seen::Incomplete { wanted: length, certain: true });
    };
    let mut block = &whole[FIXED..FIXED + needed];
    let addresses = match family {
        _ if local => ProxyAddresses::Local,
        0x11 | 0x12 => {
            let (source, destination) = (block.get_u32(), block.get_u32());
            sockets(source.to_be_bytes(), destination.to_be_bytes(), block)
        }
        0x21 | 0x22 => {
            let (source, destination) = (block.get_u128(), block.get_u128());
            sockets(source.to_be_bytes(), destination.to_be_bytes(), block)
        }
        0x31 | 0x32 => {
            ProxyAddresses::Unix { source: path(&block[..UNIX_PATH]), destination: path(&block[UNIX_PATH..]) }
        }
        // The contents of an unspecified family have no defined form. Some proxies put addresses there in
        // health checks.
        _ => ProxyAddresses::Unknown,
    };
    let tlvs = match addresses {
        ProxyAddresses::Local | ProxyAddresses::Unknown => Vec::new(),
        _ => tlvs(whole, FIXED + needed)?,
    };
    Ok(Seen::Header { header: ProxyHeader::new(addresses, tlvs), length })
}

fn sockets<A: Into<IpAddr>>(source: A, destination: A, mut ports: &[u8]) -> ProxyAddresses {
    let source = SocketAddr::new(source.into(), ports.get_u16());
    ProxyAddresses::inet(source, SocketAddr::new(destination.into(), ports.get_u16()))
}

/// Decodes a zero-padded path.
fn path(bytes: &[u8]) -> PathBuf {
    let name = bytes.split(|byte| *byte == 0).next().unwrap_or_default();
    String::from_utf8_lossy(name).into_owned().into()
}

/// Decodes the TLVs from `offset` on and verifies the checksum, if there is one.
fn tlvs(whole: &[u8], mut offset: usize) -> Result<Vec<ProxyTlv>, ProxyHeaderError> {
    let mut tlvs = Vec::new();
    while offset < whole.len() {
        let beyond = ProxyHeaderError::Tlv { offset };
        let Some(&[kind, high, low]) = whole.get(offset..offset + 3) else { return Err(beyond) };
        let (start, length) = (offset + 3, usize::from(u16::from_be_bytes([high, low])));
        let Some(value) = whole.get(start..start + length) else { return Err(beyond) };
        if kind == ProxyTlv::CRC32C {
            let found = <[u8; 4]>::try_from(value).map_err(|_| beyond)?;
            let (found, computed) = (u32::from_be_bytes(found), checksum(whole, start));
            if found != computed {
                return Err(ProxyHeaderError::Checksum { found, computed });
            }
        }
        tlvs.push(ProxyTlv::new(kind, Bytes::copy_from_slice(value)));
        offset = start + length;
    }
    Ok(tlvs)
}
