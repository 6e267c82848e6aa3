//! Services and layers of tower: retries, deadlines and limits around calls and processors.
//!
//! With the feature `tower`, calls and processors are services of [tower](https://docs.rs/tower), so its layers and
//! those of other crates work around them. The module [`tower`](crate::tower) adds layers that know this protocol.
//!
//! # Around calls
//!
//! [`Target::into_service`](crate::Target::into_service) returns a `Service<RemotingCommand>`. It is ready while a
//! permit for a call is free and the channel is writable. `poll_ready` reserves the permit that the next call uses:
//! see [`TargetService`](crate::tower::TargetService).
//!
//! ```
//! use std::time::Duration;
//! use remoting::prelude::*;
//! use remoting::tower::{DeadlineLayer, RetryPolicy};
//! use tower::retry::RetryLayer;
//! use tower::{ServiceBuilder, ServiceExt};
//!
//! # async fn route(client: &RemotingClient, request: RemotingCommand) -> Result<(), RpcError> {
//! let retry = RetryPolicy::new().idempotent(|request| {
//!     request.request_code() == RequestCode::GET_ROUTEINFO_BY_TOPIC
//! });
//! let name_server = client.to("127.0.0.1:9876").timeout(Duration::from_secs(1));
//! let name_server = ServiceBuilder::new()
//!     .layer(DeadlineLayer::new(Duration::from_secs(5))) // of all attempts
//!     .layer(RetryLayer::new(retry))
//!     .concurrency_limit(100) // of this target; the client has a limit too
//!     .service(name_server.into_service());
//!
//! let response = name_server.clone().oneshot(request).await?;
//! # drop(response);
//! # Ok(())
//! # }
//! ```
//!
//! [`RetryPolicy`](crate::tower::RetryPolicy) repeats a request that cannot have been executed, and one that the peer
//! refused with `SYSTEM_BUSY`. It repeats a request that may have been executed only if you declare it idempotent. A
//! budget bounds all repetitions together, so a peer in trouble is not flooded. Share one policy, by cloning it,
//! between all calls that need one budget.
//!
//! A server calls its clients in the same way: see [`RpcChannel::into_service`](crate::RpcChannel::into_service).
//!
//! # Around processors
//!
//! A layer surrounds all processors of a server ([`layer`](crate::RemotingServerBuilder::layer) of its builder) or
//! those of a set ([`ProcessorSet::layer`](crate::ProcessorSet::layer)). Its services take a
//! [`ProcessorRequest`](crate::tower::ProcessorRequest), which is the request with its
//! [`RequestContext`](crate::RequestContext).
//!
//! ```
//! use std::time::Duration;
//! use remoting::prelude::*;
//! use remoting::tower::{DeadlineLayer, PeerConcurrencyLimitLayer, ProcessorRequest};
//! use tower::util::MapRequestLayer;
//!
//! async fn echo(
//!     _ctx: RequestContext,
//!     request: RemotingCommand,
//! ) -> Result<RemotingCommand, ProcessorError> {
//!     let response =
//!         RemotingCommand::response_to(&request, ResponseCode::SUCCESS);
//!     Ok(response.with_body(request.into_body()))
//! }
//!
//! let log = |request: ProcessorRequest| {
//!     println!("{} asks {}", request.ctx.peer_addr(), request.command.request_code());
//!     request
//! };
//! let builder = RemotingServer::builder()
//!     .layer(MapRequestLayer::new(log))
//!     .layer(PeerConcurrencyLimitLayer::new(100))
//!     .layer(DeadlineLayer::new(Duration::from_secs(10)))
//!     .processor(RequestCode(20_001), Executor::runtime(1_000), echo);
//! # drop(builder);
//! ```
//!
//! The first layer is the outermost. [`ProcessorLayer`](crate::tower::ProcessorLayer) says what a layer sees, and what
//! it costs. A layer keeps a request only for as long as the executor of its processor allows: a request that waits
//! until its service is ready counts against the limit of the executor.
//!
//! # Services as processors
//!
//! [`ServiceProcessor`](crate::tower::ServiceProcessor) makes a processor of any service. With the service of a target
//! it forwards requests to another server. The example `tower` is such a proxy.
//!
//! # Layer, hook or handler?
//!
//! | you want to | use |
//! |---|---|
//! | repeat, delay, limit or replace whole calls or requests | a layer |
//! | use existing middleware | a layer |
//! | read or change ext fields of every request and response, in Java's order | an [`RpcHook`](crate::RpcHook) |
//! | identify the caller | the [request pipeline](super::extending) |
//! | see every frame, also those without a processor | a [`ChannelHandler`](crate::ChannelHandler) |
//!
//! A layer costs an allocation for each request. The others cost none, and without the feature nothing changes.
