//! Hooks, the request pipeline, handlers and prologue steps: where they run, and how to authenticate.
//!
//! | extension | sees | sides | use it to |
//! |---|---|---|---|
//! | [`PrologueStep`] | the first bytes of a connection | both | encrypt, read a PROXY header, accept another protocol on the same port |
//! | [`ChannelHandler`] | each frame and event of a connection, in order | both | count, limit, drop, answer before any processor |
//! | [`RpcHook`] | each request and its response | both | add or check ext fields, measure |
//! | [`RequestPipeline`] | each request, after the hooks | server | authenticate and authorize |
//! | [a layer of tower](super::tower) | calls, or admitted requests inside the pipeline | both | repeat, delay, limit, use existing middleware |
//!
//! A request passes them in this order: prologue steps once per connection, handlers, hooks
//! ([`before_request`](crate::RpcHook::before_request)), pipeline, processor, hooks
//! ([`after_response`](crate::RpcHook::after_response)). Handlers run on the channel's task; hooks and
//! pipeline run in the executor of the processor. All are synchronous and must not block.
//!
//! # Authenticate in the pipeline
//!
//! The pipeline identifies the caller and inserts the result into the request's [`Extensions`]. The processor
//! reads it there, so it cannot confuse the verified name with an ext field that the peer has set.
//!
//! ```
//! use remoting::prelude::*;
//!
//! /// The caller, as verified by the pipeline.
//! #[derive(Debug, Clone)]
//! struct User(String);
//!
//! fn authenticate(
//!     ctx: &mut RequestContext,
//!     request: &mut RemotingCommand,
//! ) -> Result<(), ProcessorError> {
//!     if request.ext_field("token") != Some("sesame") {
//!         let code = ResponseCode::NO_PERMISSION;
//!         return Err(Refusal::new(code, "wrong token").into());
//!     }
//!     ctx.extensions_mut().insert(User("ali".to_owned()));
//!     Ok(())
//! }
//!
//! async fn greet(
//!     ctx: RequestContext,
//!     request: RemotingCommand,
//! ) -> Result<RemotingCommand, ProcessorError> {
//!     let User(name) = ctx.extensions().get().ok_or("not authenticated")?;
//!     let response =
//!         RemotingCommand::response_to(&request, ResponseCode::SUCCESS);
//!     Ok(response.with_body(format!("hello {name}")))
//! }
//!
//! let builder = RemotingServer::builder()
//!     .request_pipeline(authenticate)
//!     .processor(RequestCode(20_001), Executor::runtime(64), greet);
//! # drop(builder);
//! ```
//!
//! `a.pipe(b)` is a pipeline that runs `b` first, as in Java. With the feature `acl`,
//! [`AclVerifier`](crate::acl::AclVerifier) is a pipeline that verifies the signatures of RocketMQ's ACL, and
//! [`AclClientHook`](crate::acl::AclClientHook) a hook that signs.
//!
//! Prologue steps store facts about the whole connection, such as the address in a PROXY header, as attributes
//! of its channel. Read them with [`RpcChannel::attributes`](crate::RpcChannel::attributes), and a client's
//! certificate with [`RequestContext::tls_session`].
//!
//! # Hooks that ship
//!
//! [`NamespaceHook`](crate::NamespaceHook), [`StreamTypeHook`](crate::StreamTypeHook) and
//! [`ZoneHook`](crate::ZoneHook) are Java's. A hook of a client runs around its calls; a hook of a server
//! runs around the requests that it processes. [`HookContext`](crate::HookContext) has the peer's address and
//! the extensions.
//!
//! # Handlers
//!
//! A [`ChannelHandler`] is Netty's `ChannelDuplexHandler`: inbound frames pass the handlers in the order in
//! which they were added, outbound frames in the opposite order. [`Flow`](crate::Flow) decides whether a
//! frame goes on. The list is fixed when the connection opens.
//!
//! ```
//! use remoting::prelude::*;
//!
//! /// Drops one-way requests of one code.
//! struct DropOneway(RequestCode);
//!
//! impl ChannelHandler for DropOneway {
//!     fn channel_read(
//!         &mut self,
//!         _ctx: &mut HandlerContext<'_>,
//!         command: &mut RemotingCommand,
//!     ) -> Flow {
//!         let drops = command.is_oneway() && command.request_code() == self.0;
//!         if drops { Flow::Drop } else { Flow::Continue }
//!     }
//! }
//!
//! let builder = RemotingServer::builder().handlers(
//!     |_: &Channel, pipeline: &mut ChannelPipeline| {
//!         pipeline.add_last("dropOneway", DropOneway(RequestCode(20_002)))?;
//!         Ok(())
//!     },
//! );
//! # drop(builder);
//! ```
//!
//! The example `custom_handler` limits the rate of each connection.
//!
//! # Prologue steps
//!
//! A step runs before the first frame, once per connection, with a time limit. It may wrap the stream, set
//! the peer's address, refuse the connection or claim it for another protocol. Steps that ship:
//! [`ProxyProtocol`](crate::ProxyProtocol) (`builder.proxy_protocol(…)`),
//! [`SendProxyHeader`](crate::SendProxyHeader) (`builder.proxy_header(…)`), TLS (`builder.tls(…)`) and
//! [`ProtocolNegotiation`](crate::transport::ProtocolNegotiation), which routes connections by their first
//! bytes. When a shutdown begins, a claimed connection receives its
//! [closing signal](crate::transport::ClosingSignal). The shutdown waits for it and, at its deadline, closes
//! it. The examples `proxy_protocol` and `protocol_negotiation` show them.
//!
//! [`ChannelHandler`]: crate::ChannelHandler
//! [`Extensions`]: crate::Extensions
//! [`PrologueStep`]: crate::PrologueStep
//! [`RequestContext::tls_session`]: crate::RequestContext::tls_session
//! [`RequestPipeline`]: crate::RequestPipeline
//! [`RpcHook`]: crate::RpcHook
