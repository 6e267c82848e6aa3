//! Test doubles: a peer that follows a script. For benchmarks: the response table of a channel by itself.
//!
//! ```
//! use std::time::Duration;
//! use remoting_rpc::transport::protocol::{RemotingCommand, RequestCode, ResponseCode};
//! use remoting_rpc::testing::{ScriptedPeer, ok, request, response};
//! use remoting_rpc::{Executor, RemotingServer};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
//! let server = RemotingServer::builder()
//!     .bind("memory:testing-example")
//!     .processor(RequestCode(20_001), Executor::inline(), |_ctx, request: RemotingCommand| async move {
//!         Ok(RemotingCommand::response_to(&request, ResponseCode::SUCCESS))
//!     })
//!     .start()
//!     .await?;
//!
//! // The peer calls the server …
//! let mut peer = ScriptedPeer::connect(server.local_addr()).await?;
//! peer.send(RemotingCommand::request(RequestCode(20_001)).with_opaque(7)).await;
//! let answer = peer.expect(response(ResponseCode::SUCCESS)).await;
//! assert_eq!(answer.command().opaque(), 7);
//!
//! // … and the server calls the peer.
//! let channel = server.channels().remove(0);
//! let call = tokio::spawn(async move {
//!     channel.invoke(RemotingCommand::request(RequestCode(40)), Duration::from_secs(1)).await
//! });
//! peer.expect(request(RequestCode(40))).await.reply(ok()).await;
//! assert_eq!(call.await??.response_code(), ResponseCode::SUCCESS);
//! # Ok(())
//! # }
//! ```

mod call_table;
mod expectation;
mod scripted_peer;

pub use self::call_table::CallTable;
pub use self::expectation::{Expectation, any, ok, oneway, request, response};
pub use self::scripted_peer::{PeerListener, Received, ScriptedPeer};
