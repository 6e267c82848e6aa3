//! Services over gRPC, by tonic, and on the port of a remoting server.
//!
//! [`unary`] and [`oneway`] are what generated code calls to answer tonic's requests. [`Grpc`] serves gRPC on the port of a
//! [`RemotingServer`](remoting_rpc::RemotingServer):
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use remoting_rpc::RemotingServer;
//! use remoting_service::grpc::Grpc;
//! use tonic::service::Routes;
//!
//! // `Routes::new(greeter.grpc()).add_service(health)`, with the services of a program.
//! let services = Routes::default();
//! let server = RemotingServer::builder().bind("127.0.0.1:0").prologue_step(Grpc::new(services)).start().await?;
//! server.shutdown().await;
//! # Ok(())
//! # }
//! ```

mod adapter;
mod connection;
mod frame_timeout;
mod message_deadline;
mod panic;
mod port;
mod request_body;
mod response_body;
mod stream_tasks;

use std::time::Duration;

pub use self::adapter::{oneway, unary};
pub use self::message_deadline::MessageDeadline;
pub use self::port::Grpc;
pub use crate::call::ConnectionInfo;
pub use crate::caller::MAX_MESSAGE_SIZE;

/// How long a request may be incomplete, a message make no progress, and a response not be taken. Over remoting the times of
/// frames and responses are as long.
const MESSAGE_TIMEOUT: Duration = Duration::from_secs(60);
