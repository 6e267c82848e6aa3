//! What happens on a connection before its first frame.
//!
//! A step may look at the first bytes, consume some of them, put another stream in the place of the one it was
//! given (one that decrypts, say), correct the addresses, refuse the connection, or claim it for another protocol.
//! Steps run in order, once for each connection, each within its own deadline; after the last one the channel's
//! pipeline is built.
//!
//! ```
//! use std::time::Duration;
//! use remoting_transport::{Connection, PrologueError, PrologueFuture, PrologueStep, Verdict};
//!
//! /// Lets in only peers that say the magic word first.
//! #[derive(Debug)]
//! struct MagicWord;
//!
//! impl PrologueStep for MagicWord {
//!     fn name(&self) -> &'static str {
//!         "magic word"
//!     }
//!
//!     fn deadline(&self) -> Duration {
//!         Duration::from_secs(1)
//!     }
//!
//!     fn run(&self, mut connection: Connection) -> PrologueFuture<'_> {
//!         Box::pin(async move {
//!             let first = connection.stream.peek(4).await.map_err(|error| self.io(error))?;
//!             if !first.starts_with(b"open") {
//!                 return Err(self.refuse("it did not say the word"));
//!             }
//!             connection.stream.consume(4);
//!             Ok(Verdict::Continue(connection))
//!         })
//!     }
//! }
//! ```

mod negotiation;
mod proxy_protocol;

use std::{fmt, future::Future, io, pin::Pin, sync::Arc, time::Duration};

pub use self::{
    negotiation::{HTTP2_PREFACE, ProtocolNegotiation},
    proxy_protocol::{
        PROXY_HEADER, PROXY_PROTOCOL_ADDR, PROXY_PROTOCOL_PORT, PROXY_PROTOCOL_SERVER_ADDR,
        PROXY_PROTOCOL_SERVER_PORT, ProxyAddresses, ProxyHeader, ProxyHeaderError, ProxyProtocol, ProxyTlv,
        SendProxyHeader, proxy_protocol_tlv,
    },
};
use crate::{address::Address, channel::Attributes, error::PrologueError, stream::Stream};

/// A connection on its way to become a channel.
#[derive(Debug)]
pub struct Connection {
    /// The bytes. A step may wrap it.
    pub stream: Stream,
    /// This side's address.
    pub local: Address,
    /// The other side's address, which a step may correct to the one a proxy reports.
    pub peer: Address,
    /// What the channel's attributes begin with.
    pub attributes: Attributes,
    socket_peer: Address,
    pub(crate) dialled: Option<Address>,
}

impl Connection {
    /// A connection between two addresses.
    pub fn new(stream: impl Into<Stream>, local: Address, peer: Address) -> Self {
        let socket_peer = peer.clone();
        Self {
            stream: stream.into(),
            local,
            peer,
            attributes: Attributes::default(),
            socket_peer,
            dialled: None,
        }
    }

    /// What [`Bootstrap::connect`](crate::Bootstrap::connect) was asked to dial, with the host name if it had one:
    /// whom this side believes to talk to. `None` for an accepted connection.
    pub fn dialled(&self) -> Option<&Address> {
        self.dialled.as_ref()
    }

    /// The address at the other end of the socket itself, whatever [`Connection::peer`] has been corrected to.
    pub fn socket_peer(&self) -> &Address {
        &self.socket_peer
    }
}

/// What a step makes of a connection.
#[expect(clippy::large_enum_variant, reason = "made a few times in the life of a connection")]
pub enum Verdict {
    /// It goes on to the next step, and in the end becomes a channel.
    Continue(Connection),
    /// The step speaks another protocol on it. The future does so: it runs in the connection's task, without a
    /// deadline, and is dropped when the listener's owner ends its connections. A dialled connection cannot be
    /// claimed.
    Claim(Pin<Box<dyn Future<Output = ()> + Send>>),
}

/// What [`PrologueStep::run`] returns.
pub type PrologueFuture<'a> = Pin<Box<dyn Future<Output = Result<Verdict, PrologueError>> + Send + 'a>>;

/// One step before the first frame.
pub trait PrologueStep: fmt::Debug + Send + Sync + 'static {
    /// The name that errors and logs give it.
    fn name(&self) -> &'static str;

    /// How long it may take.
    fn deadline(&self) -> Duration;

    /// Does it. Dropped when the deadline passes or the listener ends; the connection is then closed.
    ///
    /// # Errors
    /// Whatever makes this connection unfit; it is closed and the error logged or returned to the dialler.
    fn run(&self, connection: Connection) -> PrologueFuture<'_>;

    /// A refusal in the name of this step.
    fn refuse(&self, why: impl Into<Box<str>>) -> PrologueError
    where
        Self: Sized,
    {
        PrologueError::Refused { step: self.name(), why: why.into() }
    }

    /// A broken connection in the name of this step.
    fn io(&self, source: io::Error) -> PrologueError
    where
        Self: Sized,
    {
        PrologueError::Io { step: self.name(), source }
    }
}

/// Waits for the first byte, for as long as a client may stay quiet that has nothing to say yet. False: nothing
/// came, or the peer closed its side without a byte.
pub(crate) async fn first_byte(stream: &mut Stream, quiet_time: Duration) -> io::Result<bool> {
    match tokio::time::timeout(quiet_time, stream.peek(1)).await {
        Ok(came) => Ok(!came?.is_empty()),
        Err(_elapsed) => Ok(false),
    }
}

/// Runs all steps in order, each within its deadline, until one claims the connection.
pub(crate) async fn run(
    steps: &[Arc<dyn PrologueStep>],
    mut connection: Connection,
) -> Result<Verdict, PrologueError> {
    for step in steps {
        let after = step.deadline();
        let verdict = tokio::time::timeout(after, step.run(connection))
            .await
            .map_err(|_elapsed| PrologueError::Timeout { step: step.name(), after })??;
        match verdict {
            Verdict::Continue(next) => connection = next,
            claim @ Verdict::Claim(_) => return Ok(claim),
        }
    }
    Ok(Verdict::Continue(connection))
}

impl fmt::Debug for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Continue(connection) => f.debug_tuple("Continue").field(connection).finish(),
            Self::Claim(_) => f.write_str("Claim"),
        }
    }
}
