//! TLS 1.2 and 1.3, implemented by [rustls](https://docs.rs/rustls) with the ring provider.
//!
//! * [`ServerTls`] accepts TLS only, or TLS and plaintext on one port, distinguished by the first byte
//!   ([`TlsMode`]). It can request a certificate from clients ([`ClientAuth`]).
//! * [`ClientTls`] dials. It verifies the issuer and the host name of the server's certificate, unless
//!   disabled by a setting whose name begins with `danger`.
//! * Both load certificates, keys and trust roots as a unit, and reload them on request or when files change
//!   ([`TlsWatch`]). An invalid configuration is an error at start; an invalid reload keeps the previous one.
//!   Nothing falls back to plaintext.
//! * [`Channel::tls_session`](crate::Channel::tls_session) returns the negotiated parameters and the peer's
//!   certificate.
//! * [`JavaTlsProperties`] reads RocketMQ's `tls.properties`.
//!
//! The server and client builders of the crate `remoting` take them: `RemotingServer::builder().tls(server)`,
//! `RemotingClient::builder().tls(client)`. A [`Bootstrap`](crate::Bootstrap) takes them as prologue steps:
//!
//! ```no_run
//! use remoting_transport::{Bootstrap, ChannelOptions};
//! use remoting_transport::tls::{ClientTls, ClientTlsConfig, ServerTls, ServerTlsConfig, TlsIdentity, TrustRoots};
//!
//! # fn main() -> Result<(), remoting_transport::tls::TlsError> {
//! let identity = TlsIdentity::files("server.pem", "server.key");
//! let server = ServerTls::new(ServerTlsConfig::new(identity))?;
//! let accepting = Bootstrap::new(ChannelOptions::default()).prologue_step(server.step());
//!
//! let client = ClientTls::new(ClientTlsConfig::new(TrustRoots::file("ca.pem")))?;
//! let dialling = Bootstrap::new(ChannelOptions::default()).prologue_step(client.step());
//! # Ok(())
//! # }
//! ```

mod algorithms;
mod certificate;
mod client;
mod encrypted_key;
mod error;
mod explain;
mod generation;
mod handshake;
mod identity;
mod io;
mod mode;
#[cfg(feature = "tls-watch")]
mod notifications;
mod pem;
mod properties;
mod reload;
mod roots;
#[cfg(feature = "tls-self-signed")]
mod self_signed;
mod server;
mod session;
mod signatures;
mod watch;

pub use self::{
    certificate::{CertificateDetails, CertificateError, PeerCertificate},
    client::{ClientTls, ClientTlsConfig},
    error::TlsError,
    identity::TlsIdentity,
    mode::{ClientAuth, TlsMode},
    pem::Pem,
    properties::JavaTlsProperties,
    roots::TrustRoots,
    server::{ServerTls, ServerTlsConfig},
    session::TlsSession,
    watch::TlsWatch,
};
