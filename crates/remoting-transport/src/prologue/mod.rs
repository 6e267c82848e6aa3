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

mod error;
mod negotiation;
mod proxy_protocol;

use std::{
    fmt,
    future::{Future, poll_fn},
    io,
    pin::Pin,
    sync::Arc,
    time::Duration,
};

pub use self::{
    error::PrologueError,
    negotiation::{HTTP2_PREFACE, ProtocolNegotiation},
    proxy_protocol::{
        PROXY_HEADER, PROXY_PROTOCOL_ADDR, PROXY_PROTOCOL_PORT, PROXY_PROTOCOL_SERVER_ADDR,
        PROXY_PROTOCOL_SERVER_PORT, ProxyAddresses, ProxyHeader, ProxyHeaderError, ProxyProtocol, ProxyTlv,
        SendProxyHeader, proxy_protocol_tlv,
    },
};
use crate::{
    connection::Connection,
    panic::{catch_panic, poll_catching_panic},
    stream::Stream,
};

/// What a step makes of a connection.
#[expect(clippy::large_enum_variant, reason = "made a few times in the life of a connection")]
pub enum Verdict {
    /// It goes on to the next step, and in the end becomes a channel.
    Continue(Connection),
    /// The step speaks another protocol on it. The future does so: it runs in the connection's task, without a
    /// deadline. It should end when [`Connection::closing_signal`] comes, and is dropped when the listener's owner ends
    /// its connections. A dialled connection cannot be claimed.
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

/// What comes first on a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FirstByte {
    /// A byte, which is still to be read.
    Came,
    /// Nothing, in the time that was given.
    Quiet,
    /// The peer closed its side without a byte.
    Ended,
}

/// Waits for the first byte, for as long as a client may stay quiet that has nothing to say yet. A peer that resets the
/// connection without a byte is an error of the kind [`PrologueError::Closed`].
pub(crate) async fn first_byte(
    step: &impl PrologueStep,
    stream: &mut Stream,
    quiet_time: Duration,
) -> Result<FirstByte, PrologueError> {
    use io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset, NotConnected};
    match tokio::time::timeout(quiet_time, stream.peek(1)).await {
        Ok(Ok([])) => Ok(FirstByte::Ended),
        Ok(Ok(_)) => Ok(FirstByte::Came),
        Ok(Err(error)) => Err(match error.kind() {
            BrokenPipe | ConnectionAborted | ConnectionReset | NotConnected => {
                PrologueError::Closed { step: step.name() }
            }
            _ => step.io(error),
        }),
        Err(_elapsed) => Ok(FirstByte::Quiet),
    }
}

/// Runs all steps in order, each within its deadline, until one claims the connection.
pub(crate) async fn run(
    steps: &[Arc<dyn PrologueStep>],
    mut connection: Connection,
) -> Result<Verdict, PrologueError> {
    for step in steps {
        let after = step.deadline();
        let mut running = catch_panic(|| step.run(connection)).map_err(|panic| panicked(&**step, panic))?;
        let run = poll_fn(|cx| poll_catching_panic(running.as_mut(), cx));
        let verdict = tokio::time::timeout(after, run)
            .await
            .map_err(|_elapsed| PrologueError::Timeout { step: step.name(), after })?
            .map_err(|panic| panicked(&**step, panic))??;
        match verdict {
            Verdict::Continue(next) => connection = next,
            claim @ Verdict::Claim(_) => return Ok(claim),
        }
    }
    Ok(Verdict::Continue(connection))
}

fn panicked(step: &dyn PrologueStep, text: String) -> PrologueError {
    PrologueError::Panicked { step: step.name(), text: text.into() }
}

impl fmt::Debug for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Continue(connection) => f.debug_tuple("Continue").field(connection).finish(),
            Self::Claim(_) => f.write_str("Claim"),
        }
    }
}
