//! Calls and processors as services of [tower](https://docs.rs/tower), and layers that know this protocol.
//!
//! | of this crate | of tower | how |
//! |---|---|---|
//! | calls to an address | [`Service`](tower::Service) of [`RemotingCommand`] | [`Target::into_service`](crate::Target::into_service) |
//! | calls over a channel | the same | [`RpcChannel::into_service`](crate::RpcChannel::into_service) |
//! | a processor | any service of [`ProcessorRequest`] or [`RemotingCommand`] | [`ServiceProcessor`] |
//! | what surrounds processors | any [`Layer`](tower::Layer) whose services process requests | [`RemotingServerBuilder::layer`](crate::RemotingServerBuilder::layer), [`ProcessorSet::layer`](crate::ProcessorSet::layer) |
//!
//! Of the layers that ship with tower, most serve unchanged: they do not look into requests. Those of this module
//! do:
//!
//! * [`RetryPolicy`], for tower's `RetryLayer` around calls, repeats what can be repeated without executing a
//!   request twice, within a budget.
//! * [`DeadlineLayer`] limits the time of calls or of processors, and its error is an [`RpcError`](crate::RpcError).
//! * [`PeerConcurrencyLimitLayer`] limits how many requests of each peer are processed at once.
//!
//! A layer works on whole calls and requests. [`RpcHook`](crate::RpcHook)s keep Java's order and can change both
//! commands at less cost, and a [`ChannelHandler`](crate::transport::ChannelHandler) sees frames.
//!
//! [`RemotingCommand`]: crate::transport::protocol::RemotingCommand

mod deadline;
mod peer_concurrency;
mod retry;

pub use self::deadline::{Deadline, DeadlineExceeded, DeadlineFuture, DeadlineLayer};
pub use self::peer_concurrency::{PeerConcurrencyFuture, PeerConcurrencyLimit, PeerConcurrencyLimitLayer};
pub use self::retry::RetryPolicy;
pub use crate::call::{CallFuture, ChannelService};
pub use crate::client::TargetService;
pub use crate::processor::{
    ProcessorFuture, ProcessorLayer, ProcessorRequest, ProcessorService, ServiceProcessor,
};
