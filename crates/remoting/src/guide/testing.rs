//! Testing your code: no sockets, no sleeps.
//!
//! Enable the feature `testing` in `[dev-dependencies]`:
//!
//! ```toml
//! [dev-dependencies]
//! remoting = { version = "0.1", features = ["testing"] }
//! tokio = { version = "1", features = ["macros", "rt", "test-util"] }
//! ```
//!
//! | to test | use | instead of |
//! |---|---|---|
//! | a processor | a server on a [`MemoryNetwork`] | a socket |
//! | a client against a peer that misbehaves | [`ScriptedPeer`] | a broker |
//! | a channel handler | [`EmbeddedChannel`] | a connection |
//! | a connection that breaks or stalls | [`MemoryLink`] | pulling the cable |
//! | time-outs | `#[tokio::test(start_paused = true)]` | `sleep` |
//!
//! All time in this crate is tokio's, so a paused clock moves time-outs, idle detection and back-off at once.
//!
//! # A peer that follows a script
//!
//! ```
//! use std::time::Duration;
//! use remoting::prelude::*;
//! use remoting::testing::{MemoryNetwork, ScriptedPeer, ok, request};
//!
//! # type AnyError = Box<dyn std::error::Error + Send + Sync>;
//! # #[tokio::main(flavor = "current_thread", start_paused = true)]
//! # async fn main() -> Result<(), AnyError> {
//! let network = MemoryNetwork::new();
//! let addr = "10.0.0.1:10911";
//! let mut broker = ScriptedPeer::listen_on(network.clone(), addr).await?;
//! let client = RemotingClient::builder().network(network).build()?;
//! let target = client.to(addr).timeout(Duration::from_secs(1));
//! let heartbeat = || RemotingCommand::request(RequestCode::HEART_BEAT);
//!
//! // The broker answers the first heartbeat and ignores the second.
//! let first = tokio::spawn(target.invoke(heartbeat()));
//! let mut peer = broker.accept().await;
//! peer.expect(request(RequestCode::HEART_BEAT)).await.reply(ok()).await;
//! assert_eq!(first.await??.response_code(), ResponseCode::SUCCESS);
//!
//! let second = tokio::spawn(target.invoke(heartbeat()));
//! peer.expect(request(RequestCode::HEART_BEAT)).await;
//! assert!(second.await?.is_err_and(|error| error.is_timeout()));
//! # Ok(())
//! # }
//! ```
//!
//! # A network in memory
//!
//! Servers and clients on a [`MemoryNetwork`] can use the addresses of production. Each network is separate,
//! so tests do not interfere with each other. A [`MemoryLink`] closes, fails or stalls one connection.
//!
//! ```
//! use std::io;
//! use std::time::Duration;
//! use remoting::prelude::*;
//! use remoting::testing::MemoryNetwork;
//!
//! # #[tokio::main(flavor = "current_thread", start_paused = true)]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let network = MemoryNetwork::new();
//! let server = RemotingServer::builder()
//!     .network(network.clone())
//!     .bind("10.0.0.1:10911")
//!     .default_processor(
//!         Executor::inline(),
//!         processor_fn(|_ctx, request| async move {
//!             Ok(RemotingCommand::response_to(&request, ResponseCode::SUCCESS))
//!         }),
//!     )
//!     .start()
//!     .await?;
//! let client = RemotingClient::builder().network(network.clone()).build()?;
//!
//! let target = client.to("10.0.0.1:10911").timeout(Duration::from_secs(1));
//! let ping = || RemotingCommand::request(RequestCode(20_001));
//! target.invoke(ping()).await?;
//!
//! // The next call finds a dead connection, and goes to a new one.
//! network.links()[0].fail(io::ErrorKind::ConnectionReset);
//! target.invoke(ping()).await?;
//! # client.shutdown().await;
//! # server.shutdown().await;
//! # Ok(())
//! # }
//! ```
//!
//! On tokio's current-thread runtime with a paused clock a run is deterministic, so a failing schedule can be
//! repeated. Name servers are chosen at random unless
//! [`name_server_seed`](crate::ClientConfig::name_server_seed) is set.
//!
//! # A handler without a connection
//!
//! An [`EmbeddedChannel`] is a pipeline without a socket or a task. The test moves its bytes and its time.
//!
//! ```
//! use std::time::Duration;
//! use remoting::prelude::*;
//! use remoting::testing::EmbeddedChannel;
//! use remoting::transport::{CloseInitiator, IdleStateHandler};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let mut channel =
//!     EmbeddedChannel::new(|_: &Channel, pipeline: &mut ChannelPipeline| {
//!         pipeline.add_last("idle", IdleStateHandler::default())?;
//!         Ok(())
//!     })?;
//! channel.write_inbound(RemotingCommand::request(RequestCode(20_001)));
//! let received = channel.read_inbound().ok_or("the handler dropped it")?;
//! assert_eq!(received.request_code(), RequestCode(20_001));
//!
//! // Idle connections are closed after 120 s.
//! channel.advance(Duration::from_secs(121));
//! let reason = channel.close_reason().ok_or("still open")?;
//! assert_eq!(reason.by(), CloseInitiator::Idle);
//! # Ok(())
//! # }
//! ```
//!
//! The example `unit_test` is a small program with its tests.
//!
//! [`EmbeddedChannel`]: crate::testing::EmbeddedChannel
//! [`MemoryLink`]: crate::testing::MemoryLink
//! [`MemoryNetwork`]: crate::testing::MemoryNetwork
//! [`ScriptedPeer`]: crate::testing::ScriptedPeer
