//! The contents of a PROXY protocol header.

use std::{fmt, net::SocketAddr, path::PathBuf};

use bytes::Bytes;
use thiserror::Error;

use super::PROXY_HEADER;
use crate::{
    address::{Address, canonical_socket},
    channel::Channel,
    connection::{Attributes, Connection},
};

/// A PROXY protocol header: the addresses of a connection that a proxy forwards, and further fields.
///
/// A received header is the channel's attribute [`PROXY_HEADER`](super::PROXY_HEADER).
/// [`SendProxyHeader`](super::SendProxyHeader) sends a header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProxyHeader {
    addresses: ProxyAddresses,
    tlvs: Vec<ProxyTlv>,
}

/// The two ends of the connection between the client and the proxy.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ProxyAddresses {
    /// The proxy opened the connection itself, for example as a health check (`LOCAL` in version 2). The socket's
    /// addresses apply.
    Local,
    /// The proxy does not know the addresses (`UNKNOWN`, `AF_UNSPEC`). The socket's addresses apply.
    Unknown,
    /// IP addresses and ports of one family.
    Inet {
        /// The client's address.
        source: SocketAddr,
        /// The address that the client connected to.
        destination: SocketAddr,
    },
    /// Paths of Unix-domain sockets. The path of an unnamed socket is empty.
    Unix {
        /// The client's address.
        source: PathBuf,
        /// The address that the client connected to.
        destination: PathBuf,
    },
}

/// A further field of a version 2 header: type, length and value.
#[derive(Clone, PartialEq, Eq)]
pub struct ProxyTlv {
    kind: u8,
    value: Bytes,
}

/// An invalid PROXY protocol header, received or to be sent.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ProxyHeaderError {
    /// A version 1 line is malformed.
    #[error("malformed PROXY v1 line: {0}")]
    Line(&'static str),
    /// The version nibble is not 2.
    #[error("PROXY v2 signature with the version {0}")]
    Version(u8),
    /// The command nibble is neither LOCAL nor PROXY.
    #[error("PROXY v2 command {0} does not exist")]
    Command(u8),
    /// The address family or the transport is not specified by the protocol.
    #[error("PROXY v2 address family and transport {0:#04x} do not exist")]
    Family(u8),
    /// The header is longer than the limit.
    #[error("PROXY header of {length} bytes exceeds the limit of {limit}")]
    #[non_exhaustive]
    TooLong {
        /// The length of the header in bytes, with the fixed part.
        length: usize,
        /// The limit in bytes.
        limit: usize,
    },
    /// The address block is too short for its family. Also returned for a Unix path that is too long to be sent.
    #[error("PROXY v2 address block of {length} bytes, {needed} are needed")]
    #[non_exhaustive]
    ShortAddresses {
        /// The available length in bytes.
        length: usize,
        /// The required length in bytes.
        needed: usize,
    },
    /// A TLV extends past the end of the header, or a checksum does not have four bytes.
    #[error("a TLV at byte {offset} reaches beyond the PROXY header")]
    #[non_exhaustive]
    Tlv {
        /// The offset of the TLV from the start of the header, in bytes.
        offset: usize,
    },
    /// The checksum does not match the header.
    #[error("the PROXY header's CRC32c is {found:#010x}, its bytes give {computed:#010x}")]
    #[non_exhaustive]
    Checksum {
        /// The checksum in the header.
        found: u32,
        /// The checksum computed from its bytes.
        computed: u32,
    },
}

impl ProxyHeader {
    pub(super) const fn new(addresses: ProxyAddresses, tlvs: Vec<ProxyTlv>) -> Self {
        Self { addresses, tlvs }
    }

    /// Creates the header of a connection that the proxy opens itself, without addresses.
    pub const fn local() -> Self {
        Self::new(ProxyAddresses::Local, Vec::new())
    }

    /// Creates the header of a client at `source` that connected to `destination`. If only one of them is an IPv4
    /// address, it becomes an IPv4-mapped IPv6 address.
    pub fn proxied(source: SocketAddr, destination: SocketAddr) -> Self {
        Self::new(ProxyAddresses::inet(source, destination), Vec::new())
    }

    /// Creates the header for a proxy that forwards the commands of an accepted channel. It contains the peer address
    /// and local address of the channel, and the TLVs of the header received on it, without the checksum.
    pub fn forwarding(channel: &Channel) -> Self {
        Self::forward(channel.peer_addr(), channel.local_addr(), channel.attributes())
    }

    /// Creates the header for a proxy that forwards the bytes of an accepted connection. It has the same contents as
    /// with [`forwarding`](Self::forwarding).
    pub fn forwarding_connection(connection: &Connection) -> Self {
        Self::forward(&connection.peer, &connection.local, &connection.attributes)
    }

    fn forward(peer: &Address, local: &Address, attributes: &Attributes) -> Self {
        let mut header = match (peer, local) {
            (Address::Socket(peer), Address::Socket(local)) => Self::proxied(*peer, *local),
            (Address::Unix(peer), Address::Unix(local)) => Self::new(
                ProxyAddresses::Unix { source: peer.to_path_buf(), destination: local.to_path_buf() },
                Vec::new(),
            ),
            _ => Self::new(ProxyAddresses::Unknown, Vec::new()),
        };
        if let Some(received) = attributes.get(&PROXY_HEADER) {
            header.tlvs = received.tlvs.iter().filter(|tlv| tlv.kind != ProxyTlv::CRC32C).cloned().collect();
        }
        header
    }

    /// Appends a TLV.
    #[must_use]
    pub fn with_tlv(mut self, kind: u8, value: impl Into<Bytes>) -> Self {
        self.tlvs.push(ProxyTlv { kind, value: value.into() });
        self
    }

    /// Returns the addresses of the forwarded connection.
    pub const fn addresses(&self) -> &ProxyAddresses {
        &self.addresses
    }

    /// Returns the top-level TLVs in order, including checksum and padding.
    pub fn tlvs(&self) -> &[ProxyTlv] {
        &self.tlvs
    }

    /// Returns all TLVs in order. An SSL TLV is followed by the TLVs nested in it. Equivalent of Netty's
    /// `HAProxyMessage.tlvs()`.
    pub fn flattened_tlvs(&self) -> impl Iterator<Item = ProxyTlv> {
        self.tlvs.iter().flat_map(|tlv| std::iter::once(tlv.clone()).chain(tlv.inner_tlvs()))
    }

    /// Returns the value of the first top-level TLV of this type.
    pub fn tlv(&self, kind: u8) -> Option<&Bytes> {
        self.tlvs.iter().find(|tlv| tlv.kind == kind).map(|tlv| &tlv.value)
    }

    /// Returns the client's address, or `None` if the header does not contain it. An IPv4-mapped IPv6 address is
    /// returned as an IPv4 address.
    pub fn source(&self) -> Option<Address> {
        match &self.addresses {
            ProxyAddresses::Inet { source, .. } => Some(canonical_socket(*source).into()),
            ProxyAddresses::Unix { source, .. } => Some(Address::unix(source.as_path())),
            ProxyAddresses::Local | ProxyAddresses::Unknown => None,
        }
    }
}

impl ProxyAddresses {
    /// Creates addresses of one family: IPv4 if both are IPv4 or IPv4-mapped, otherwise IPv6.
    pub(super) fn inet(source: SocketAddr, destination: SocketAddr) -> Self {
        match (canonical_socket(source), canonical_socket(destination)) {
            (source @ SocketAddr::V4(_), destination @ SocketAddr::V4(_)) => {
                Self::Inet { source, destination }
            }
            _ => Self::Inet { source: as_v6(source), destination: as_v6(destination) },
        }
    }
}

fn as_v6(address: SocketAddr) -> SocketAddr {
    match address {
        SocketAddr::V4(v4) => SocketAddr::new(v4.ip().to_ipv6_mapped().into(), v4.port()),
        SocketAddr::V6(_) => address,
    }
}

impl ProxyTlv {
    /// The application protocol, as in TLS's ALPN.
    pub const ALPN: u8 = 0x01;
    /// The host name that the client requested.
    pub const AUTHORITY: u8 = 0x02;
    /// The CRC32c of the header.
    pub const CRC32C: u8 = 0x03;
    /// Padding.
    pub const NOOP: u8 = 0x04;
    /// The identifier of the connection, unique across proxies.
    pub const UNIQUE_ID: u8 = 0x05;
    /// Facts about the client's TLS connection. Contains nested TLVs of the next five types.
    pub const SSL: u8 = 0x20;
    /// Nested in SSL: the version, such as `TLSv1.3`.
    pub const SSL_VERSION: u8 = 0x21;
    /// Nested in SSL: the common name of the client's certificate.
    pub const SSL_CN: u8 = 0x22;
    /// Nested in SSL: the cipher.
    pub const SSL_CIPHER: u8 = 0x23;
    /// Nested in SSL: the signature algorithm of the certificate.
    pub const SSL_SIG_ALG: u8 = 0x24;
    /// Nested in SSL: the algorithm of the certificate's key.
    pub const SSL_KEY_ALG: u8 = 0x25;
    /// The name of a network namespace.
    pub const NETNS: u8 = 0x30;

    pub(super) const fn new(kind: u8, value: Bytes) -> Self {
        Self { kind, value }
    }

    /// Returns the type. `0xE0` to `0xEF` are reserved for applications; cloud load balancers use these.
    pub const fn kind(&self) -> u8 {
        self.kind
    }

    /// Returns the value.
    pub const fn value(&self) -> &Bytes {
        &self.value
    }

    /// Returns the TLVs nested in an SSL TLV, after its five bytes of flags and verification result. Other types have
    /// no nested TLVs. Stops at the first malformed TLV.
    pub fn inner_tlvs(&self) -> impl Iterator<Item = Self> + use<> {
        const FLAGS: usize = 5;
        let mut rest = match self.kind {
            Self::SSL if self.value.len() > FLAGS => self.value.slice(FLAGS..),
            _ => Bytes::new(),
        };
        std::iter::from_fn(move || {
            let [kind, high, low, ..] = rest[..] else { return None };
            let mut value = rest.split_off(3);
            let length = usize::from(u16::from_be_bytes([high, low]));
            if value.len() < length {
                rest = Bytes::new();
                return None;
            }
            rest = value.split_off(length);
            Some(Self::new(kind, value))
        })
    }

    /// Returns the value as text, or `None` if it is not entirely printable ASCII. Equivalent of Java's
    /// `BinaryUtil.isAscii`.
    pub fn as_ascii(&self) -> Option<&str> {
        let printable = self.value.iter().all(|byte| (b' '..=b'~').contains(byte));
        std::str::from_utf8(&self.value).ok().filter(|_| printable)
    }
}

impl fmt::Debug for ProxyTlv {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:#04x}={:?}", self.kind, self.value)
    }
}
