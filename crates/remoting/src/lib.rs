//! The Apache RocketMQ remoting stack: a server and a client that speak to Java peers and to each other.
//!
//! # A server and a client
//!
//! ```
//! use std::time::Duration;
//! use remoting::prelude::*;
//! use serde::{Deserialize, Serialize};
//!
//! /// A typed header: its fields travel as ext fields, under their camelCase names.
//! #[derive(Serialize, Deserialize)]
//! #[serde(rename_all = "camelCase")]
//! struct EchoHeader {
//!     topic: String,
//!     queue_id: i32,
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let server = RemotingServer::builder()
//!     .bind("127.0.0.1:0")
//!     .processor(RequestCode(20_001), Executor::inline(), |_ctx, request: RemotingCommand| async move {
//!         let header: EchoHeader = request.header()?;
//!         Ok(RemotingCommand::response_to(&request, ResponseCode::SUCCESS)
//!             .with_remark(format!("{} {}", header.topic, header.queue_id))
//!             .with_body(request.into_body()))
//!     })
//!     .on_event(|event: ChannelEvent| println!("{event}"))
//!     .start()
//!     .await?;
//!
//! let client = RemotingClient::builder().build()?;
//! let request = RemotingCommand::request(RequestCode(20_001))
//!     .with_header(&EchoHeader { topic: "t".into(), queue_id: 3 })?
//!     .with_body("hello");
//! let response = client.invoke(server.local_addr(), request, Duration::from_secs(3)).await?;
//! assert_eq!(response.remark(), Some("t 3"));
//! assert_eq!(response.body(), b"hello");
//!
//! client.shutdown().await;
//! server.shutdown().await;
//! # Ok(())
//! # }
//! ```
//!
//! # Calling
//!
//! | Java | here |
//! |---|---|
//! | `invokeSync(addr, request, ms)` | `client.invoke(addr, request, timeout).await` |
//! | `invokeAsync(addr, request, ms, callback)` | spawn or join the same future; or [`RemotingClient::invoke_with_callback`] |
//! | `invokeOneway(addr, request, ms)` | [`RemotingClient::invoke_oneway`] |
//! | `addr == null` | [`RemotingClient::invoke_name_server`] |
//! | a server's `invokeSync(channel, …)` | [`RpcChannel::invoke`], of a channel from [`RequestContext`] or [`RemotingServer::channels`] |
//!
//! A call has one budget of time for connecting, waiting for a permit and for room, sending and waiting for the
//! response; the [`RpcError`] says which of these spent it, and whether the request may have been sent. Dropping
//! the future gives the call up and frees all it holds.
//!
//! # Answering
//!
//! A processor is an async closure or a [`RequestProcessor`]. Each is registered with an [`Executor`]:
//!
//! * [`Executor::inline`] polls it on the channel's own task: for work of a few microseconds;
//! * [`Executor::runtime`] spawns a task, up to a bound: for work that waits or takes longer;
//! * [`Executor::blocking`] uses threads of its own, with a bounded queue: for work that blocks.
//!
//! An executor that is full makes the peer get `SYSTEM_BUSY`, or [stops reading](Executor::stop_reading_when_full) the
//! peer's channel, by which a gateway loses nothing; an error or panic of a processor makes the peer get `SYSTEM_ERROR`
//! with a remark. A body may be a [`FileRegion`], as a broker answers pulls: over plain TCP it goes from the file to the
//! socket without passing through the process. A processor that answers much later (long polling) simply awaits, or
//! returns [`Reply::later`]. Its future is dropped when the caller leaves, unless it is to [run to its end](RunToEnd).
//!
//! # Extending
//!
//! * [`RpcHook`]: before each request, after each response, on both sides. Java's own are there: [`ZoneHook`],
//!   [`StreamTypeHook`], [`NamespaceHook`], and, with the feature `acl`, `acl::AclClientHook`, which
//!   signs requests.
//! * [`RequestPipeline`]: what authenticates and authorizes a request before its processor; `acl::AclVerifier` checks
//!   signatures.
//! * [`ChannelHandler`](transport::ChannelHandler): every frame and event of a connection, as in Netty.
//! * [`PrologueStep`](transport::PrologueStep): the first bytes of a connection. TLS,
//!   [`ProxyProtocol`](transport::ProxyProtocol) behind load balancers, and
//!   [`ProtocolNegotiation`](transport::ProtocolNegotiation) for other protocols on the same port are such steps.
//! * [`SocksProxies`](transport::SocksProxies): clients dial through SOCKS5 proxies (feature `socks`).
//! * [`Network`](transport::Network): who dials and who listens, see below.
//!
//! # Swapping the network
//!
//! Every connection comes from a [`Network`](transport::Network): the operating system's by default. Give both builders
//! another one to go through a tunnel, to map the addresses that brokers in containers advertise (the trait's page has
//! that example), or to put a whole cluster into one test. A [`MemoryNetwork`](transport::MemoryNetwork) has addresses of
//! its own, and lets the test end, fail and stall each connection:
//!
//! ```
//! use std::{io, time::Duration};
//! use remoting::{prelude::*, transport::MemoryNetwork};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let network = MemoryNetwork::new();
//! let server = RemotingServer::builder()
//!     .network(network.clone())
//!     .bind("10.0.0.1:10911")
//!     .default_processor(Executor::inline(), |_ctx, request: RemotingCommand| async move {
//!         Ok(RemotingCommand::response_to(&request, ResponseCode::SUCCESS))
//!     })
//!     .start()
//!     .await?;
//! let client = RemotingClient::builder().network(network.clone()).build()?;
//!
//! let call = || client.invoke("10.0.0.1:10911", RemotingCommand::request(RequestCode(1001)), Duration::from_secs(1));
//! assert!(call().await.is_ok());
//! network.links()[0].fail(io::ErrorKind::ConnectionReset);
//! assert!(call().await.is_ok(), "a call that was not sent goes to a fresh connection");
//! # client.shutdown().await;
//! # server.shutdown().await;
//! # Ok(())
//! # }
//! ```
//!
//! # Layers
//!
//! This crate adds nothing to what it re-exports: [`rpc`], [`transport`] and [`protocol`], each built on the one
//! after it. With the feature `testing` each offers the double that stands in for it:
//! `transport::EmbeddedChannel` for the socket, [`MemoryNetwork`](transport::MemoryNetwork) for the network, and `rpc::testing` for a
//! peer that follows a script.
//!
//! # Feature flags
//!
//! Features only add. `tls` is on by default, because a program that cannot use TLS should have decided so. The others
//! are off, because most programs do not need them, and each brings crates of its own.
//!
//! | feature | adds | crates |
//! |---|---|--:|
//! | `tls` (default) | TLS for servers and clients: the module `tls` | 17 |
//! | `tls-encrypted-keys` | private keys that are encrypted with a password | 30 |
//! | `tls-watch` | changed certificate files are reloaded at once, not within ten seconds | 7 |
//! | `tls-self-signed` | a server that makes its own certificate, for tests | 9 |
//! | `acl` | signed requests: the module `acl` | 11 |
//! | `socks` | clients dial through SOCKS5 proxies | 4 |
//! | `metrics` | the histogram `rocketmq_rpc_latency_milliseconds`, through the `metrics` facade | 2 |
//! | `prost` | bodies that are protobuf messages | 5 |
//! | `testing` | the doubles for tests | 0 |
//!
//! A configuration that needs a feature which is off is refused with an error that names the feature.
#![forbid(unsafe_code)]
#![cfg_attr(docsrs, feature(doc_cfg))] // docs.rs says which feature an item needs

pub use remoting_rpc as rpc;
#[cfg(feature = "acl")]
pub use remoting_rpc::acl;
pub use remoting_rpc::transport;
pub use remoting_rpc::transport::protocol;
#[cfg(feature = "tls")]
pub use remoting_rpc::transport::tls;

pub use remoting_rpc::transport::FileRegion;
pub use remoting_rpc::transport::protocol::{RemotingCommand, RequestCode, ResponseCode};
pub use remoting_rpc::{
    AbortProcess, BoxProcessor, ClientConfig, Executor, Extensions, HookContext, Invoke, NamespaceHook,
    ProcessorError, ProcessorSet, RemotingClient, RemotingServer, Reply, RequestContext, RequestPipeline,
    RequestProcessor, RequestStatistics, Responder, RpcChannel, RpcError, RpcHook, RunToEnd, ServerConfig,
    StreamTypeHook, Target, ZoneHook, processor_fn, processor_with,
};

/// What nearly every user of this crate names: `use remoting::prelude::*;`
pub mod prelude {
    pub use remoting_rpc::transport::protocol::{
        ErrorChain, ExtFields, LanguageCode, MqVersion, RemotingCommand, RequestCode, ResponseCode,
        SerializeType,
    };
    pub use remoting_rpc::transport::{
        Address, Channel, ChannelEvent, ChannelEventKind, ChannelHandler, ChannelPipeline, CloseReason,
        FileRegion, Flow, HandlerContext, PipelineError,
    };
    pub use remoting_rpc::{
        AbortProcess, ClientConfig, Executor, HookContext, ProcessorError, ProcessorSet, RemotingClient,
        RemotingServer, Reply, RequestContext, RequestProcessor, Responder, RpcChannel, RpcError, RpcHook,
        RunToEnd, ServerConfig, processor_fn, processor_with,
    };
}

/// The README's example, as a test.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
