//! Services of a `.proto` file over Apache RocketMQ's remoting and gRPC: the run time of code that `remoting-build` generates.
//!
//! A service is a trait whose methods take a message and return one. The implementation is the same for both protocols: it takes
//! the [`Call`] and returns a [`Status`] if it fails. Generated code registers it with a remoting server and with tonic. One
//! client type calls it over both.
//!
//! ```text
//!              remoting: ServiceProcessors ─┐                     ┌─ Caller: Target, RpcChannel
//!  the service ◄── Call, message            ├── one port ◄════════┤
//!              gRPC: grpc::unary, Grpc ─────┘                     └─ Caller: tonic's Channel
//! ```
//!
//! | | over remoting | over gRPC |
//! |---|---|---|
//! | [`Method`] | its request code | its path |
//! | message | the body | a gRPC message |
//! | [`Metadata`] | ext fields | headers |
//! | [`Status`] | response code, remark, ext fields `grpc-status` and `grpc-status-details-bin` | trailers |
//! | deadline, bounded by a [`DeadlinePolicy`] | ext field `grpc-timeout` | header `grpc-timeout` |
//!
//! The page [services] of the repository leads from a `.proto` file to both protocols, and lists where they differ.
//!
//! # Features
//!
//! All features are additive and off by default.
//!
//! * `tls`: the TLS session of a connection, as methods see it.
//! * `tonic`: gRPC, by the crate `tonic`: the module `grpc`, and callers over gRPC channels.
//! * `tower`: callers through layers of tower, such as retries.
//!
//! [services]: https://github.com/rocketmq-rs/remoting/blob/main/docs/services.md
#![forbid(unsafe_code)]
#![cfg_attr(docsrs, feature(doc_cfg))] // docs.rs says which feature an item needs
// Items link to those of the feature.
#![cfg_attr(not(feature = "tonic"), allow(rustdoc::broken_intra_doc_links))]

mod call;
mod caller;
mod code;
mod deadline;
#[cfg(feature = "tonic")]
pub mod grpc;
mod metadata;
mod method;
mod server;
mod status;

pub use remoting_rpc::{Executor, ProcessorSet};

pub use call::{Call, Protocol};
pub use caller::{Caller, ServiceCall, ServiceResponse};
pub use code::Code;
pub use deadline::DeadlinePolicy;
pub use metadata::{Metadata, MetadataError, MetadataValue};
pub use method::Method;
pub use server::{MethodHandler, ServiceProcessors};
pub use status::Status;
