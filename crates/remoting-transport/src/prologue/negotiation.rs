//! Several protocols on one port.

use std::{fmt, future::Future, pin::Pin, sync::Arc, time::Duration};

use super::{FirstByte, PrologueError, PrologueFuture, PrologueStep, Verdict, first_byte};
use crate::connection::Connection;

/// The first bytes of an HTTP/2 connection with prior knowledge, such as gRPC's.
pub const HTTP2_PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

type Handler = Arc<dyn Fn(Connection) -> Pin<Box<dyn Future<Output = ()> + Send>> + Send + Sync>;

/// A prologue step that routes connections to handlers of other protocols by their first bytes. All other connections
/// become channels. Equivalent of the `ProtocolNegotiationHandler` of RocketMQ's proxy, which routes gRPC.
///
/// A RocketMQ client is not delayed: the step continues at the first byte that rules out every prefix. A connection
/// that sends nothing becomes a channel after [`quiet_time`](Self::quiet_time).
///
/// A handler receives the connection with all of its bytes. It runs in the connection's task, counts towards
/// [`ListenerOptions::max_connections`](crate::ListenerOptions::max_connections) and has no deadline. When the
/// listener closes, the handler receives [`Connection::closing_signal`] and should finish. A handler that continues
/// is dropped when the listener's owner closes the accepted connections.
///
/// ```
/// use remoting_transport::{Bootstrap, ChannelOptions, Connection, HTTP2_PREFACE, ProtocolNegotiation};
/// use tokio::{io::copy_bidirectional, net::TcpStream};
///
/// let grpc = ProtocolNegotiation::new().route("HTTP/2", HTTP2_PREFACE, |mut connection: Connection| async move {
///     let closing = connection.closing_signal();
///     if let Ok(mut upstream) = TcpStream::connect("127.0.0.1:8081").await {
///         tokio::select! {
///             _ = copy_bidirectional(&mut connection.stream, &mut upstream) => {}
///             () = closing.received() => {}
///         }
///     }
/// });
/// let bootstrap = Bootstrap::new(ChannelOptions::default()).prologue_step(grpc);
/// ```
#[derive(Clone)]
pub struct ProtocolNegotiation {
    routes: Vec<Route>,
    quiet_time: Duration,
    deadline: Duration,
}

#[derive(Clone)]
struct Route {
    protocol: &'static str,
    prefix: &'static [u8],
    handler: Handler,
}

impl Default for ProtocolNegotiation {
    fn default() -> Self {
        Self { routes: Vec::new(), quiet_time: Duration::from_secs(3), deadline: Duration::from_secs(3) }
    }
}

impl ProtocolNegotiation {
    /// Creates a step without routes.
    pub fn new() -> Self {
        Self::default()
    }

    /// Appends a route: `handler` receives the connections that begin with `prefix`. `protocol` is a name for logs.
    ///
    /// The first matching route is used. An empty prefix matches every connection that sends at least one byte.
    #[must_use]
    pub fn route<F, R>(mut self, protocol: &'static str, prefix: &'static [u8], handler: F) -> Self
    where
        F: Fn(Connection) -> R + Send + Sync + 'static,
        R: Future<Output = ()> + Send + 'static,
    {
        let handler: Handler = Arc::new(move |connection| Box::pin(handler(connection)));
        self.routes.push(Route { protocol, prefix, handler });
        self
    }

    /// Sets how long to wait for the first byte before the connection becomes a channel. Default: 3 s.
    #[must_use]
    pub fn quiet_time(mut self, time: Duration) -> Self {
        self.quiet_time = time;
        self
    }

    /// Sets how long the peer may take, from its first byte on, to send enough bytes to select a route or rule out
    /// all of them. A connection that takes longer is closed. Default: 3 s.
    #[must_use]
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }

    async fn negotiate(&self, mut connection: Connection) -> Result<Verdict, PrologueError> {
        if first_byte(self, &mut connection.stream, self.quiet_time).await? != FirstByte::Arrived {
            return Ok(Verdict::Continue(connection));
        }
        let route = tokio::time::timeout(self.deadline, self.decide(&mut connection)).await.map_err(
            |_elapsed| PrologueError::Timeout {
                step: self.name(),
                after: self.deadline,
                setter: self.deadline_setter(),
            },
        )??;
        Ok(match route {
            Some(Route { protocol, handler, .. }) => {
                tracing::debug!(local = %connection.local, peer = %connection.peer, protocol, "connection claimed");
                Verdict::Claim(handler(connection))
            }
            None => Verdict::Continue(connection),
        })
    }

    /// Returns the route of a connection as soon as its first bytes determine it, or `None` if no route matches.
    async fn decide(&self, connection: &mut Connection) -> Result<Option<&Route>, PrologueError> {
        let mut wanted = 1;
        loop {
            let came = connection
                .stream
                .peek(wanted)
                .await
                .map_err(|error| PrologueError::io(self.name(), error))?;
            let possible = self.routes.iter().find(|route| {
                let compared = route.prefix.len().min(came.len());
                route.prefix[..compared] == came[..compared]
            });
            match possible {
                Some(route) if came.len() >= route.prefix.len() => return Ok(Some(route)),
                Some(_) if came.len() >= wanted => wanted = came.len() + 1,
                Some(_) | None => return Ok(None),
            }
        }
    }
}

impl PrologueStep for ProtocolNegotiation {
    fn name(&self) -> &'static str {
        "protocol negotiation"
    }

    fn deadline(&self) -> Duration {
        self.quiet_time.saturating_add(self.deadline)
    }

    fn deadline_setter(&self) -> Option<&'static str> {
        Some("ProtocolNegotiation::deadline")
    }

    fn run(&self, connection: Connection) -> PrologueFuture<'_> {
        Box::pin(self.negotiate(connection))
    }
}

impl fmt::Debug for ProtocolNegotiation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let protocols = self.routes.iter().map(|route| route.protocol).collect::<Vec<_>>();
        f.debug_struct("ProtocolNegotiation").field("protocols", &protocols).finish_non_exhaustive()
    }
}
