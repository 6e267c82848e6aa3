//! Request signing (Java: `AclClientRPCHook`, and the `AuthenticationPipeline` of brokers).
//!
//! A client signs each request with a secret key that it shares with the server. The server looks up the key by the access
//! key in the request and verifies the signature. The scheme is Java's, byte for byte:
//!
//! ```text
//! content    = the values of all ext fields but `Signature`, in the order of their keys (of UTF-16 code units)
//!              ++ the body
//! Signature  = base64(HMAC-SHA1(secret key, content))
//! ```
//!
//! The ext fields include `AccessKey` and, for temporary credentials, `SecurityToken`.
//!
//! * [`AclClientHook`] signs. It is an [`RpcHook`](crate::RpcHook); register it after hooks that change requests.
//! * [`AclVerifier`] verifies. It is a [`RequestPipeline`](crate::RequestPipeline) with the keys of an [`AccessKeyProvider`].
//!
//! ```
//! use std::collections::HashMap;
//! use std::time::Duration;
//! use remoting_rpc::acl::{AclClientHook, AclVerifier, SessionCredentials};
//! use remoting_rpc::transport::{Secret, protocol::{RemotingCommand, RequestCode, ResponseCode}};
//! use remoting_rpc::{Executor, RemotingClient, RemotingServer};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let keys = HashMap::from([("alice".to_owned(), Secret::from("open sesame"))]);
//! let server = RemotingServer::builder()
//!     .bind("memory:acl-page")
//!     .request_pipeline(AclVerifier::new(keys))
//!     .default_processor(Executor::inline(), |_ctx, request: RemotingCommand| async move {
//!         Ok(RemotingCommand::response_to(&request, ResponseCode::SUCCESS))
//!     })
//!     .start()
//!     .await?;
//!
//! let credentials = SessionCredentials::new("alice", "open sesame")?;
//! let client = RemotingClient::builder().hook(AclClientHook::new(credentials)).build()?;
//! let request = RemotingCommand::request(RequestCode::HEART_BEAT);
//! let response = client.invoke(server.local_addr(), request, Duration::from_secs(3)).await?;
//! assert_eq!(response.response_code(), ResponseCode::SUCCESS);
//! # client.shutdown().await;
//! # server.shutdown().await;
//! # Ok(())
//! # }
//! ```
//!
//! # What a signature does not do
//!
//! A signature authenticates the concatenation of the ext field values and the body. It does not cover the code, the opaque,
//! the flags, the names of the fields, or the boundaries between values. It contains no time, so an eavesdropper can replay
//! the request, even with another code. It encrypts nothing. Where others can listen, use TLS as well.

mod client_hook;
mod credentials;
mod keys;
mod signature;
mod verifier;

pub use self::client_hook::{AclClientHook, UnsignableBody};
pub use self::credentials::{CredentialsError, SessionCredentials};
pub use self::keys::AccessKeyProvider;
pub use self::verifier::AclVerifier;

/// The ext field with the name of the user. Java: `SessionCredentials.ACCESS_KEY`.
const ACCESS_KEY: &str = "AccessKey";
/// The ext field of temporary credentials. Java: `SessionCredentials.SECURITY_TOKEN`.
const SECURITY_TOKEN: &str = "SecurityToken";
/// The ext field with the signature. Java: `SessionCredentials.SIGNATURE`.
const SIGNATURE: &str = "Signature";
