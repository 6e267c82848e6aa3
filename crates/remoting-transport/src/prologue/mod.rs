//! The steps that run on a connection before its first frame.
//!
//! A step may peek at the first bytes, consume some of them, replace the stream (by one that decrypts, for example),
//! correct the addresses, refuse the connection, or claim it for another protocol. Steps run in order, once per
//! connection, each with its own deadline. The channel's pipeline is built after the last step.
//!
//! ```
//! use std::time::Duration;
//! use remoting_transport::{Connection, PrologueError, PrologueFuture, PrologueStep, Verdict};
//!
//! /// Accepts only peers that send a magic word first.
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
//!             let first = connection.stream.peek(4).await.map_err(|error| PrologueError::io(self.name(), error))?;
//!             if !first.starts_with(b"open") {
//!                 return Err(PrologueError::refused(self.name(), "the magic word is missing"));
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

/// The outcome of a prologue step.
#[expect(clippy::large_enum_variant, reason = "made a few times in the life of a connection")]
#[non_exhaustive]
pub enum Verdict {
    /// The connection goes on to the next step. After the last step it becomes a channel.
    Continue(Connection),
    /// The step speaks another protocol on the connection, in this future. It runs in the connection's task without a
    /// deadline. It should end when it receives [`Connection::closing_signal`]; it is dropped when the owner of the
    /// listener closes the accepted connections. A dialled connection cannot be claimed.
    Claim(Pin<Box<dyn Future<Output = ()> + Send>>),
}

/// The future that [`PrologueStep::run`] returns.
pub type PrologueFuture<'a> = Pin<Box<dyn Future<Output = Result<Verdict, PrologueError>> + Send + 'a>>;

/// A step that runs on a connection before its first frame.
pub trait PrologueStep: fmt::Debug + Send + Sync + 'static {
    /// Returns the step's name in errors and logs.
    fn name(&self) -> &'static str;

    /// Returns how long the step may take.
    fn deadline(&self) -> Duration;

    /// Returns the name of the setter of the deadline, for errors. `None`, the default, if there is none.
    fn deadline_setter(&self) -> Option<&'static str> {
        None
    }

    /// Runs the step.
    ///
    /// The future is dropped, and the connection closed, when the deadline passes or the listener closes.
    ///
    /// # Errors
    /// Returns the reason why the connection is closed, usually [`PrologueError::refused`] or [`PrologueError::io`].
    /// A listener logs it; a dial returns it.
    fn run(&self, connection: Connection) -> PrologueFuture<'_>;
}

/// The result of waiting for the first byte of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FirstByte {
    /// A byte arrived. It is not consumed.
    Arrived,
    /// No byte arrived in time.
    Quiet,
    /// The peer closed its side without sending a byte.
    Ended,
}

/// Waits up to `quiet_time` for the first byte of a connection.
///
/// # Errors
/// Returns [`PrologueError::Closed`] if the peer resets the connection before its first byte.
pub(crate) async fn first_byte(
    step: &impl PrologueStep,
    stream: &mut Stream,
    quiet_time: Duration,
) -> Result<FirstByte, PrologueError> {
    use io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset, NotConnected};
    match tokio::time::timeout(quiet_time, stream.peek(1)).await {
        Ok(Ok([])) => Ok(FirstByte::Ended),
        Ok(Ok(_)) => Ok(FirstByte::Arrived),
        Ok(Err(error)) => Err(match error.kind() {
            BrokenPipe | ConnectionAborted | ConnectionReset | NotConnected => {
                PrologueError::Closed { step: step.name() }
            }
            _ => PrologueError::io(step.name(), error),
        }),
        Err(_elapsed) => Ok(FirstByte::Quiet),
    }
}

/// Runs the steps in order, each within its deadline, until a step claims the connection.
pub(crate) async fn run(
    steps: &[Arc<dyn PrologueStep>],
    mut connection: Connection,
) -> Result<Verdict, PrologueError> {
    for step in steps {
        let (after, mut running) = catch_panic(|| (step.deadline(), step.run(connection)))
            .map_err(|panic| panicked(&**step, panic))?;
        let run = poll_fn(|cx| poll_catching_panic(running.as_mut(), cx));
        let verdict = tokio::time::timeout(after, run)
            .await
            .map_err(|_elapsed| PrologueError::Timeout {
                step: step.name(),
                after,
                setter: step.deadline_setter(),
            })?
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

impl Verdict {
    /// Creates a [`Verdict::Claim`] of this conversation.
    pub fn claim(conversation: impl Future<Output = ()> + Send + 'static) -> Self {
        Self::Claim(Box::pin(conversation))
    }
}

impl fmt::Debug for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Continue(connection) => f.debug_tuple("Continue").field(connection).finish(),
            Self::Claim(_) => f.write_str("Claim"),
        }
    }
}
