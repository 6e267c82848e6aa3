//! TLS: servers with a certificate, clients that verify it, and certificates of clients.
//!
//! TLS is the feature `tls`, which is on by default. It is implemented by [rustls](https://docs.rs/rustls)
//! with the provider ring, versions 1.2 and 1.3.
//!
//! # A server and a client
//!
//! ```no_run
//! # #[cfg(feature = "tls")]
//! # async fn tls() -> Result<(), Box<dyn std::error::Error>> {
//! use remoting::prelude::*;
//! use remoting::tls::*;
//!
//! let identity = TlsIdentity::files("server.pem", "server.key");
//! let tls = ServerTls::new(ServerTlsConfig::new(identity))?;
//! let server =
//!     RemotingServer::builder().bind("0.0.0.0:10911").tls(tls).start().await?;
//!
//! let tls = ClientTls::new(ClientTlsConfig::new(TrustRoots::file("ca.pem")))?;
//! let client = RemotingClient::builder().tls(tls).build()?;
//! # drop((server, client));
//! # Ok(())
//! # }
//! ```
//!
//! A server accepts only TLS, unless its [`TlsMode`](crate::tls::TlsMode) says otherwise. A client never
//! falls back to plaintext. It verifies that the certificate is signed by one of its roots and contains the
//! host name or IP address that it dials.
//!
//! # Certificates of clients
//!
//! ```no_run
//! # #[cfg(feature = "tls")]
//! # async fn tls() -> Result<(), Box<dyn std::error::Error>> {
//! use remoting::prelude::*;
//! use remoting::tls::*;
//!
//! let identity = TlsIdentity::files("server.pem", "server.key");
//! let roots = TrustRoots::file("clients-ca.pem");
//! let config =
//!     ServerTlsConfig::new(identity).client_auth(ClientAuth::Require, roots);
//! let builder = RemotingServer::builder().tls(ServerTls::new(config)?);
//!
//! async fn who_am_i(
//!     ctx: RequestContext,
//!     request: RemotingCommand,
//! ) -> Result<RemotingCommand, ProcessorError> {
//!     let session = ctx.tls_session().ok_or("not over TLS")?;
//!     let certificate = session.peer_certificate().ok_or("no certificate")?;
//!     let subject = certificate.details()?.subject;
//!     let response =
//!         RemotingCommand::response_to(&request, ResponseCode::SUCCESS);
//!     Ok(response.with_body(subject))
//! }
//! # drop(builder.processor(RequestCode(20_001), Executor::inline(), who_am_i));
//! # Ok(())
//! # }
//! ```
//!
//! The client presents its certificate with `ClientTlsConfig::new(roots).identity(identity)`.
//!
//! # New certificates
//!
//! Replace the files: server and client read them again, without a restart, and use them for new connections.
//! With the feature `tls-watch` they do so 200 ms after the last change, without it within ten seconds. Files
//! that cannot be used never replace those in use; the failure is logged and returned by
//! [`ServerTls::last_reload_error`](crate::tls::ServerTls::last_reload_error).
//!
//! [`JavaTlsProperties`](crate::tls::JavaTlsProperties) reads RocketMQ's `tls.properties`. The repository has
//! [all recipes](https://github.com/rocketmq-rs/remoting/blob/main/docs/tls.md) and the examples `tls` and
//! `mutual_tls`.
