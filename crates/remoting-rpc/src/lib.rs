//! Calls.
pub use remoting_transport as transport;

mod budget;
pub mod client;
mod config;
mod dispatch;
mod endpoint;
pub mod error;
mod executor;
mod hook;
mod permit;
mod processor;
mod request_pipeline;
mod response_table;
mod rpc_channel;
mod server;
#[cfg(any(test, feature = "testing"))]
pub mod testing;

pub use client::{ClientConfig, ClientStatistics, RemotingClient, RemotingClientBuilder};
pub use config::ConfigError;
pub use error::{CallKind, CallPhase, RpcError};
pub use executor::Executor;
pub use hook::RpcHook;
pub use processor::{AbortProcess, ProcessorError, Reply, RequestContext, RequestProcessor, Responder};
pub use request_pipeline::{Piped, RequestPipeline};
pub use rpc_channel::RpcChannel;
pub use server::{
    RemotingServer, RemotingServerBuilder, ServerConfig, ServerError, ShutdownReport, SubServer,
};
