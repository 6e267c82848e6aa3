//! The server's prologue step, which detects TLS and performs the handshake.

use std::time::Duration;

use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;

use super::ServerTls;
use crate::{
    connection::Connection,
    driver::ending,
    prologue::{FirstByte, PrologueError, PrologueFuture, PrologueStep, Verdict, first_byte},
    protocol::LookAlike,
    stream::Stream,
    tls::{
        explain::{self, Peer},
        handshake::HANDSHAKE_TIMEOUT,
        io::TlsIo,
        mode::TlsMode,
        session::{TLS_SESSION, TlsSession},
    },
};

/// The first byte of a TLS record with a handshake message. A frame that begins with it would be longer than
/// 350 MB.
const HANDSHAKE: u8 = 0x16;

#[derive(Debug)]
pub(super) struct ServerTlsStep {
    tls: ServerTls,
}

impl ServerTlsStep {
    pub(super) fn new(tls: ServerTls) -> Self {
        Self { tls }
    }

    /// Returns whether the client speaks TLS. Peeks at its first byte.
    async fn speaks_tls(&self, stream: &mut Stream) -> Result<bool, PrologueError> {
        let settings = self.tls.settings();
        let permissive = settings.mode == TlsMode::Permissive;
        let after = if permissive { settings.quiet_time } else { settings.handshake.timeout };
        match first_byte(self, stream, after).await? {
            FirstByte::Arrived => {
                let first = stream.peek(1).await.map_err(|error| PrologueError::io(self.name(), error))?;
                Ok(first.first() == Some(&HANDSHAKE))
            }
            FirstByte::Quiet | FirstByte::Ended if permissive => Ok(false),
            FirstByte::Ended => Err(PrologueError::Closed { step: self.name() }),
            FirstByte::Quiet => {
                let setter = Some(HANDSHAKE_TIMEOUT);
                Err(PrologueError::Timeout { step: "tls (first byte)", after, setter })
            }
        }
    }

    /// Returns the error for a client that does not speak TLS. The error names the protocol that its bytes
    /// look like, if they are known.
    async fn refuse_plaintext(&self, stream: &mut Stream) -> PrologueError {
        const WHY: &str = "the client does not speak TLS, and plaintext is not accepted (enforcing)";
        let seen = match stream.peek(1).await {
            Ok(seen) => seen.first_chunk().and_then(|word| LookAlike::of(*word)),
            Err(error) => return PrologueError::io(self.name(), error),
        };
        match seen {
            Some(seen) => PrologueError::refused(self.name(), format!("{WHY}; the bytes look like {seen}")),
            None => PrologueError::refused(self.name(), WHY),
        }
    }

    async fn handshake(&self, mut connection: Connection) -> Result<Connection, PrologueError> {
        let Some(config) = self.tls.config() else {
            return Err(PrologueError::refused(
                self.name(),
                "the client speaks TLS, and TLS is disabled here",
            ));
        };
        let limit = self.tls.settings().handshake.timeout;
        let accept = TlsAcceptor::from(config).accept(connection.stream).into_fallible();
        let stream = match timeout(limit, accept).await {
            Ok(Ok(stream)) => stream,
            Ok(Err((error, stream))) => {
                ending::refuse(stream).await;
                return Err(PrologueError::refused(self.name(), explain::handshake(&error, Peer::Client)));
            }
            Err(_elapsed) => {
                let setter = Some(HANDSHAKE_TIMEOUT);
                return Err(PrologueError::Timeout { step: "tls (handshake)", after: limit, setter });
            }
        };
        let (_, state) = stream.get_ref();
        connection.attributes.set(&TLS_SESSION, TlsSession::new(state, state.server_name()));
        connection.stream = Stream::layer(TlsIo::new(stream, Peer::Client));
        Ok(connection)
    }
}

impl PrologueStep for ServerTlsStep {
    fn name(&self) -> &'static str {
        "tls"
    }

    /// A backstop: each part of the step also has its own limit, and this is more than their sum.
    fn deadline(&self) -> Duration {
        let settings = self.tls.settings();
        settings
            .quiet_time
            .saturating_add(settings.handshake.timeout)
            .saturating_add(settings.handshake.timeout)
            .saturating_add(ending::STREAM_CLOSE_TIMEOUT * 2)
    }

    fn deadline_setter(&self) -> Option<&'static str> {
        Some(HANDSHAKE_TIMEOUT)
    }

    fn run(&self, mut connection: Connection) -> PrologueFuture<'_> {
        Box::pin(async move {
            let mode = self.tls.mode();
            if mode == TlsMode::Disabled {
                return Ok(Verdict::Continue(connection));
            }
            if self.speaks_tls(&mut connection.stream).await? {
                return Ok(Verdict::Continue(self.handshake(connection).await?));
            }
            match mode {
                TlsMode::Enforcing => Err(self.refuse_plaintext(&mut connection.stream).await),
                _ => Ok(Verdict::Continue(connection)),
            }
        })
    }
}
