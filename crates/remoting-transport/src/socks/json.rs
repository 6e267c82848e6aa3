//! The JSON form of the proxy table, Java's `socksProxyConfig`:
//! `{"10.0.0.0/8": {"addr": "127.0.0.1:1080", "username": "u", "password": "p"}, …}`.

use std::{
    fmt,
    net::{IpAddr, Ipv4Addr},
};

use ipnet::{IpNet, Ipv4Net};
use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor},
};

use super::{SocksConfigError, SocksProxies, SocksProxy};
use crate::{address::Address, secret::Secret};

/// The network that matches every IP address and host name: Java's `DEFAULT_CIDR_ALL`.
pub(super) const EVERYTHING: IpNet = IpNet::V4(Ipv4Net::new_assert(Ipv4Addr::UNSPECIFIED, 0));

/// The entries in the order of the text. A map would lose the order.
struct Entries(Vec<(String, Entry)>);

/// The value of an entry: Java's `SocksProxyConfig`.
#[derive(Deserialize)]
struct Entry {
    addr: String,
    username: Option<String>,
    password: Option<String>,
}

impl SocksProxies {
    /// Parses the JSON of Java's `socksProxyConfig`. Blank text is an empty table. A key is a network or a single IP
    /// address. As in Java, unknown members are ignored, and an empty user name means no credentials.
    ///
    /// Routes are matched in the order of the text. Java matches them in the order of a hash map.
    ///
    /// # Errors
    /// Returns a [`SocksConfigError`] if the text is not JSON of this form, a key is not a network, the address of a
    /// proxy is invalid, or a user name or password has an invalid length.
    pub fn from_json(text: &str) -> Result<Self, SocksConfigError> {
        if text.trim().is_empty() {
            return Ok(Self::new());
        }
        // Only the position is reported, because the message could quote a password.
        let Entries(entries) = serde_json::from_str(text)
            .map_err(|error| SocksConfigError::Json { line: error.line(), column: error.column() })?;
        let mut routes = Vec::with_capacity(entries.len());
        for (key, Entry { addr, username, password }) in entries {
            let network = network(&key).ok_or(SocksConfigError::Network { text: key })?;
            let address =
                addr.parse::<Address>().map_err(|source| SocksConfigError::Address { network, source })?;
            let password = Secret::new(password.unwrap_or_default());
            let proxy = SocksProxy::new(address);
            routes.push((
                network,
                match username.filter(|name| !name.is_empty()) {
                    Some(username) => proxy.with_credentials(username, password)?,
                    None => proxy,
                },
            ));
        }
        Ok(Self { routes: routes.into() })
    }
}

fn network(text: &str) -> Option<IpNet> {
    let text = text.trim();
    text.parse().ok().or_else(|| text.parse::<IpAddr>().ok().map(IpNet::from))
}

impl<'de> Deserialize<'de> for Entries {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder;

        impl<'de> Visitor<'de> for InOrder {
            type Value = Entries;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object of networks and proxies")
            }

            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Entries, M::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(Entries(entries))
            }
        }

        deserializer.deserialize_map(InOrder)
    }
}
