//! TLS, by [rustls](https://docs.rs/rustls) with the ring provider: versions 1.2 and 1.3.
//!
//! * [`ServerTls`] accepts: TLS only, or TLS and plaintext on one port told apart by the first byte ([`TlsMode`]);
//!   clients may be asked for a certificate ([`ClientAuth`]).
//! * [`ClientTls`] dials. It verifies who signed a server's certificate and that it is made out for the host that is
//!   dialled, unless it is told otherwise by names that begin with `danger`.
//! * Both load certificates, keys and trust roots as a whole, and again when told to or when files change
//!   ([`TlsWatch`]). What cannot be used never replaces what can: a bad configuration does not start, a bad reload
//!   keeps what there is, and nothing ever falls back to plaintext.
//! * What a handshake agreed on, and the peer's certificate, is told by
//!   [`Channel::tls_session`](crate::Channel::tls_session).
//! * [`JavaTlsProperties`] reads the `tls.properties` of RocketMQ.
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
