//! Calls over channels: the remoting server and client of Apache RocketMQ.
//!
//! ```text
//!  RemotingClient ─► RpcChannel::invoke ─► permit ─► opaque ─► channel ═══════════════════╗
//!       ▲                                                                               wire
//!       └── ResponseTable (this channel's) ◄── a response ◄─┐                             ║
//!                                                           ├─ sink of the channel ◄══════╝
//!  RequestProcessor ◄─ hooks ◄─ Executor ◄── a request ◄────┘
//!       └─► hooks ─► the response, in the same flush where possible
//! ```
//!
//! Servers and clients have both halves of the picture: either side may call the other.
//!
//! * [`RemotingServer`] listens and responds; [`RemotingClient`] calls by address. Both call through an
//!   [`RpcChannel`], which is one connection. A [`RequestContext`] has the channel of its request, to push to
//!   the peer.
//! * A [`RequestProcessor`] responds to requests. It is an async function, a closure or a type. It is
//!   registered with the [`Executor`] that runs and bounds it: inline on the channel's task, as tasks, or on
//!   threads for blocking code.
//! * An [operation](mod@transport::protocol::operation) ties a code to types. [`Target::call`] returns the content of its
//!   response. An async method of a state, which takes its [`Request`], handles it:
//!   [`ProcessorSet::handle`].
//! * [`RpcHook`]s see requests and responses on both sides. A [`RequestPipeline`] checks requests before they
//!   are processed.
//! * Each call has one time budget and ends exactly once: with its response or with an [`RpcError`]. The
//!   error names the peer and the phase in which the budget ran out, and tells whether the request [may have
//!   been sent](RpcError::may_have_been_sent).
//! * Every wait has a bound, and nothing is dropped because a peer is slow. Calls wait for capacity within
//!   their budget, and a channel whose responses wait for capacity is not read.
//!
//! This layer touches neither sockets nor bytes: it plugs into the [`transport`] as the sink of its channels.
//!
//! ```
//! use std::time::Duration;
//! use remoting_rpc::transport::protocol::{RemotingCommand, RequestCode, ResponseCode};
//! use remoting_rpc::{Executor, RemotingClient, RemotingServer};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let server = RemotingServer::builder()
//!     .bind("memory:crate-page")
//!     .processor(RequestCode(20_001), Executor::inline(), |_ctx, request: RemotingCommand| async move {
//!         let response = RemotingCommand::response_to(&request, ResponseCode::SUCCESS);
//!         Ok(response.with_body(request.into_body()))
//!     })
//!     .start()
//!     .await?;
//!
//! let client = RemotingClient::builder().build()?;
//! let request = RemotingCommand::request(RequestCode(20_001)).with_body("hello");
//! let response = client.invoke(server.local_addr(), request, Duration::from_secs(3)).await?;
//! assert_eq!(response.body(), b"hello");
//!
//! client.shutdown().await;
//! server.shutdown().await;
//! # Ok(())
//! # }
//! ```
//!
//! # Features
//!
//! All features are additive and off by default.
//!
//! * `acl`: the module `acl`, which signs requests like Java's ACL.
//! * `metrics`: the histogram `rocketmq_rpc_latency_milliseconds`, through the `metrics` crate; its buckets
//!   are [`LATENCY_BUCKETS`].
//! * `prost`: bodies that are protobuf messages.
//! * `socks`: clients connect through SOCKS5 proxies.
//! * `testing`: the scripted peer of the module `testing`.
//! * `tower`: the module `tower`, calls and processors as services of tower.
//! * `tls`: TLS for servers and clients. `tls-encrypted-keys`, `tls-watch` and `tls-self-signed` are features
//!   of the [transport].
#![forbid(unsafe_code)]
#![cfg_attr(docsrs, feature(doc_cfg))] // docs.rs says which feature an item needs

pub use remoting_transport as transport;

#[cfg(feature = "acl")]
pub mod acl;
mod call;
mod channel;
mod client;
mod config;
mod deadline;
mod dispatch;
mod endpoint;
mod error;
mod executor;
mod extensions;
mod hook;
mod java_property;
mod latency;
mod operation;
mod permit;
mod processor;
mod request;
mod response_table;
mod server;
mod tasks;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
#[cfg(feature = "tower")]
pub mod tower;

pub use call::{IntoSuccess, Response, TypedCall};
pub use channel::RpcChannel;
pub use client::{
    ClientConfig, ClientStatistics, Invoke, RemotingClient, RemotingClientBuilder, Target, ToNameServers,
};
pub use config::ConfigError;
pub use error::{CallKind, CallPhase, Cause, ProcessorError, Refusal, RpcError};
pub use executor::Executor;
pub use extensions::Extensions;
pub use hook::{HookContext, NamespaceHook, RpcHook, StreamTypeHook, ZoneHook};
pub use latency::LATENCY_BUCKETS;
pub use operation::{HandlerOutput, IntoReply, OperationHandler, Request, TypedReply, TypedResponder};
pub use processor::{
    BoxProcessor, Later, Piped, ProcessorSet, Reply, RequestContext, RequestPipeline, RequestProcessor,
    Responder, RunToEnd, processor_fn, processor_with,
};
pub use request::RequestStatistics;
pub use server::{
    ERRORS_WITHHELD, EventLoops, RemotingServer, RemotingServerBuilder, ServerConfig, ServerError,
    ServerStatistics, ShutdownReport, SubServer, SubServerBuilder,
};

/// The README's example, as a test.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
