//! What a PROXY protocol header says.

use std::{fmt, net::SocketAddr, path::PathBuf};

use bytes::Bytes;
use thiserror::Error;

use super::PROXY_HEADER;
use crate::{
    address::{Address, canonical_socket},
    channel::Channel,
    connection::{Attributes, Connection},
};

/// A PROXY protocol header: who is at the far end of a connection that a proxy made on somebody's behalf.
///
/// A received one hangs on its channel under [`PROXY_HEADER`](super::PROXY_HEADER); one to be sent is given to
/// [`SendProxyHeader`](super::SendProxyHeader).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProxyHeader {
    addresses: ProxyAddresses,
    tlvs: Vec<ProxyTlv>,
}

/// The two ends of the connection between the client and the proxy.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ProxyAddresses {
    /// The proxy speaks for itself, as for a health check (`LOCAL` in version 2): the addresses of the socket are
    /// the right ones.
    Local,
    /// The proxy does not know, or the family is not one this side knows (`UNKNOWN`, `AF_UNSPEC`): the addresses
    /// of the socket are all there is.
    Unknown,
    /// IP addresses and ports. Both are of one family.
    Inet {
        /// The client.
        source: SocketAddr,
        /// Where the client connected to.
        destination: SocketAddr,
    },
    /// Paths of Unix-domain sockets; empty for an unnamed one.
    Unix {
        /// The client.
        source: PathBuf,
        /// Where the client connected to.
        destination: PathBuf,
    },
}

/// A further field of a version 2 header: a type and a value.
#[derive(Clone, PartialEq, Eq)]
pub struct ProxyTlv {
    kind: u8,
    value: Bytes,
}

/// Bytes that begin like a PROXY protocol header and are none, or a header that cannot be written.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ProxyHeaderError {
    /// A version 1 line breaks the rules of the text form.
    #[error("malformed PROXY v1 line: {0}")]
    Line(&'static str),
    /// The version nibble is not 2.
    #[error("PROXY v2 signature with the version {0}")]
    Version(u8),
    /// The command nibble is neither LOCAL nor PROXY.
    #[error("PROXY v2 command {0} does not exist")]
    Command(u8),
    /// The address family or the transport is none of those specified.
    #[error("PROXY v2 address family and transport {0:#04x} do not exist")]
    Family(u8),
    /// The header is longer than allowed, in or out.
    #[error("PROXY header of {length} bytes exceeds the limit of {limit}")]
    #[non_exhaustive]
    TooLong {
        /// Its length with the fixed part.
        length: usize,
        /// The limit.
        limit: usize,
    },
    /// The address block is shorter than its family needs.
    #[error("PROXY v2 address block of {length} bytes, {needed} are needed")]
    #[non_exhaustive]
    ShortAddresses {
        /// What there is.
        length: usize,
        /// What the family needs.
        needed: usize,
    },
    /// A TLV reaches beyond the header.
    #[error("a TLV at byte {offset} reaches beyond the PROXY header")]
    #[non_exhaustive]
    Tlv {
        /// Where it begins.
        offset: usize,
    },
    /// The checksum does not fit the header.
    #[error("the PROXY header's CRC32c is {found:#010x}, its bytes give {computed:#010x}")]
    #[non_exhaustive]
    Checksum {
        /// What the header says.
        found: u32,
        /// What its bytes give.
        computed: u32,
    },
}

impl ProxyHeader {
    pub(super) const fn new(addresses: ProxyAddresses, tlvs: Vec<ProxyTlv>) -> Self {
        Self { addresses, tlvs }
    }

    /// The proxy speaks for itself.
    pub const fn local() -> Self {
        Self::new(ProxyAddresses::Local, Vec::new())
    }

    /// A client at `source` that connected to `destination`. If only one of them is IPv4, it is written as an
    /// IPv4-mapped IPv6 address.
    pub fn proxied(source: SocketAddr, destination: SocketAddr) -> Self {
        Self::new(ProxyAddresses::inet(source, destination), Vec::new())
    }

    /// What a proxy says about an accepted channel whose commands it passes on: its peer, this side's address, and
    /// the TLVs of the header it came with itself, but for its checksum.
    pub fn forwarding(channel: &Channel) -> Self {
        Self::forward(channel.peer_addr(), channel.local_addr(), channel.attributes())
    }

    /// The same about an accepted connection whose bytes it passes on.
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

    /// Adds a TLV.
    #[must_use]
    pub fn with_tlv(mut self, kind: u8, value: impl Into<Bytes>) -> Self {
        self.tlvs.push(ProxyTlv { kind, value: value.into() });
        self
    }

    /// Who is at the far end.
    pub const fn addresses(&self) -> &ProxyAddresses {
        &self.addresses
    }

    /// All TLVs in order, with a checksum and padding among them. Those inside of others are not.
    pub fn tlvs(&self) -> &[ProxyTlv] {
        &self.tlvs
    }

    /// All TLVs in order, an SSL one followed by those inside of it. Netty: `HAProxyMessage.tlvs()`.
    pub fn flattened_tlvs(&self) -> impl Iterator<Item = ProxyTlv> {
        self.tlvs.iter().flat_map(|tlv| std::iter::once(tlv.clone()).chain(tlv.inner_tlvs()))
    }

    /// The value of the first TLV of this type that is inside of no other.
    pub fn tlv(&self, kind: u8) -> Option<&Bytes> {
        self.tlvs.iter().find(|tlv| tlv.kind == kind).map(|tlv| &tlv.value)
    }

    /// The client's address, if the header tells it. An IPv4-mapped IPv6 address is the IPv4 address that it is.
    pub fn source(&self) -> Option<Address> {
        match &self.addresses {
            ProxyAddresses::Inet { source, .. } => Some(canonical_socket(*source).into()),
            ProxyAddresses::Unix { source, .. } => Some(Address::unix(source.as_path())),
            ProxyAddresses::Local | ProxyAddresses::Unknown => None,
        }
    }
}

impl ProxyAddresses {
    /// Two addresses of one family, IPv4 if both are, in whichever form.
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
    /// The protocol spoken above, as in TLS.
    pub const ALPN: u8 = 0x01;
    /// The host name that the client asked for.
    pub const AUTHORITY: u8 = 0x02;
    /// The checksum of the header.
    pub const CRC32C: u8 = 0x03;
    /// Padding.
    pub const NOOP: u8 = 0x04;
    /// What tells this connection from all others, across proxies.
    pub const UNIQUE_ID: u8 = 0x05;
    /// What is known of the client's TLS; has TLVs of its own, the next five.
    pub const SSL: u8 = 0x20;
    /// Inside of an SSL one: the version, such as `TLSv1.3`.
    pub const SSL_VERSION: u8 = 0x21;
    /// Inside of an SSL one: the common name of the client's certificate.
    pub const SSL_CN: u8 = 0x22;
    /// Inside of an SSL one: the cipher.
    pub const SSL_CIPHER: u8 = 0x23;
    /// Inside of an SSL one: the algorithm by which the certificate is signed.
    pub const SSL_SIG_ALG: u8 = 0x24;
    /// Inside of an SSL one: the algorithm of the certificate's key.
    pub const SSL_KEY_ALG: u8 = 0x25;
    /// The name of a network namespace.
    pub const NETNS: u8 = 0x30;

    pub(super) const fn new(kind: u8, value: Bytes) -> Self {
        Self { kind, value }
    }

    /// The type. Those from `0xE0` to `0xEF` are for applications; cloud load balancers use them.
    pub const fn kind(&self) -> u8 {
        self.kind
    }

    /// The value.
    pub const fn value(&self) -> &Bytes {
        &self.value
    }

    /// The TLVs inside of an SSL one, behind its five bytes of flags and verdict; of any other, none. A malformed one is
    /// left out with all behind it.
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

    /// The value as text, if all of it is printable ASCII. Java: `BinaryUtil.isAscii`.
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
