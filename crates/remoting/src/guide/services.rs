//! Services from a `.proto` file: one trait to implement, over remoting and gRPC.
//!
//! Describe a service in a `.proto` file, and `remoting-build` generates its trait, its servers and its client. The page
//! [services] of the repository starts with the file and ends with both protocols on one port. This page shows what the
//! generated code is made of: the module [`service`](crate::service), feature `service`. With the feature `tonic` the same
//! service answers gRPC: see [`service::grpc`](crate::service::grpc).
//!
//! [services]: https://github.com/rocketmq-rs/remoting/blob/main/docs/services.md
//!
//! # A service
//!
//! A method takes the [`Call`](crate::service::Call) and a protobuf message. It returns a message or a
//! [`Status`](crate::service::Status), and knows neither protocol. This service is written by hand; its messages are those of
//! prost, of which `String` is one.
//!
//! ```
//! use std::sync::Arc;
//! use std::time::Duration;
//! use remoting::prelude::*;
//! use remoting::service::{Call, Caller, DeadlinePolicy, Method, ServiceProcessors, Status};
//!
//! // Generated code has a constant for each method.
//! const REVERSE: Method<String, String> =
//!     Method::new("text.Reverser", "Reverse", "/text.Reverser/Reverse").code(20_001);
//!
//! struct Reverser;
//!
//! impl Reverser {
//!     async fn reverse(&self, call: &Call, text: String) -> Result<String, Status> {
//!         if call.metadata().get("tenant").is_none() {
//!             return Err(Status::unauthenticated("the call has no tenant"));
//!         }
//!         Ok(text.chars().rev().collect())
//!     }
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! // A service needs no server to be tested.
//! let status = Reverser.reverse(&Call::in_process(), "abc".into()).await.unwrap_err();
//! assert_eq!(status.to_string(), "UNAUTHENTICATED: the call has no tenant");
//!
//! let deadlines = DeadlinePolicy::new().maximum(Duration::from_secs(60));
//! let processors = ServiceProcessors::new(Arc::new(Reverser), deadlines)
//!     .unary(REVERSE, Executor::inline(), Reverser::reverse)
//!     .into_set();
//! let server =
//!     RemotingServer::builder().bind("memory:guide-services").processors(processors).start().await?;
//!
//! let client = RemotingClient::builder().build()?;
//! let caller = Caller::from(client.to(server.local_addr()));
//! let call = caller.call(REVERSE, &"abc".to_owned()).metadata("tenant", "orders");
//! assert_eq!(call.timeout(Duration::from_secs(1)).await?, "cba");
//! # client.shutdown().await;
//! # server.shutdown().await;
//! # Ok(())
//! # }
//! ```
//!
//! # Which to choose
//!
//! | messages | use |
//! |---|---|
//! | RocketMQ's own, or JSON and typed headers | [typed operations](super::operations) |
//! | your own, in a `.proto` file, for peers in any language, or over gRPC too | services |
//! | bytes, or whole commands | [processors](super::processing) |
//!
//! All of them are processors of one server, by request code.
//!
//! # Failures
//!
//! A [`Status`](crate::service::Status) of any code arrives as it was sent, with its details and metadata. A Java peer sees a
//! response code and the message as remark. The failures of the call itself, such as
//! [`RpcError::Timeout`](crate::RpcError::Timeout), are statuses too: `rpc_error` returns the original, and
//! `may_have_been_sent` whether the method may have run.
