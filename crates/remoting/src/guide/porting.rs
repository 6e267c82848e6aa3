//! Porting Java code, side by side.
//!
//! The dictionary of all names is `docs/java-parity.md` in the repository. This page translates the usual
//! shapes.
//!
//! # A processor
//!
//! ```java
//! public class PingProcessor implements NettyRequestProcessor {
//!     public RemotingCommand processRequest(
//!             ChannelHandlerContext ctx, RemotingCommand request) {
//!         PingHeader header = (PingHeader)
//!             request.decodeCommandCustomHeader(PingHeader.class);
//!         RemotingCommand response =
//!             RemotingCommand.createResponseCommand(PongHeader.class);
//!         ((PongHeader) response.readCustomHeader()).setText(header.getText());
//!         response.setCode(ResponseCode.SUCCESS);
//!         return response;
//!     }
//!     public boolean rejectRequest() { return false; }
//! }
//! server.registerProcessor(20001, new PingProcessor(), executor);
//! ```
//!
//! ```
//! use remoting::prelude::*;
//! use serde::{Deserialize, Serialize};
//!
//! #[derive(Deserialize)]
//! struct PingHeader {
//!     text: String,
//! }
//!
//! #[derive(Serialize)]
//! struct PongHeader {
//!     text: String,
//! }
//!
//! struct PingProcessor;
//!
//! impl RequestProcessor for PingProcessor {
//!     async fn process(
//!         &self,
//!         _ctx: RequestContext,
//!         request: RemotingCommand,
//!     ) -> Result<Reply, ProcessorError> {
//!         let PingHeader { text } = request.header()?;
//!         let response =
//!             RemotingCommand::response_to(&request, ResponseCode::SUCCESS);
//!         Ok(response.with_header(&PongHeader { text })?.into())
//!     }
//! }
//!
//! let builder = RemotingServer::builder().processor(
//!     RequestCode(20_001),
//!     Executor::runtime(64),
//!     PingProcessor,
//! );
//! # drop(builder);
//! ```
//!
//! Differences: a missing or malformed header field is an error that names it, where Java continues with a
//! default; the opaque and the response flag are set for you; an error or panic answers `SYSTEM_ERROR`, as in
//! Java.
//!
//! # A client
//!
//! ```java
//! NettyRemotingClient client = new NettyRemotingClient(new NettyClientConfig());
//! client.updateNameServerAddressList(List.of("ns1:9876", "ns2:9876"));
//! client.start();
//! RemotingCommand response = client.invokeSync(addr, request, 3000);
//! client.invokeAsync(addr, request, 3000, callback);
//! client.invokeOneway(addr, request, 3000);
//! client.shutdown();
//! ```
//!
//! ```no_run
//! use std::time::Duration;
//! use remoting::prelude::*;
//!
//! # type AnyError = Box<dyn std::error::Error>;
//! # async fn port(addr: &str, request: RemotingCommand) -> Result<(), AnyError> {
//! let name_servers = "ns1:9876;ns2:9876";
//! let client = RemotingClient::builder().name_servers(name_servers).build()?;
//! let target = client.to(addr).timeout(Duration::from_secs(3));
//! let response = target.invoke(request.clone()).await?;
//! let later = tokio::spawn(target.invoke(request.clone()));
//! target.invoke_oneway(request).await?;
//! client.shutdown().await;
//! # drop((response, later));
//! # Ok(())
//! # }
//! ```
//!
//! # A hook
//!
//! | Java | here |
//! |---|---|
//! | `RPCHook.doBeforeRequest(remoteAddr, request)` | [`RpcHook::before_request`](crate::RpcHook::before_request) |
//! | `RPCHook.doAfterResponse(remoteAddr, request, response)` | [`RpcHook::after_response`](crate::RpcHook::after_response) |
//! | `AclClientRPCHook` | [`acl::AclClientHook`](crate::acl::AclClientHook) |
//! | throwing `AbortProcessException` | returning [`Refusal`](crate::Refusal) as the error |
//!
//! # Thread pools
//!
//! A Java processor is registered with an `ExecutorService`. Use
//! [`Executor::runtime`](crate::Executor::runtime) with the size of pool and queue together, or
//! [`Executor::blocking`](crate::Executor::blocking) for code that blocks. A rejected execution answers
//! `SYSTEM_BUSY`, as in Java.
//!
//! # Netty handlers
//!
//! A `ChannelDuplexHandler` becomes a [`ChannelHandler`](crate::transport::ChannelHandler). Handlers are
//! synchronous, and the list is fixed when the channel opens. What Java does by editing the pipeline
//! (TLS, PROXY protocol, protocol detection) is a [`PrologueStep`](crate::transport::PrologueStep) before the
//! first frame.
