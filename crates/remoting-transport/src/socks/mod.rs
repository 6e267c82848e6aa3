//! Which addresses are dialled through which SOCKS5 proxy.

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

/// The longest user name and password that SOCKS5 can carry, in bytes.
pub(crate) const LONGEST_CREDENTIAL: usize = 255;

/// Which addresses are dialled through which SOCKS5 proxy, as Java's `socksProxyConfig`. Cloning is cheap.
///
/// The first route that fits an address counts:
///
/// * `0.0.0.0/0` fits every address, IPv6 ones and host names as well, as in Java;
/// * `::/0` fits every IPv6 address and every host name;
/// * any other network fits the addresses in it. A host name is in no network, for the proxy resolves it: Java throws
///   `NumberFormatException` there, and for IPv6 addresses.
///
/// An address that no route fits is dialled directly. So are Unix-domain sockets and in-memory addresses.
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

/// A SOCKS5 proxy, with the credentials it wants.
#[derive(Debug, Clone)]
pub struct SocksProxy {
    address: Address,
    credentials: Option<(String, Secret)>,
}

/// A proxy table that makes no sense. No credential is part of the text.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum SocksConfigError {
    /// The text is not the JSON expected.
    #[error(
        "the SOCKS proxy table is not {{\"CIDR\": {{\"addr\": \"HOST:PORT\", \"username\": \"…\", \"password\": \"…\"}}, …}}: \
         line {line}, column {column}"
    )]
    #[non_exhaustive]
    Json {
        /// Where it breaks off, from 1; 0 if the text is the right kind of JSON nowhere.
        line: usize,
        /// The same.
        column: usize,
    },
    /// A key is no network.
    #[error("the SOCKS proxy table has the key {text:?}, which is no network like 10.0.0.0/8 or fd00::/8")]
    #[non_exhaustive]
    Network {
        /// The key.
        text: String,
    },
    /// A proxy's address is none.
    #[error("the SOCKS proxy for {network} has no usable address")]
    #[non_exhaustive]
    Address {
        /// Whose proxy.
        network: IpNet,
        /// What is wrong.
        source: crate::AddressError,
    },
    /// SOCKS5 cannot carry these.
    #[error("SOCKS proxy {proxy}: the user name and the password must each have 1 to 255 bytes")]
    #[non_exhaustive]
    Credentials {
        /// Whose credentials.
        proxy: Address,
    },
}

impl SocksProxies {
    /// No proxy: every address is dialled directly.
    pub fn new() -> Self {
        Self::default()
    }

    /// One proxy for every address.
    pub fn all(proxy: SocksProxy) -> Self {
        Self { routes: Arc::new([(json::EVERYTHING, proxy)]) }
    }

    /// Adds a route behind those there are.
    #[must_use]
    pub fn route(self, network: IpNet, proxy: SocksProxy) -> Self {
        Self { routes: self.routes.iter().cloned().chain([(network, proxy)]).collect() }
    }

    /// Whether every address is dialled directly.
    pub fn is_empty(&self) -> bool {
        self.routes.is_empty()
    }

    /// The proxy through which an address is dialled; `None`: directly.
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
    /// A proxy that wants no credentials.
    pub fn new(address: impl Into<Address>) -> Self {
        Self { address: address.into(), credentials: None }
    }

    /// A proxy that wants a user name and a password. They travel in clear to it: that is how SOCKS5 is.
    ///
    /// # Errors
    /// When either has not 1 to 255 bytes.
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

    /// The user name and the password, if it wants any.
    #[cfg(feature = "socks")]
    pub(crate) fn credentials(&self) -> Option<&(String, Secret)> {
        self.credentials.as_ref()
    }

    /// Where the proxy listens.
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
