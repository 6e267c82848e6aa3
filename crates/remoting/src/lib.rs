//! The Apache RocketMQ remoting stack: a server and a client that speak to Java peers and to each other.
//!
//! # A server and a client
//!
//! Besides this crate, the example needs `tokio` with the features `macros` and `rt-multi-thread`, and `serde`
//! with the feature `derive`.
//!
//! ```
//! use std::time::Duration;
//! use remoting::prelude::*;
//! use serde::{Deserialize, Serialize};
//!
//! /// A typed header. Its fields travel as ext fields.
//! #[derive(Serialize, Deserialize)]
//! #[serde(rename_all = "camelCase")]
//! struct EchoHeader {
//!     topic: String,
//!     queue_id: i32,
//! }
//!
//! const ECHO: RequestCode = RequestCode(20_001);
//!
//! async fn echo(
//!     _ctx: RequestContext,
//!     request: RemotingCommand,
//! ) -> Result<RemotingCommand, ProcessorError> {
//!     let header: EchoHeader = request.header()?;
//!     let response =
//!         RemotingCommand::response_to(&request, ResponseCode::SUCCESS);
//!     Ok(response
//!         .with_remark(format!("{} {}", header.topic, header.queue_id))
//!         .with_body(request.into_body()))
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let server = RemotingServer::builder()
//!     .bind("127.0.0.1:0")
//!     .processor(ECHO, Executor::inline(), echo)
//!     .on_event(|event: ChannelEvent| println!("{event}"))
//!     .start()
//!     .await?;
//!
//! let client = RemotingClient::builder().build()?;
//! let target = client.to(server.local_addr()).timeout(Duration::from_secs(3));
//! let request = RemotingCommand::request(ECHO)
//!     .with_header(&EchoHeader { topic: "t".into(), queue_id: 3 })?
//!     .with_body("hello");
//! let response = target.invoke(request).await?;
//! assert_eq!(response.remark(), Some("t 3"));
//! assert_eq!(response.body(), b"hello");
//!
//! client.shutdown().await;
//! server.shutdown().await;
//! # Ok(())
//! # }
//! ```
//!
//! Codes of your own are numbers from 20 000 to 32 767: RocketMQ uses none of them.
//!
//! # The guide
//!
//! | page | answers |
//! |---|---|
//! | [Calling](guide::calling) | How do I call a peer, and which failed calls may I repeat? |
//! | [Processing](guide::processing) | How do I answer requests: state, several codes, executors, long polling? |
//! | [Typed operations](guide::operations) | How do I call and answer by type: headers, bodies, state, errors? |
//! | [Services](guide::services) | How do I serve a `.proto` file over remoting and gRPC? |
//! | [Bodies](guide::bodies) | How do I read and write Java's JSON, protobuf, bytes, files? |
//! | [Extending](guide::extending) | Where do hooks, pipelines, handlers and prologue steps go? How do I authenticate? |
//! | [Tower](guide::tower) | How do I put layers around calls and processors: retries, deadlines, limits? |
//! | [TLS](guide::tls) | How do I encrypt connections, and verify both sides? |
//! | [The network](guide::network) | How do I map addresses, or use a socket that is already bound? |
//! | [Observing](guide::observing) | What do I log, count and export? |
//! | [Testing](guide::testing) | How do I test my code without sockets or sleeps? |
//! | [Porting](guide::porting) | How do I translate a Java processor, client or hook? |
//!
//! # Where things are
//!
//! The root exports what most programs use; the [`prelude`] exports the most frequent of these. [`body`] has
//! functions for bodies, [`operation`](mod@operation) what a typed call or handler needs. [`protocol`] adds the rest of commands and frames, and [`transport`] what handlers,
//! prologue steps and networks need.
//! The modules `tls`, `acl`, `model`, `service`, `tower` and `testing` come with the features of the same names. `testing` has
//! the doubles for tests.
//!
//! This crate adds no code to the layers that it re-exports. Each layer is a crate, built on the
//! next one in this list:
//! [remoting-rpc](https://docs.rs/remoting-rpc), [remoting-transport](https://docs.rs/remoting-transport),
//! [remoting-protocol](https://docs.rs/remoting-protocol).
//!
//! In the repository: [examples](https://github.com/rocketmq-rs/remoting/tree/main/crates/remoting/examples)
//! · [architecture](https://github.com/rocketmq-rs/remoting/blob/main/docs/architecture.md) · [wire
//! format](https://github.com/rocketmq-rs/remoting/blob/main/docs/wire-format.md) · [Java's names and
//! settings](https://github.com/rocketmq-rs/remoting/blob/main/docs/java-parity.md) · [what a hostile peer
//! can do](https://github.com/rocketmq-rs/remoting/blob/main/docs/security.md) ·
//! [measurements](https://github.com/rocketmq-rs/remoting/blob/main/docs/benchmarks.md).
//!
//! # Feature flags
//!
//! All features are additive. `tls` is on by default, so that no program lacks TLS by accident. The others are off,
//! because most programs do not need them. The last column is the number of crates that a feature adds to a build.
//!
//! | feature | adds | crates |
//! |---|---|--:|
//! | `tls` (default) | TLS for servers and clients: the module `tls` | 17 |
//! | `tls-encrypted-keys` | private keys that are encrypted with a password | 30 |
//! | `tls-watch` | changed certificate files are reloaded 200 ms after the last change instead of within ten seconds | 7 |
//! | `tls-self-signed` | a server that makes its own certificate, for tests | 9 |
//! | `acl` | signed requests: the module `acl` | 11 |
//! | `socks` | clients dial through SOCKS5 proxies | 4 |
//! | `tower` | calls and processors as services of tower, with layers: the module `tower` | 4 |
//! | `metrics` | the histogram `rocketmq_rpc_latency_milliseconds`, through the `metrics` facade | 2 |
//! | `prost` | bodies that are protobuf messages | 5 |
//! | `model` | RocketMQ's headers, bodies, messages and operations: the module `model` | 3 |
//! | `service` | services of a `.proto` file: the module `service` | 7 |
//! | `tonic` | services over gRPC too, on the same port | 39 |
//! | `testing` | the doubles for tests: the module `testing` | 0 |
//! | `zlib` | compressed message bodies and registrations of brokers, with `model` | 4 |
//! | `lz4`, `zstd` | message bodies in these compressions, with `model` | 2 each |
//!
//! A configuration that needs a feature that is off is rejected with an error that names the feature.
#![forbid(unsafe_code)]
#![cfg_attr(docsrs, feature(doc_cfg))] // docs.rs says which feature an item needs
// The guide links to items that need a feature.
#![cfg_attr(
    not(all(feature = "acl", feature = "testing", feature = "tls", feature = "tonic", feature = "tower")),
    allow(rustdoc::broken_intra_doc_links)
)]

pub mod guide;
pub mod prelude;
pub mod protocol;
#[cfg(feature = "testing")]
pub mod testing;
pub mod transport;

#[cfg(feature = "model")]
pub use remoting_model as model;
#[cfg(feature = "acl")]
pub use remoting_rpc::acl;
#[cfg(feature = "tower")]
pub use remoting_rpc::tower;
pub use remoting_rpc::transport::protocol::body;
pub use remoting_rpc::transport::protocol::operation;
#[cfg(feature = "tls")]
pub use remoting_rpc::transport::tls;
#[cfg(feature = "service")]
pub use remoting_service as service;

// Servers and clients.
pub use remoting_rpc::{
    ClientConfig, ClientStatistics, ConfigError, EventLoops, RemotingClient, RemotingClientBuilder,
    RemotingServer, RemotingServerBuilder, RequestStatistics, ServerConfig, ServerError, ServerStatistics,
    ShutdownReport, SubServer, SubServerBuilder, ToNameServers,
};
// Calls.
pub use remoting_rpc::{
    CallKind, CallPhase, Cause, IntoSuccess, Invoke, ProcessorError, Refusal, RpcChannel, RpcError, Target,
};
// Processors.
pub use remoting_rpc::{
    BoxProcessor, Executor, Later, ProcessorSet, Reply, RequestContext, RequestProcessor, Responder,
    RunToEnd, processor_fn, processor_with,
};
// Operations: typed calls and handlers.
pub use remoting_rpc::{
    HandlerOutput, IntoReply, OperationHandler, Request, Response, TypedCall, TypedReply, TypedResponder,
};
// Hooks, the request pipeline, metrics.
pub use remoting_rpc::{
    Extensions, HookContext, LATENCY_BUCKETS, NamespaceHook, Piped, RequestPipeline, RpcHook, StreamTypeHook,
    ZoneHook,
};
// Of the layers below: what the signatures and errors above name.
pub use remoting_rpc::transport::protocol::{
    Body, BodyError, CommandFlags, EncodeError, ErrorChain, ExtFields, ExternalBody, FrameLimits,
    HeaderError, LanguageCode, MqVersion, RemotingCommand, RequestCode, ResponseCode, ResponseError,
    SerializeType, UnknownName,
};
pub use remoting_rpc::transport::{
    Address, AddressError, AttributeKey, Attributes, BindError, BoundListener, Channel, ChannelEvent,
    ChannelEventKind, ChannelEventListener, ChannelHandler, ChannelId, ChannelInitializer, ChannelPipeline,
    CloseInitiator, CloseReason, ConnectError, ConnectionFilter, FileRegion, FileRegionError, Flow,
    HandlerContext, IpNet, ListenerStatistics, Network, OptionsError, PipelineError, PrologueStep,
    ProxyProtocol, SendError, SendProxyHeader, SocksProxies, TrafficDistribution, TrafficSnapshot,
    TrySendError, WaterMark,
};

/// The README's example, as a test.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
