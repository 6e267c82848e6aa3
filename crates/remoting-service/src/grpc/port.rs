use std::error::Error;
use std::time::Duration;

use remoting_rpc::transport::{Connection, HTTP2_PREFACE, PrologueFuture, PrologueStep, ProtocolNegotiation};
use tower_service::Service;

use super::connection::serve;

/// Serves gRPC on the port of a remoting server: a prologue step for
/// [`RemotingServerBuilder::prologue_step`](remoting_rpc::RemotingServerBuilder::prologue_step).
///
/// Connections that begin as HTTP/2 are served here, in the same process and on the same socket; all others become
/// channels. A PROXY header and TLS come before: the server's own settings hold for both protocols. gRPC clients offer `h2`
/// by ALPN, so set [`ServerTlsConfig::alpn`](remoting_rpc::transport::tls::ServerTlsConfig::alpn) to `["h2"]`; remoting clients
/// offer nothing and are accepted too.
///
/// A [shutdown](remoting_rpc::RemotingServer::shutdown) of the server ends both: gRPC clients receive a GOAWAY, calls in
/// progress are answered, and those that take longer than
/// [`shutdown_timeout`](remoting_rpc::ServerConfig::shutdown_timeout) are cut, like requests over remoting.
///
/// # Bounds
///
/// | what | bound | at the bound |
/// |---|---|---|
/// | connections | those of the listener, together with channels | as for channels |
/// | calls in progress of a connection | 256 | the client waits |
/// | headers of a request | 16 KiB | the call is refused |
/// | silence of a peer that does not answer pings | a ping after 60 s, 20 s for its answer | the connection is closed |
/// | an incomplete message | 64 KiB of it, or its end, in 60 s | the call ends with `DEADLINE_EXCEEDED` |
/// | a response that is not taken | 16 KiB of it in 60 s | the call is reset |
///
/// A [`MessageDeadline`](super::MessageDeadline), which a generated server has, also limits the time in which the request of a
/// method without streams must be complete.
///
/// Executors of processors do not limit calls over gRPC. To limit them, put a `tower` layer around the services.
#[derive(Debug, Clone)]
pub struct Grpc(ProtocolNegotiation);

impl Grpc {
    /// Creates the step from tonic's services: [`Routes`](tonic::service::Routes), or any service around them.
    pub fn new<S>(services: S) -> Self
    where
        S: Service<http::Request<tonic::body::Body>, Response = http::Response<tonic::body::Body>>
            + Clone
            + Send
            + Sync
            + 'static,
        S::Error: Into<Box<dyn Error + Send + Sync>>,
        S::Future: Send + 'static,
    {
        let handler = move |connection: Connection| serve(services.clone(), connection);
        Self(ProtocolNegotiation::new().route("gRPC", HTTP2_PREFACE, handler))
    }

    /// Returns the protocol negotiation with gRPC as its route, to change its times or to add routes of other protocols.
    #[must_use]
    pub fn into_negotiation(self) -> ProtocolNegotiation {
        self.0
    }
}

impl PrologueStep for Grpc {
    fn name(&self) -> &'static str {
        PrologueStep::name(&self.0)
    }

    fn deadline(&self) -> Duration {
        PrologueStep::deadline(&self.0)
    }

    fn run(&self, connection: Connection) -> PrologueFuture<'_> {
        self.0.run(connection)
    }
}
