//! Calling peers: targets, time-outs, errors and retries.
//!
//! # One address, one handle
//!
//! [`RemotingClient::to`] returns a [`Target`]: a client, an address and a time-out, 3 s by default. A target
//! is cheap to clone and holds no connection. All calls to one address share one connection, whichever handle they come
//! from.
//!
//! ```
//! use std::time::Duration;
//! use remoting::prelude::*;
//!
//! # async fn route(client: &RemotingClient) -> Result<(), RpcError> {
//! let ns = client.to("127.0.0.1:9876").timeout(Duration::from_secs(1));
//! let request = RemotingCommand::request(RequestCode::GET_BROKER_CLUSTER_INFO);
//! let response = ns.invoke(request).into_success().await?;
//! println!("{} bytes", response.body().len());
//! # Ok(())
//! # }
//! ```
//!
//! The future of [`invoke`](crate::Target::invoke) borrows nothing: await it, join it with others, or spawn
//! it. Dropping it abandons the call and frees its resources. The peer is not notified.
//!
//! # A response is not yet a success
//!
//! `invoke` returns `Ok` for a response with any code, because many codes are results: `PULL_NOT_FOUND`
//! answers a pull. Call [`into_success`](crate::Invoke::into_success) where every code but `SUCCESS` is a
//! failure. It returns [`RpcError::Response`] with peer, code and remark.
//!
//! A [typed call](super::operations) does both steps: it names an operation, and returns the content of a
//! response that is a success.
//!
//! # One time budget
//!
//! The time-out covers the whole call: dialling, waiting for a permit, waiting until the channel is writable,
//! and waiting for the response. The [`CallPhase`](crate::CallPhase) in [`RpcError::Timeout`] names the part
//! that took too long:
//!
//! | phase | cause | cure |
//! |---|---|---|
//! | `Connect` | the peer is unreachable or does not finish TLS, or the client pauses before it dials again; also the choice of a name server | check address and network |
//! | `Permit` | too many calls in flight on this side | make fewer calls at once, or raise `async_permits` (`oneway_permits` for one-way calls) |
//! | `Send` | the peer does not read | look at the peer; it is overloaded |
//! | `Response` | the peer does not answer in time | the request may have been executed: see below |
//!
//! # Which failed calls may be repeated
//!
//! [`RpcError::may_have_been_sent`] decides. If it returns `false`, the peer has not executed the request,
//! and repeating it cannot execute it twice. If it returns `true`, repeat only idempotent requests. For a
//! response it returns `true` unless the code is `GO_AWAY`: what the peer executed before it responded depends
//! on the code.
//!
//! | predicate | meaning | what to do |
//! |---|---|---|
//! | [`is_connect`](crate::RpcError::is_connect) | no connection | try another address, or later |
//! | [`is_timeout`](crate::RpcError::is_timeout) | the budget ran out | see the phase |
//! | [`is_closed`](crate::RpcError::is_closed) | the channel or the client closed during the call | repeat if `may_have_been_sent` is false |
//! | [`is_invalid_address`](crate::RpcError::is_invalid_address) | the address cannot be parsed | fix the address; repeating is useless |
//! | [`response`](crate::RpcError::response) is `Some` | the peer refused | look at code and remark; `SYSTEM_BUSY` may be repeated later |
//!
//! ```
//! use std::time::Duration;
//! use remoting::prelude::*;
//!
//! /// Sends a request up to three times, but never executes it twice.
//! async fn at_most_once(
//!     target: &Target,
//!     request: &RemotingCommand,
//! ) -> Result<RemotingCommand, RpcError> {
//!     let mut pause = Duration::from_millis(50);
//!     for _ in 0..2 {
//!         match target.invoke(request.clone()).await {
//!             Err(error)
//!                 if !error.may_have_been_sent() && !error.is_invalid_address() =>
//!             {
//!                 tokio::time::sleep(pause).await;
//!                 pause *= 2;
//!             }
//!             done => return done,
//!         }
//!     }
//!     target.invoke(request.clone()).await
//! }
//! ```
//!
//! With the feature `tower`, [`RetryPolicy`](crate::tower::RetryPolicy) is such a loop, with a budget: see
//! [tower](super::tower).
//!
//! The client repeats a request itself, within the budget, in two cases: its connection closed before the
//! request was written, or the peer answered `GO_AWAY`.
//!
//! # Name servers
//!
//! [`RemotingClientBuilder::name_servers`](crate::RemotingClientBuilder::name_servers) takes Java's list
//! `"a:9876;b:9876"`. [`invoke_name_server`](crate::RemotingClient::invoke_name_server) calls one of them and
//! moves to another if it cannot be reached. By default it also calls the next one if the first does
//! not respond within its share of the time-out (hedging), so two name servers may execute the request.
//! [`hedge_name_servers(false)`](crate::ClientConfig::hedge_name_servers) turns this off. The example
//! `name_servers` shows a failover.
//!
//! # Calling a client from a server
//!
//! A connection carries calls in both directions. A server calls its client with
//! [`RpcChannel::invoke`](crate::RpcChannel::invoke); channels come from
//! [`RequestContext::channel`](crate::RequestContext::channel) and
//! [`RemotingServer::channels`](crate::RemotingServer::channels). The example `server_push` shows both sides.
//!
//! [`Target`]: crate::Target
//! [`RemotingClient`]: crate::RemotingClient
//! [`RemotingClient::to`]: crate::RemotingClient::to
//! [`RpcError::Response`]: crate::RpcError::Response
//! [`RpcError::Timeout`]: crate::RpcError::Timeout
//! [`RpcError::may_have_been_sent`]: crate::RpcError::may_have_been_sent
