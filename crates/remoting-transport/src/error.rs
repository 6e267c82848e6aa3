//! What can go wrong on a channel, and on the way to one.

use std::{fmt, io, net::SocketAddr, time::Duration};

use remoting_protocol::DecodeError;
use thiserror::Error;

use crate::{address::Address, file_region::FileRegion, pipeline::PipelineError, socks::SocksError};

/// What broke a channel, as told to [`ChannelHandler::exception_caught`](crate::ChannelHandler::exception_caught).
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ChannelError {
    /// The socket failed.
    #[error("the connection broke")]
    Io(#[from] io::Error),
    /// The peer's bytes are no frame.
    #[error("the peer sent what is no frame")]
    Decode(#[from] DecodeError),
    /// The peer began a frame, did not finish it in time and did not send enough of it to be given more.
    #[error("a frame made too little progress in {after:?}: {received} bytes of it have come")]
    FrameTimeout {
        /// The time it was given: [`ChannelOptions::frame_timeout`](crate::ChannelOptions::frame_timeout).
        after: Duration,
        /// The bytes of it that had come.
        received: usize,
    },
    /// The frame of a file region was begun and cannot be finished: the file has become shorter
    /// ([`UnexpectedEof`](io::ErrorKind::UnexpectedEof)) or cannot be read.
    #[error("the {region} broke off after {sent} bytes")]
    FileRegion {
        /// The region.
        region: FileRegion,
        /// How many of its bytes were sent.
        sent: usize,
        /// What the system said.
        source: io::Error,
    },
}

/// Why a listener could not be opened.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum BindError {
    /// The system refused.
    #[error("cannot listen on {address}")]
    Io {
        /// Where it should have listened.
        address: Address,
        /// What the system said.
        source: io::Error,
    },
    /// The host name has no address.
    #[error("cannot listen on {address}: the host name resolves to no address")]
    NoAddress {
        /// Where it should have listened.
        address: Address,
    },
}

/// Why a connection could not be made ready.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ConnectError {
    /// The system or the peer refused.
    #[error("connect to {address} failed")]
    Io {
        /// What was dialled.
        address: Address,
        /// What the system said.
        source: io::Error,
    },
    /// It took too long.
    #[error("connect to {address} failed: no connection after {timeout:?}")]
    Timeout {
        /// What was dialled.
        address: Address,
        /// The time it was given.
        timeout: Duration,
        /// What became of the addresses until then, if a host name was dialled.
        #[source]
        attempts: Option<ConnectAttempts>,
    },
    /// No address of the host name could be connected.
    #[error("connect to {address} failed")]
    Addresses {
        /// What was dialled.
        address: Address,
        /// What became of each of its addresses.
        source: ConnectAttempts,
    },
    /// The host name has no address.
    #[error("connect to {address} failed: the host name resolves to no address")]
    NoAddress {
        /// What was dialled.
        address: Address,
    },
    /// No connection came about through the SOCKS5 proxy for this address.
    #[error("connect to {address} through the SOCKS5 proxy {proxy} failed")]
    Socks {
        /// What was dialled.
        address: Address,
        /// The proxy.
        proxy: Address,
        /// What stopped it.
        source: SocksError,
    },
    /// A step before the first frame failed.
    #[error("connect to {address} failed")]
    Prologue {
        /// What was dialled.
        address: Address,
        /// The step and its fault.
        source: PrologueError,
    },
    /// A step before the first frame took the connection for another protocol, which only a server can.
    #[error("connect to {address} failed: a prologue step claimed the connection")]
    Claimed {
        /// What was dialled.
        address: Address,
    },
    /// The pipeline could not be built.
    #[error("connect to {address} failed")]
    Pipeline {
        /// What was dialled.
        address: Address,
        /// What the initializer did wrong.
        source: PipelineError,
    },
}

/// What became of each address of a host name. Displays the first eight, each with its cause.
#[derive(Debug, Default)]
pub struct ConnectAttempts(Vec<(SocketAddr, Option<io::Error>)>);

impl ConnectAttempts {
    /// How many addresses [`Display`](fmt::Display) names.
    const NAMED: usize = 8;

    /// The addresses in the order in which they were tried; `None`: no answer yet.
    pub fn iter(&self) -> impl Iterator<Item = (SocketAddr, Option<&io::Error>)> {
        self.0.iter().map(|(address, error)| (*address, error.as_ref()))
    }

    /// The kind of the last failure, in the order in which the addresses were tried.
    pub fn kind(&self) -> Option<io::ErrorKind> {
        self.0.iter().rev().find_map(|(_, error)| error.as_ref()).map(io::Error::kind)
    }

    pub(crate) fn began(&mut self, address: SocketAddr) {
        self.0.push((address, None));
    }

    pub(crate) fn failed(&mut self, address: SocketAddr, error: io::Error) {
        if let Some((_, outcome)) = self.0.iter_mut().find(|(tried, _)| *tried == address) {
            *outcome = Some(error);
        }
    }

    /// `None` if nothing was tried.
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

/// Why a connection did not get past the steps before its first frame.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum PrologueError {
    /// A step took longer than it may.
    #[error("prologue step {step} was not done after {after:?}")]
    Timeout {
        /// The step's name.
        step: &'static str,
        /// The time it was given.
        after: Duration,
    },
    /// The steps together took longer than they may.
    #[error("the steps before the first frame were not done after {after:?}")]
    TooLong {
        /// The time they were given: [`ListenerOptions::prologue_timeout`](crate::ListenerOptions::prologue_timeout).
        after: Duration,
    },
    /// The peer closed the connection without a byte: a health check, most likely.
    #[error("the connection was closed before prologue step {step} saw a byte of it")]
    Closed {
        /// The step's name.
        step: &'static str,
    },
    /// The peer let the connection lie without a byte.
    #[error("prologue step {step} saw no byte of the connection")]
    Silent {
        /// The step's name.
        step: &'static str,
    },
    /// A step panicked.
    #[error("prologue step {step} panicked: {text}")]
    Panicked {
        /// The step's name.
        step: &'static str,
        /// The text of the panic.
        text: Box<str>,
    },
    /// A step refused the connection.
    #[error("prologue step {step} refused the connection: {why}")]
    Refused {
        /// The step's name.
        step: &'static str,
        /// What it did not like.
        why: Box<str>,
    },
    /// The connection broke in a step.
    #[error("prologue step {step} failed")]
    Io {
        /// The step's name.
        step: &'static str,
        /// What the system said.
        source: io::Error,
    },
}
