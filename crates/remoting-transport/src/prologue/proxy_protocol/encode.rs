//! The encoder of version 2 headers.

use std::{net::IpAddr, path::Path};

use super::{
    FIXED, SIGNATURE_V2, checksum,
    header::{ProxyAddresses, ProxyHeader, ProxyHeaderError, ProxyTlv},
};

/// The length of a path in the Unix family's address block, in bytes.
const UNIX_PATH: usize = 108;
/// The longest header that the 16-bit length field allows, in bytes.
const LONGEST: usize = FIXED + u16::MAX as usize;

impl ProxyHeader {
    /// Encodes the header in version 2. Adds a CRC32c TLV if `with_checksum` is set; an existing CRC32c TLV is
    /// omitted.
    ///
    /// # Errors
    /// Returns [`ProxyHeaderError::TooLong`] if the TLVs do not fit the 16-bit length fields, and
    /// [`ProxyHeaderError::ShortAddresses`] if a Unix path has more than 108 bytes.
    pub fn encode(&self, with_checksum: bool) -> Result<Vec<u8>, ProxyHeaderError> {
        let (command, family) = match self.addresses() {
            ProxyAddresses::Local => (0x20, 0x00),
            ProxyAddresses::Unknown => (0x21, 0x00),
            ProxyAddresses::Inet { source, .. } if source.is_ipv4() => (0x21, 0x11),
            ProxyAddresses::Inet { .. } => (0x21, 0x21),
            ProxyAddresses::Unix { .. } => (0x21, 0x31),
        };
        let mut bytes = Vec::with_capacity(64);
        bytes.extend_from_slice(SIGNATURE_V2);
        bytes.extend_from_slice(&[command, family, 0, 0]);
        match self.addresses() {
            ProxyAddresses::Local | ProxyAddresses::Unknown => {}
            ProxyAddresses::Inet { source, destination } => {
                put_ip(&mut bytes, source.ip());
                put_ip(&mut bytes, destination.ip());
                bytes.extend_from_slice(&source.port().to_be_bytes());
                bytes.extend_from_slice(&destination.port().to_be_bytes());
            }
            ProxyAddresses::Unix { source, destination } => {
                put_path(&mut bytes, source)?;
                put_path(&mut bytes, destination)?;
            }
        }
        for tlv in self.tlvs().iter().filter(|tlv| tlv.kind() != ProxyTlv::CRC32C) {
            put_tlv(&mut bytes, tlv.kind(), tlv.value())?;
        }
        if with_checksum {
            put_tlv(&mut bytes, ProxyTlv::CRC32C, &[0; 4])?;
        }
        let length = bytes.len();
        let rest = u16::try_from(length - FIXED).map_err(|_| too_long(length))?;
        bytes[FIXED - 2..FIXED].copy_from_slice(&rest.to_be_bytes());
        if with_checksum {
            let value = length - 4;
            let sum = checksum(&bytes, value);
            bytes[value..].copy_from_slice(&sum.to_be_bytes());
        }
        Ok(bytes)
    }
}

fn put_ip(bytes: &mut Vec<u8>, ip: IpAddr) {
    match ip {
        IpAddr::V4(v4) => bytes.extend_from_slice(&v4.octets()),
        IpAddr::V6(v6) => bytes.extend_from_slice(&v6.octets()),
    }
}

fn put_path(bytes: &mut Vec<u8>, path: &Path) -> Result<(), ProxyHeaderError> {
    let name = path.as_os_str().as_encoded_bytes();
    let padding = UNIX_PATH
        .checked_sub(name.len())
        .ok_or(ProxyHeaderError::ShortAddresses { length: UNIX_PATH, needed: name.len() })?;
    bytes.extend_from_slice(name);
    bytes.resize(bytes.len() + padding, 0);
    Ok(())
}

fn put_tlv(bytes: &mut Vec<u8>, kind: u8, value: &[u8]) -> Result<(), ProxyHeaderError> {
    let length = u16::try_from(value.len()).map_err(|_| too_long(bytes.len() + 3 + value.len()))?;
    bytes.push(kind);
    bytes.extend_from_slice(&length.to_be_bytes());
    bytes.extend_from_slice(value);
    Ok(())
}

const fn too_long(length: usize) -> ProxyHeaderError {
    ProxyHeaderError::TooLong { length, limit: LONGEST }
}
