//! The addresses that listeners bind and clients dial.

use std::convert::Infallible;
use std::{
    fmt,
    net::SocketAddr,
    path::{Path, PathBuf},
    str::FromStr,
    sync::Arc,
};

use ipnet::{IpNet, Ipv4Net};
use thiserror::Error;

/// The address of an endpoint: a socket address, a host name with a port, a Unix-domain socket or an in-memory name.
///
/// The text forms, parsed by [`FromStr`] and written by [`Display`](fmt::Display):
///
/// | text | meaning |
/// |---|---|
/// | `10.0.0.1:10911`, `[::1]:10911` | [`Address::Socket`] |
/// | `broker-a.example:10911` | [`Address::Host`], resolved at each connect |
/// | `unix:/run/broker.sock` | [`Address::Unix`] |
/// | `memory:broker-a` | [`Address::Memory`], a name within this process |
///
/// Cloning is cheap. A socket address needs no allocation.
///
/// ```
/// use remoting_transport::Address;
///
/// let address: Address = "broker-a.example:10911".parse()?;
/// assert_eq!(address.to_string(), "broker-a.example:10911");
/// assert!("no-port".parse::<Address>().is_err());
/// # Ok::<(), remoting_transport::AddressError>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Address {
    /// An IP address and a port.
    Socket(SocketAddr),
    /// A host name and a port.
    Host {
        /// The name, without brackets or port.
        host: Arc<str>,
        /// The port.
        port: u16,
    },
    /// The path of a Unix-domain socket. Empty for an unnamed socket, such as that of a client.
    Unix(Arc<Path>),
    /// The name of an in-memory listener of this process.
    Memory(Arc<str>),
}

/// The error of a text that is not a valid [`Address`].
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("invalid address {text:?}: {why} (expected IP:PORT, HOST:PORT, unix:PATH or memory:NAME)")]
pub struct AddressError {
    text: Box<str>,
    why: &'static str,
}

impl Address {
    /// Returns the IP address and port, if this is an [`Address::Socket`].
    #[must_use]
    pub fn as_socket(&self) -> Option<SocketAddr> {
        match self {
            Self::Socket(address) => Some(*address),
            _ => None,
        }
    }

    /// Returns the port, if this kind of address has one.
    #[must_use]
    pub fn port(&self) -> Option<u16> {
        match self {
            Self::Socket(address) => Some(address.port()),
            Self::Host { port, .. } => Some(*port),
            Self::Unix(_) | Self::Memory(_) => None,
        }
    }

    /// Creates the address of an in-memory listener of this process.
    #[must_use]
    pub fn memory(name: impl Into<Arc<str>>) -> Self {
        Self::Memory(name.into())
    }

    /// Creates the address of a Unix-domain socket.
    #[must_use]
    pub fn unix(path: impl Into<PathBuf>) -> Self {
        Self::Unix(path.into().into())
    }
}

/// Converts an IPv4-mapped IPv6 address to IPv4. Returns other addresses unchanged.
pub(crate) fn canonical_socket(address: SocketAddr) -> SocketAddr {
    let mapped = match address {
        SocketAddr::V6(v6) => v6.ip().to_ipv4_mapped(),
        SocketAddr::V4(_) => None,
    };
    mapped.map_or(address, |v4| SocketAddr::new(v4.into(), address.port()))
}

/// Converts an IPv4-mapped IPv6 address to IPv4, as [`canonical_socket`] does. Returns other addresses unchanged.
pub(crate) fn canonical_address(address: Address) -> Address {
    match address {
        Address::Socket(socket) => Address::Socket(canonical_socket(socket)),
        other => other,
    }
}

/// Converts a network of IPv4-mapped IPv6 addresses (`::ffff:10.0.0.0/104`) to IPv4. Returns other networks unchanged.
pub(crate) fn canonical_network(network: IpNet) -> IpNet {
    const MAPPED: u8 = 96;
    let IpNet::V6(v6) = network else { return network };
    let (v4, prefix) = (v6.addr().to_ipv4_mapped(), v6.prefix_len().checked_sub(MAPPED));
    match (v4, prefix) {
        (Some(v4), Some(prefix)) => Ipv4Net::new(v4, prefix).map_or(network, IpNet::V4),
        _ => network,
    }
}

impl FromStr for Address {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, AddressError> {
        let error = |why| AddressError { text: text.into(), why };
        if let Ok(address) = text.parse::<SocketAddr>() {
            return Ok(Self::Socket(address));
        }
        if let Some(path) = text.strip_prefix("unix:") {
            return if path.is_empty() { Err(error("empty path")) } else { Ok(Self::unix(path)) };
        }
        if let Some(name) = text.strip_prefix("memory:") {
            return if name.is_empty() { Err(error("empty name")) } else { Ok(Self::memory(name)) };
        }
        let (host, port) = text.rsplit_once(':').ok_or_else(|| error("missing port"))?;
        let port = port.parse().map_err(|_| error("the port is not a number from 0 to 65535"))?;
        if host.is_empty() {
            return Err(error("empty host"));
        }
        if host.contains([':', '[', ']', '/', ' ']) {
            return Err(error("the host is neither a name nor a bracketed IPv6 address"));
        }
        Ok(Self::Host { host: host.into(), port })
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Socket(address) => address.fmt(f),
            Self::Host { host, port } => write!(f, "{host}:{port}"),
            Self::Unix(path) => write!(f, "unix:{}", path.display()),
            Self::Memory(name) => write!(f, "memory:{name}"),
        }
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl From<SocketAddr> for Address {
    fn from(address: SocketAddr) -> Self {
        Self::Socket(address)
    }
}

impl From<&Self> for Address {
    fn from(address: &Self) -> Self {
        address.clone()
    }
}

impl TryFrom<&str> for Address {
    type Error = AddressError;

    fn try_from(text: &str) -> Result<Self, AddressError> {
        text.parse()
    }
}

impl TryFrom<&String> for Address {
    type Error = AddressError;

    fn try_from(text: &String) -> Result<Self, AddressError> {
        text.parse()
    }
}

/// For conversions that cannot fail, such as from an [`Address`] itself.
impl From<Infallible> for AddressError {
    fn from(never: Infallible) -> Self {
        match never {}
    }
}

impl TryFrom<String> for Address {
    type Error = AddressError;

    fn try_from(text: String) -> Result<Self, AddressError> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_of_address_is_parsed_from_its_text() {
        for text in ["127.0.0.1:10911", "[::1]:9876", "broker-a:10911", "unix:/tmp/x.sock", "memory:ns"] {
            assert_eq!(text.parse::<Address>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn an_ipv4_mapped_address_becomes_an_ipv4_address() {
        let canonical = |text: &str| canonical_address(text.parse().unwrap()).to_string();
        assert_eq!(canonical("[::ffff:10.0.0.1]:7"), "10.0.0.1:7");
        for unchanged in ["10.0.0.1:7", "[::1]:7", "[fe80::1%3]:7", "host:7", "memory:a"] {
            assert_eq!(canonical(unchanged), unchanged);
        }
        let network = |text: &str| canonical_network(text.parse().unwrap()).to_string();
        assert_eq!(network("::ffff:127.0.0.0/104"), "127.0.0.0/8");
        assert_eq!(network("::ffff:0:0/96"), "0.0.0.0/0");
        for unchanged in ["10.0.0.0/8", "::/0", "fd00::/8"] {
            assert_eq!(network(unchanged), unchanged);
        }
    }

    #[test]
    fn the_error_of_an_invalid_address_gives_the_reason() {
        for (text, why) in [
            ("localhost", "missing port"),
            ("localhost:70000", "the port is not a number"),
            (":1", "empty host"),
            ("::1:9876", "the host is neither"),
            ("unix:", "empty path"),
            ("memory:", "empty name"),
        ] {
            let error = text.parse::<Address>().unwrap_err().to_string();
            assert!(error.contains(why), "{error}");
        }
    }
}
