//! The table that selects a SOCKS5 proxy for each address.

mod json;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use ipnet::IpNet;
use thiserror::Error;

use crate::{
    address::{Address, canonical_network},
    secret::Secret,
};

/// The maximum length of a SOCKS5 user name or password, in bytes.
pub(crate) const LONGEST_CREDENTIAL: usize = 255;

/// A table that selects a SOCKS5 proxy for each address. Equivalent of Java's `socksProxyConfig`. Cheap to clone.
///
/// The first matching route is used:
///
/// * `0.0.0.0/0` matches every IPv4 address, IPv6 address and host name, as in Java;
/// * `::/0` matches every IPv6 address and every host name;
/// * any other network matches the IP addresses in it. It does not match host names, because the proxy resolves these.
///   Java throws `NumberFormatException` for host names and IPv6 addresses.
///
/// An address without a matching route is dialled directly, as are all Unix-domain and in-memory addresses.
///
/// ```
/// use remoting_transport::SocksProxies;
///
/// let proxies = SocksProxies::from_json(
///     r#"{"10.0.0.0/8": {"addr": "127.0.0.1:1080", "username": "u", "password": "p"},
///         "0.0.0.0/0": {"addr": "socks.example:1080"}}"#,
/// )?;
/// let route = |address: &str| proxies.proxy_for(&address.parse().unwrap()).unwrap().address().to_string();
/// assert_eq!(route("10.1.2.3:10911"), "127.0.0.1:1080");
/// assert_eq!(route("broker-a.example:10911"), "socks.example:1080");
/// # Ok::<(), remoting_transport::SocksConfigError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SocksProxies {
    routes: Arc<[(IpNet, SocksProxy)]>,
}

/// The address of a SOCKS5 proxy, and the credentials for it.
#[derive(Debug, Clone)]
pub struct SocksProxy {
    address: Address,
    credentials: Option<(String, Secret)>,
}

/// An invalid proxy table. Its text never contains a credential.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum SocksConfigError {
    /// The text is not JSON of the expected form.
    #[error(
        "the SOCKS proxy table is not {{\"CIDR\": {{\"addr\": \"HOST:PORT\", \"username\": \"…\", \"password\": \"…\"}}, …}}: \
         line {line}, column {column}"
    )]
    #[non_exhaustive]
    Json {
        /// The line of the error, from 1, or 0 if the position is unknown.
        line: usize,
        /// The column of the error, from 1, or 0 if the position is unknown.
        column: usize,
    },
    /// A key is not a network.
    #[error("the SOCKS proxy table has the key {text:?}, which is no network like 10.0.0.0/8 or fd00::/8")]
    #[non_exhaustive]
    Network {
        /// The key.
        text: String,
    },
    /// The address of a proxy is invalid.
    #[error("the SOCKS proxy for {network} has no usable address")]
    #[non_exhaustive]
    Address {
        /// The key of the proxy.
        network: IpNet,
        /// The cause.
        source: crate::AddressError,
    },
    /// The user name or the password is empty or longer than 255 bytes.
    #[error("SOCKS proxy {proxy}: the user name and the password must each have 1 to 255 bytes")]
    #[non_exhaustive]
    Credentials {
        /// The address of the proxy.
        proxy: Address,
    },
}

impl SocksProxies {
    /// Creates an empty table: every address is dialled directly.
    pub fn new() -> Self {
        Self::default()
    }

    /// Creates a table with one proxy for every IP address and host name.
    pub fn all(proxy: SocksProxy) -> Self {
        Self { routes: Arc::new([(json::EVERYTHING, proxy)]) }
    }

    /// Appends a route. The existing routes take precedence.
    #[must_use]
    pub fn route(self, network: IpNet, proxy: SocksProxy) -> Self {
        Self { routes: self.routes.iter().cloned().chain([(network, proxy)]).collect() }
    }

    /// Returns whether the table is empty, so that every address is dialled directly.
    pub fn is_empty(&self) -> bool {
        self.routes.is_empty()
    }

    /// Returns the proxy for an address, or `None` if the address is dialled directly.
    pub fn proxy_for(&self, address: &Address) -> Option<&SocksProxy> {
        let fits = |network: &IpNet| match address {
            _ if *network == json::EVERYTHING => matches!(address, Address::Socket(_) | Address::Host { .. }),
            Address::Socket(socket) => {
                let canonical = socket.ip().to_canonical();
                network.contains(&socket.ip()) || canonical_network(*network).contains(&canonical)
            }
            Address::Host { .. } => network.prefix_len() == 0,
            _ => false,
        };
        self.routes.iter().find(|(network, _)| fits(network)).map(|(_, proxy)| proxy)
    }
}

impl SocksProxy {
    /// Creates a proxy without credentials.
    pub fn new(address: impl Into<Address>) -> Self {
        Self { address: address.into(), credentials: None }
    }

    /// Sets the user name and the password. SOCKS5 sends both to the proxy unencrypted. Default: no credentials.
    ///
    /// # Errors
    /// Returns [`SocksConfigError::Credentials`] unless each has 1 to 255 bytes.
    pub fn with_credentials(
        mut self,
        username: impl Into<String>,
        password: impl Into<Secret>,
    ) -> Result<Self, SocksConfigError> {
        let (username, password) = (username.into(), password.into());
        let fits = |length: usize| (1..=LONGEST_CREDENTIAL).contains(&length);
        if !fits(username.len()) || !fits(password.expose().len()) {
            return Err(SocksConfigError::Credentials { proxy: self.address });
        }
        self.credentials = Some((username, password));
        Ok(self)
    }

    /// Returns the user name and the password, if they are set.
    #[cfg(feature = "socks")]
    pub(crate) fn credentials(&self) -> Option<&(String, Secret)> {
        self.credentials.as_ref()
    }

    /// Returns the address of the proxy.
    pub const fn address(&self) -> &Address {
        &self.address
    }
}

impl PartialEq for SocksProxy {
    fn eq(&self, other: &Self) -> bool {
        let same = match (&self.credentials, &other.credentials) {
            (Some((username, password)), Some((other_name, other_word))) => {
                username == other_name && password.expose() == other_word.expose()
            }
            (None, None) => true,
            _ => false,
        };
        same && self.address == other.address
    }
}

impl Eq for SocksProxy {}
