//! The facade.
pub use remoting_rpc as rpc;
