//! The client's prologue step, which performs the handshake.

use std::time::Duration;

use rustls::pki_types::ServerName;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

use super::{ClientTls, Loaded, server_name};
use crate::{
    address::Address,
    connection::Connection,
    driver::ending,
    prologue::{PrologueError, PrologueFuture, PrologueStep, Verdict},
    stream::Stream,
    tls::{
        explain::{self, Peer},
        handshake::HANDSHAKE_TIMEOUT,
        io::TlsIo,
        session::{TLS_SESSION, TlsSession},
    },
};

#[derive(Debug)]
pub(super) struct ClientTlsStep {
    tls: ClientTls,
}

impl ClientTlsStep {
    pub(super) fn new(tls: ClientTls) -> Self {
        Self { tls }
    }

    /// Returns the name that the server's certificate must contain.
    fn expected(
        &self,
        loaded: &Loaded,
        connection: &Connection,
    ) -> Result<ServerName<'static>, PrologueError> {
        if let Some(name) = &loaded.server_name {
            return Ok(name.clone());
        }
        match connection.dialled().unwrap_or(&connection.peer) {
            Address::Socket(address) => Ok(ServerName::IpAddress(address.ip().into())),
            Address::Host { host, .. } => {
                server_name(host).map_err(|error| PrologueError::refused(self.name(), error.to_string()))
            }
            other => Err(PrologueError::refused(
                self.name(),
                format!("{other} has no host name to verify: set server_name"),
            )),
        }
    }

    async fn handshake(&self, mut connection: Connection) -> Result<Connection, PrologueError> {
        let loaded = self.tls.generations.config();
        let name = self.expected(&loaded, &connection)?;
        let limit = self.tls.settings().handshake.timeout;
        let connector = TlsConnector::from(loaded.config.clone());
        let connect = connector.connect(name.clone(), connection.stream).into_fallible();
        let stream = match timeout(limit, connect).await {
            Ok(Ok(stream)) => stream,
            Ok(Err((error, stream))) => {
                ending::refuse(stream).await;
                return Err(PrologueError::refused(self.name(), explain::handshake(&error, Peer::Server)));
            }
            Err(_elapsed) => {
                let setter = Some(HANDSHAKE_TIMEOUT);
                return Err(PrologueError::Timeout { step: "tls (handshake)", after: limit, setter });
            }
        };
        let (_, state) = stream.get_ref();
        connection.attributes.set(&TLS_SESSION, TlsSession::new(state, Some(&name.to_str())));
        connection.stream = Stream::layer(TlsIo::new(stream, Peer::Server));
        Ok(connection)
    }
}

impl PrologueStep for ClientTlsStep {
    fn name(&self) -> &'static str {
        "tls"
    }

    fn deadline(&self) -> Duration {
        self.tls.settings().handshake.timeout.saturating_add(ending::STREAM_CLOSE_TIMEOUT * 2)
    }

    fn deadline_setter(&self) -> Option<&'static str> {
        Some(HANDSHAKE_TIMEOUT)
    }

    fn run(&self, connection: Connection) -> PrologueFuture<'_> {
        Box::pin(async move { Ok(Verdict::Continue(self.handshake(connection).await?)) })
    }
}
