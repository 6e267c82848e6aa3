//! What happens on a connection before its first frame.
//!
//! A step may look at the first bytes, consume some of them, put another stream in the place of the one it was
//! given (one that decrypts, say), correct the addresses, or refuse the connection. Steps run in order, once for
//! each connection, each within its own deadline; after the last one the channel's pipeline is built. This is
//! where a proxy header, a TLS handshake or a SOCKS dialogue stands.
//!
//! ```
//! use std::time::Duration;
//! use remoting_transport::{Connection, PrologueError, PrologueFuture, PrologueStep};
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
//!     fn run<'a>(&'a self, connection: &'a mut Connection) -> PrologueFuture<'a> {
//!         Box::pin(async move {
//!             let first = connection.stream.peek(4).await.map_err(|error| self.io(error))?;
//!             if !first.starts_with(b"open") {
//!                 return Err(self.refuse("it did not say the word"));
//!             }
//!             connection.stream.consume(4);
//!             Ok(())
//!         })
//!     }
//! }
//! ```

use std::{fmt, future::Future, io, pin::Pin, sync::Arc, time::Duration};

use crate::{address::Address, error::PrologueError, stream::Stream};

/// A connection on its way to become a channel.
#[derive(Debug)]
pub struct Connection {
    /// The bytes. A step may wrap it.
    pub stream: Stream,
    /// This side's address.
    pub local: Address,
    /// The other side's address, which a step may correct to the one a proxy reports.
    pub peer: Address,
}

/// What [`PrologueStep::run`] returns.
pub type PrologueFuture<'a> = Pin<Box<dyn Future<Output = Result<(), PrologueError>> + Send + 'a>>;

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
    fn run<'a>(&'a self, connection: &'a mut Connection) -> PrologueFuture<'a>;

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

/// Runs all steps in order, each within its deadline.
pub(crate) async fn run(
    steps: &[Arc<dyn PrologueStep>],
    connection: &mut Connection,
) -> Result<(), PrologueError> {
    for step in steps {
        let after = step.deadline();
        tokio::time::timeout(after, step.run(connection))
            .await
            .map_err(|_elapsed| PrologueError::Timeout { step: step.name(), after })??;
    }
    Ok(())
}
