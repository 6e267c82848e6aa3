//! The outcomes of dialling each address of a host name.

use std::{fmt, io, net::SocketAddr};

/// The outcomes of dialling each address of a host name. `Display` shows the first eight.
#[derive(Debug, Default)]
pub struct ConnectAttempts(Vec<(SocketAddr, Option<io::Error>)>);

impl ConnectAttempts {
    /// The number of addresses that [`Display`](fmt::Display) shows.
    const NAMED: usize = 8;

    /// Returns the dialled addresses in the order of the attempts, each with its error. The error is `None` while the
    /// attempt is unanswered.
    pub fn iter(&self) -> impl Iterator<Item = (SocketAddr, Option<&io::Error>)> {
        self.0.iter().map(|(address, error)| (*address, error.as_ref()))
    }

    /// Returns the error kind of the last attempt that failed, in the order of the attempts, or `None` if none
    /// failed.
    pub fn kind(&self) -> Option<io::ErrorKind> {
        self.0.iter().rev().find_map(|(_, error)| error.as_ref()).map(io::Error::kind)
    }

    pub(super) fn began(&mut self, address: SocketAddr) {
        self.0.push((address, None));
    }

    pub(super) fn failed(&mut self, address: SocketAddr, error: io::Error) {
        if let Some((_, outcome)) = self.0.iter_mut().find(|(tried, _)| *tried == address) {
            *outcome = Some(error);
        }
    }

    /// Returns `None` if no address was dialled.
    pub(crate) fn if_any(self) -> Option<Self> {
        (!self.0.is_empty()).then_some(self)
    }
}

impl fmt::Display for ConnectAttempts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (address, error)) in self.0.iter().take(Self::NAMED).enumerate() {
            let separator = if index == 0 { "" } else { "; " };
            match error {
                Some(error) => write!(f, "{separator}{address}: {error}")?,
                None => write!(f, "{separator}{address}: no answer")?,
            }
        }
        match self.0.len().saturating_sub(Self::NAMED) {
            0 => Ok(()),
            more => write!(f, "; and {more} more"),
        }
    }
}

impl std::error::Error for ConnectAttempts {}
